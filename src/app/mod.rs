//! The composition root: puts the rooms together, starts and stops them. Defines nothing that others name.
mod backup;
mod check;
mod files;
mod health;
mod library_lines;
mod log_queue;
mod logging;
mod lost;
mod output;
mod reload;
mod retention;
mod seed;
mod start;
mod stop;
mod tls;
mod tuning;
mod watched;

use std::{
    io,
    net::{SocketAddr, TcpListener},
    sync::Arc,
    thread::available_parallelism,
};

use actix::prelude::*;
use actix_rt::task::{JoinError, JoinHandle};
use actix_server::Server;
use actix_web::web::ServiceConfig;

use reload::Dials;
use start::Caught;
use stop::Stop;
use tls::Certificate;
use tuning::{admin_options, options, origins, policy, registry_tuning, writer_tuning};
use watched::Watched;

use crate::{
    auth::{Auth, Farewell},
    client::{self, Chatroom},
    http,
    limits::Limits as Rates,
    mail::Mailer,
    presence::Presence,
    registry::Registry,
    settings::{InForce, Settings},
    socket::{self, Doors, Endpoint, Options},
    store::{Held, Store},
    writer::{self, Writer},
};

pub use backup::{backup, restore};
pub use check::check;
pub use health::{admin_url, health};
pub use logging::{start as start_log, tell_failure};
pub use output::print;
pub use seed::{Groups, Population, seed};
pub use start::serve;

/// Why the server did not start: one sentence for the operator.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Where Socket.IO clients connect.
const SOCKET_PATH: &str = "/socket.io/";

/// A server that is put together and listens, but does not answer yet.
pub struct App {
    settings: Settings,
    address: SocketAddr,
    admin_address: SocketAddr,
    server: Server,
    admin: Server,
    doors: Doors,
    registry: Registry,
    writer: Addr<Writer>,
    chatroom: Chatroom,
    store: Store,
    rates: Arc<Rates>,
    /// For so many connections there are files.
    room: Option<usize>,
    certificate: Option<Certificate>,
    /// What runs beside it for as long as it does.
    tasks: Vec<(&'static str, JoinHandle<()>)>,
    in_force: Option<InForce>,
    caught: Option<Caught>,
    held: Held,
}

impl App {
    /// Opens the database, starts the actors, binds the listeners.
    pub async fn build(mut settings: Settings) -> Result<Self, Failure> {
        let certificate = Certificate::of(&settings.server)?;
        let listener = bind(settings.server.listen)?;
        let admin_listener = bind(settings.server.admin_listen)?;
        let (address, admin_address) = (listener.local_addr()?, admin_listener.local_addr()?);
        let origins = origins(&settings);
        settings.server.bound_to(address);

        let held = Store::hold(&settings.database)?;
        let (auth, store, mailer) = accounts(&settings).await?;
        store.cap_unread(settings.history.unread_cap);
        let presence = Presence::default();
        let online = presence.clone();
        let auth = auth.telling(Arc::new(move |user, session, reason| online.end(user, session, reason)));
        let writes = Arc::new(writer::Stats::default());
        let tuning = writer_tuning(&settings);
        let writer = Writer::start(&Arbiter::new().handle(), store.clone(), tuning, writes.clone());
        let (workers, arbiters) = (threads(settings.server.workers), settings.actors.arbiters);
        let shards = if arbiters == 0 { workers } else { arbiters };
        let registry = Registry::new(shards, &store, &presence, &writer, registry_tuning(&settings));
        (0..arbiters).for_each(|_| registry.open_shard(&Arbiter::new().handle()));
        let rates = Arc::new(Rates::new(&settings.limits));
        let policy = policy(&settings);
        let auth = auth.parting(farewell(&store, &presence, &registry));
        let (online, chats) = (presence.clone(), registry.clone());
        let chatroom = Chatroom::new(auth.clone(), store.clone(), online, chats, policy, rates.clone());

        let state = http::State::new(&settings, auth.clone(), store.clone(), origins.clone(), rates.clone());
        let endpoints = vec![Endpoint::socket_io(SOCKET_PATH, Arc::new(chatroom.clone()))];
        let elsewhere = Some(http::elsewhere(state.clone()));
        let room = files::connections(&settings)?;
        let tls = certificate.as_ref().map(Certificate::config).transpose()?;
        let options = Options { tls, elsewhere, ..options(&settings, origins, rates.clone(), room) };
        let (routes, chats) = (http::routes(state), registry.clone());
        // Each worker is configured on its own thread: there its shard lives, beside the sockets that it serves.
        let configure = move |config: &mut ServiceConfig| {
            if arbiters == 0 {
                chats.open_shard(&Arbiter::current());
            }
            routes(config);
        };
        let (server, doors) = socket::serve(listener, workers, options, endpoints, configure)?;
        let kept = store.clone();
        let watched = Watched {
            auth: auth.clone(),
            store: store.clone(),
            presence,
            writer: writes,
            writing: writer.clone(),
            registry: registry.clone(),
            chatroom: chatroom.clone(),
            doors: doors.clone(),
        };
        let routes = http::admin_routes(watched.admin(&settings));
        let (admin, _) = socket::serve(admin_listener, 1, admin_options(&settings), vec![], routes)?;
        announce(&settings, address, admin_address, &mailer);
        let tasks = vec![
            ("the carrier of mail", actix_rt::spawn(auth.carry_mail())),
            ("the end of what is kept", actix_rt::spawn(retention::retain(kept, settings.retention.clone()))),
        ];
        actix_rt::spawn(logging::sum_up());
        Ok(Self {
            settings,
            address,
            admin_address,
            server,
            admin,
            doors,
            registry,
            writer,
            store,
            chatroom,
            rates,
            room,
            certificate,
            tasks,
            in_force: None,
            caught: None,
            held,
        })
    }

