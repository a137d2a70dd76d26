//! Putting a server together: of its settings, and of what a test puts in the place of mail and time.
use std::{
    net::{SocketAddr, TcpListener},
    sync::Arc,
    time::Duration,
};

use actix::prelude::*;
use actix_server::Server;
use actix_web::web::ServiceConfig;

use super::{
    App, Failure,
    accounts::open,
    admin::admin,
    announce::announce,
    indexing::Indexer,
    logging, naming,
    nodes::{Neighbours, Node},
    open_files,
    parts::Parts,
    retention, sweeper,
    task::Task,
    threads::threads,
    tls::Certificate,
    tuning::{admin_options, options, origins, policy, registry_tuning, writer_tuning},
};
use crate::{
    auth::{AccountDeleted, Auth, LoginEnded},
    chat::ArrivalKeeper,
    client::{self, Chatroom},
    domain::Timestamp,
    http,
    limits::{Rates, Watch},
    mail::Mailer,
    media::ByteStore,
    presence::Presence,
    registry::Registry,
    settings::Settings,
    socket::{self, Endpoint, Options, Origins, SocketServer},
    store::Store,
    writer::{self, Writer},
};

/// Where Socket.IO clients connect.
const SOCKET_PATH: &str = "/socket.io/";

type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// A server that is to be put together. What nobody replaces is as the settings say.
///
/// ```no_run
/// use greenroom::{app::App, mail::Mailer, settings::Settings};
///
/// # async fn test() -> Result<(), greenroom::app::Failure> {
/// let mailer = Mailer::keeping();
/// let app = App::builder(Settings::defaults()).mailer(mailer.clone()).build().await?;
/// app.run_until(async { /* what the test does */ }).await?;
/// assert!(mailer.kept().is_empty());
/// # Ok(())
/// # }
/// ```
pub struct Builder {
    settings: Settings,
    replaced: Replaced,
    is_mail_carried: bool,
}

/// What takes the place of what the settings say.
#[derive(Default)]
struct Replaced {
    mailer: Option<Mailer>,
    clock: Option<Clock>,
    ended: Option<LoginEnded>,
}

impl Builder {
    pub(super) fn new(settings: Settings) -> Self {
        Self { settings, replaced: Replaced::default(), is_mail_carried: true }
    }

    /// Mail goes another way than the settings say.
    pub fn mailer(mut self, mailer: Mailer) -> Self {
        self.replaced.mailer = Some(mailer);
        self
    }

    /// Mail that waits for a mail server goes on waiting, until somebody calls [`Auth::send_due_mail`].
    pub fn without_mail_carrier(self) -> Self {
        Self { is_mail_carried: false, ..self }
    }

    /// Accounts, tokens and limits take the time from `clock`.
    pub fn clock(mut self, clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        self.replaced.clock = Some(Arc::new(clock));
        self
    }

    /// Tells `ended` of every login that ends, after its sockets were told.
    pub fn telling(mut self, ended: LoginEnded) -> Self {
        self.replaced.ended = Some(ended);
        self
    }

    /// Opens the database, starts the actors, binds the listeners.
    ///
    /// # Errors
    /// If the settings cannot be put into force here: a listener that is taken, a database that does not answer or serves another
    /// server, a certificate or a secret that cannot be read, too few open files.
    pub async fn build(self) -> Result<App, Failure> {
        let Self { mut settings, replaced, is_mail_carried } = self;
        let certificate = Certificate::of(&settings.server)?;
        let (listener, address) = bind(settings.server.listen)?;
        let (admin_listener, admin_address) = bind(settings.server.admin_listen)?;
        let origins = origins(&settings);
        settings.server.bound_to(address);

        let database_lock = Store::lock_for_server(&settings.database)?;
        let (parts, mailer) = start_rooms(&settings, address, replaced).await?;
        let max_connections = open_files::connections(&settings)?;
        let tls = certificate.as_ref().map(Certificate::config).transpose()?;
        let options = Options { tls, ..options(&settings, origins.clone(), parts.rates.clone(), max_connections) };
        let (server, socket_server) = serve(&settings, listener, &parts, origins, options)?;
        let routes = http::admin_routes(admin(&parts, &socket_server, &settings));
        let (admin, _) = socket::serve(admin_listener, 1, admin_options(&settings), vec![], routes)?;
        announce(&settings, address, admin_address, &mailer);
        let tasks = start_tasks(&settings, &parts, is_mail_carried);
        Ok(App {
            settings,
            address,
            admin_address,
            server,
            admin,
            socket_server,
            parts,
            max_connections,
            certificate,
            tasks,
            in_force: None,
            signals: None,
            database_lock,
        })
    }
}

fn bind(address: SocketAddr) -> Result<(TcpListener, SocketAddr), Failure> {
    let listener = TcpListener::bind(address).map_err(|error| format!("cannot listen on {address}: {error}"))?;
    let bound = listener.local_addr()?;
    Ok((listener, bound))
}

fn rates(settings: &Settings, clock: Option<Clock>) -> Arc<Rates> {
    Arc::new(match clock {
        Some(clock) => {
            let since_1970 = move || Duration::from_millis(clock().0.try_into().unwrap_or_default());
            Rates::by(&settings.limits, Watch::new(since_1970))
        }
        None => Rates::new(&settings.limits),
    })
}

/// All rooms but those that listen, and the way that mail goes.
async fn start_rooms(settings: &Settings, address: SocketAddr, replaced: Replaced) -> Result<(Parts, Mailer), Failure> {
    let Replaced { mailer, clock, ended } = replaced;
    let (auth, store, mailer) = open(settings, mailer).await?;
    store.cap_unread(settings.history.unread_cap);
    store.open_history(settings.groups.history_for_new_members);
    let rates = rates(settings, clock.clone());
    let auth = match clock {
        Some(clock) => auth.with_clock(move || clock()),
        None => auth,
    };
    let bytes = ByteStore::open(&settings.files).map_err(|fault| format!("files cannot be kept: {fault}"))?;
    let mut parts = start_actors(settings, auth, store, ended, rates, bytes);
    let Parts { registry, presence, writer, .. } = &parts;
    let neighbours = Neighbours { registry, presence, writer };
    let node = Node::join(settings, address, &parts.auth, &parts.store, neighbours).await?;
    node.iter().for_each(|node| node.serve(&parts.chatroom));
    (0..settings.actors.arbiters).for_each(|_| parts.registry.open_shard(&Arbiter::new().handle()));
    parts.node = node;
    Ok((parts, mailer))
}

/// The writer and the registry, and whoever speaks to them.
fn start_actors(
    settings: &Settings,
    auth: Auth,
    store: Store,
    ended: Option<LoginEnded>,
    rates: Arc<Rates>,
    bytes: ByteStore,
) -> Parts {
    let presence = Presence::default();
    let auth = auth.on_login_ended(tell_ended(&presence, ended));
    let writes = Arc::new(writer::Stats::default());
    let writer = Writer::start(&Arbiter::new().handle(), store.clone(), writer_tuning(settings), writes.clone());
    let arbiters = settings.actors.arbiters;
    let shards = if arbiters == 0 { threads(settings.server.workers) } else { arbiters };
    let registry = Registry::new(shards, &store, &presence, &writer, registry_tuning(settings));
    let auth = auth.on_account_deleted(tell_departed(&store, &presence, &registry));
    let chatroom =
        Chatroom::new(auth.clone(), store.clone(), presence.clone(), registry.clone(), policy(settings), rates.clone());
    let arrivals = ArrivalKeeper::start(&Arbiter::current(), presence.clone(), writer.clone().recipient());
    let about = http::About::new(settings);
    let files = http::Files::new(settings, bytes.clone());
    let indexer = Indexer::new(store.clone(), settings.search.enabled);
    Parts {
        auth,
        store,
        presence,
        writer,
        writes,
        arrivals,
        registry,
        chatroom,
        rates,
        about,
        bytes,
        files,
        indexer,
        node: None,
    }
}

/// The sockets of a login that ended hear of it, and then whoever else wants to.
fn tell_ended(presence: &Presence, ended: Option<LoginEnded>) -> LoginEnded {
    let online = presence.clone();
    Arc::new(move |user, session, reason| {
        online.end(user, session, reason);
        if let Some(ended) = &ended {
            ended(user, session, reason);
        }
    })
}

/// Those who remain hear of somebody whose account ended.
fn tell_departed(store: &Store, presence: &Presence, registry: &Registry) -> AccountDeleted {
    let store = store.clone();
    let presence = presence.clone();
    let registry = registry.clone();
    Arc::new(move |departed| {
        let store = store.clone();
        let presence = presence.clone();
        let registry = registry.clone();
        Box::pin(async move { client::tell_account_ended(departed, &store, &presence, &registry).await })
    })
}

/// The public listener: sockets, and the routes of accounts.
fn serve(
    settings: &Settings,
    listener: TcpListener,
    parts: &Parts,
    origins: Origins,
    options: Options,
) -> Result<(Server, SocketServer), Failure> {
    let Parts { auth, store, registry, chatroom, rates, about, files, .. } = parts.clone();
    let state = http::State::new(settings, auth, store, origins, rates, about, files);
    let options = Options { fallback: Some(http::elsewhere(state.clone())), ..options };
    let endpoints = vec![Endpoint::socket_io(SOCKET_PATH, Arc::new(chatroom))];
    let routes = http::routes(state);
    let has_own_arbiters = settings.actors.arbiters > 0;
    // Each worker is configured on its own thread: there its shard lives, beside the sockets that it serves.
    let configure = move |config: &mut ServiceConfig| {
        if !has_own_arbiters {
            registry.open_shard(&Arbiter::current());
        }
        routes(config);
    };
    Ok(socket::serve(listener, threads(settings.server.workers), options, endpoints, configure)?)
}

fn start_tasks(settings: &Settings, parts: &Parts, is_mail_carried: bool) -> Vec<Task> {
    let retain = retention::retain(parts.store.clone(), settings.retention.clone());
    let mut tasks = vec![("the end of what is kept", actix_rt::spawn(retain))];
    let sweep = sweeper::sweep(parts.store.clone(), parts.bytes.clone(), parts.files.clone());
    tasks.push(("the end of files", actix_rt::spawn(sweep)));
    if is_mail_carried {
        tasks.push(("the carrier of mail", actix_rt::spawn(parts.auth.clone().send_mail())));
    }
    tasks.push(("what people are found by", actix_rt::spawn(naming::fill_names(parts.store.clone()))));
    tasks.push(("the index of messages", actix_rt::spawn(parts.indexer.clone().run())));
    tasks.extend(parts.node.iter().flat_map(|node| node.tasks(&parts.store, &parts.registry)));
    tasks.push(("what is told of presence", actix_rt::spawn(parts.chatroom.clone().keep_informed())));
    actix_rt::spawn(logging::sum_up());
    tasks
}