    /// Has SIGHUP read the settings again, from where they came.
    pub fn reloading(self, in_force: InForce) -> Self {
        Self { in_force: Some(in_force), ..self }
    }

    /// Has those signals tell it what to do that were caught before it was built.
    fn catching(self, caught: Caught) -> Self {
        Self { caught: Some(caught), ..self }
    }

    /// Where clients connect: the port that was really bound.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where health is asked.
    pub fn admin_address(&self) -> SocketAddr {
        self.admin_address
    }

    /// Serves until a signal comes, then stops in order. Fails at once when a part is gone without which the server only
    /// seems to work: whoever supervises the process starts it anew.
    pub async fn run_until_stopped(self) -> Result<(), Failure> {
        let Self {
            settings,
            server,
            admin,
            doors,
            registry,
            writer,
            store,
            chatroom,
            rates,
            room,
            certificate,
            tasks,
            in_force,
            caught,
            held,
            ..
        } = self;
        let Caught { signals, hangup } = caught.map_or_else(Caught::now, Ok)?;
        let (handle, admin_handle) = (server.handle(), admin.handle());
        let mut serving = actix_rt::spawn(server);
        let mut administering = actix_rt::spawn(admin);
        if let Some(in_force) = in_force {
            let (store, registry, doors) = (store.clone(), registry.clone(), doors.clone());
            let dials = Dials { rates, chatroom, store, registry, doors, room, certificate };
            actix_rt::spawn(hangup.reload(in_force, dials));
        }
        tokio::select! {
            () = signals.first() => {}
            // A listener that is gone does not come back either.
            ended = &mut serving => return Err(gone("public", ended)),
            ended = &mut administering => return Err(gone("admin", ended)),
            part = lost::first(&writer, &registry, tasks) => return Err(lost::failure(part)),
        }
        let (spread, patience) = (settings.server.shutdown_spread, settings.server.shutdown_timeout);
        let (server, doors, registry, writer, store) = (&handle, &doors, &registry, &writer, &store);
        let stop = Stop { server, doors, registry, writer, store, spread, patience };
        let in_order = stop.in_order().await;
        admin_handle.stop(false).await;
        if in_order {
            serving.await??;
            administering.await??;
        }
        drop(held);
        Ok(())
    }
}

/// What the command line needs of a server that does not run: accounts, and where they are kept.
pub async fn accounts(settings: &Settings) -> Result<(Auth, Store, Mailer), Failure> {
    let store = Store::open(&settings.database).await?;
    let mailer = Mailer::new(&settings.mail)?;
    let auth = Auth::new(settings, store.clone(), mailer.clone())?;
    Ok((auth, store, mailer))
}

/// Why a listener is gone that nobody has stopped.
fn gone(which: &str, ended: Result<io::Result<()>, JoinError>) -> Failure {
    let why = match ended {
        Ok(Ok(())) => "it was stopped".into(),
        Ok(Err(error)) => error.to_string(),
        Err(error) => error.to_string(),
    };
    format!("the {which} listener is gone: {why}").into()
}

fn bind(address: SocketAddr) -> Result<TcpListener, Failure> {
    TcpListener::bind(address).map_err(|error| format!("cannot listen on {address}: {error}").into())
}

/// A number of threads; 0 stands for one per core.
fn threads(wanted: usize) -> usize {
    if wanted > 0 { wanted } else { available_parallelism().map_or(1, usize::from) }
}

fn announce(settings: &Settings, address: SocketAddr, admin: SocketAddr, mailer: &Mailer) {
    log::info!("database: {}", Store::describe(&settings.database));
    log::info!("mail: {}", mailer.describe());
    log::info!("admin (health, metrics) on http://{admin}");
    warn_without_limits(settings);
    let scheme = if settings.server.is_tls() { "https" } else { "http" };
    log::info!("listening on {scheme}://{address}, known to the outside as {}", settings.server.public_url);
}

fn warn_without_limits(settings: &Settings) {
    if !settings.limits.enabled {
        log::warn!(
            "LIMITS ARE OFF (limits.enabled = false): anybody may do anything as often as they like. For load tests only."
        );
    }
}

/// Those who remain hear of somebody who left.
fn farewell(store: &Store, presence: &Presence, registry: &Registry) -> Farewell {
    let (store, presence, registry) = (store.clone(), presence.clone(), registry.clone());
    Arc::new(move |departed| {
        let (store, presence, registry) = (store.clone(), presence.clone(), registry.clone());
        Box::pin(async move { client::see_off(departed, &store, &presence, &registry).await })
    })
}
