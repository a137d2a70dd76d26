//! The whole server, as its composition root makes it: on ports that the system chooses, with a database of its own, mail that is kept,
//! and a clock that can be moved.
use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, Ordering::SeqCst},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use actix::System;
use greenroom::{
    app::{App, Builder},
    auth::Auth,
    domain::{LoginId, Timestamp},
    mail::Mailer,
    settings::Settings,
};
use reqwest::{Client, Method, RequestBuilder};
use secrecy::ExposeSecret;
use tokio::sync::oneshot;

use super::Reply;
use crate::scratch::Scratch;

/// Whoever is still connected when a test ends is not waited for any longer.
const SHUTDOWN: Duration = Duration::from_secs(5);

pub struct TestServer {
    pub url: String,
    pub admin_url: String,
    pub auth: Auth,
    pub settings: Settings,
    pub(super) mailer: Mailer,
    ended: Arc<Mutex<Vec<(LoginId, String)>>>,
    ahead: Arc<AtomicI64>,
    client: Client,
    _running: Running,
    _scratch: Scratch,
}

impl TestServer {
    pub async fn start() -> Self {
        Self::with(|_| ()).await
    }

    /// Starts with settings of its own.
    pub async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let mailer = Mailer::keeping();
        let kept = mailer.clone();
        Self::of(mailer, change, |builder| builder.mailer(kept)).await
    }

    /// Starts with another way for mail. Nobody carries it there but the test.
    pub async fn with_mailer(mailer: Mailer) -> Self {
        let another = mailer.clone();
        Self::of(mailer, |_| (), |builder| builder.mailer(another).without_mail_carrier()).await
    }

    async fn of(mailer: Mailer, change: impl FnOnce(&mut Settings), replace: impl FnOnce(Builder) -> Builder) -> Self {
        let scratch = Scratch::new().await;
        let mut settings = settings(&scratch);
        change(&mut settings);
        let ahead = Arc::new(AtomicI64::new(0));
        let moved = ahead.clone();
        let ended = Arc::new(Mutex::new(vec![]));
        let heard = ended.clone();
        let builder = App::builder(settings.clone())
            .clock(move || Timestamp(Timestamp::now().0 + moved.load(SeqCst)))
            .telling(Arc::new(move |_, session, reason| heard.lock().unwrap().push((session, reason.to_owned()))));
        let (running, built) = Running::start(replace(builder)).await;
        settings.server.bound_to(built.address);
        let client = crate::client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self {
            url: format!("http://{}", built.address),
            admin_url: format!("http://{}", built.admin_address),
            auth: built.auth,
            settings,
            mailer,
            ended,
            ahead,
            client,
            _running: running,
            _scratch: scratch,
        }
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url))
    }

    pub async fn get(&self, path: &str) -> Reply {
        Reply::to(self.request(Method::GET, path)).await
    }

    /// What the admin listener says.
    pub async fn admin(&self, path: &str) -> String {
        Reply::to(self.client.get(format!("{}{path}", self.admin_url))).await.text
    }

    /// The sessions whose sockets were to be closed, and why.
    pub fn ended(&self) -> Vec<(LoginId, String)> {
        self.ended.lock().unwrap().clone()
    }

    /// Takes the sessions away from under the server.
    pub async fn break_database(&self) {
        let database = sea_orm::Database::connect(self.settings.database.url.expose_secret()).await.unwrap();
        sea_orm::ConnectionTrait::execute_unprepared(&database, "ALTER TABLE session RENAME TO gone").await.unwrap();
    }

    /// Lets time pass for accounts and tokens.
    pub fn pass(&self, span: Duration) {
        self.ahead.fetch_add(span.as_millis() as i64, SeqCst);
    }
}

fn settings(scratch: &Scratch) -> Settings {
    let mut settings = Settings::defaults();
    settings.server.listen = "127.0.0.1:0".parse().unwrap();
    settings.server.admin_listen = settings.server.listen;
    settings.server.workers = 1;
    settings.server.shutdown_timeout = SHUTDOWN;
    settings.server.shutdown_spread = Duration::ZERO;
    settings.database = scratch.settings();
    settings.auth.secret_file = scratch.folder.path().join("secret");
    // What limits do has tests of its own; the others would have to wait for them.
    settings.limits.enabled = false;
    settings
}

/// What a server says of itself once it is put together.
struct Built {
    address: SocketAddr,
    admin_address: SocketAddr,
    auth: Auth,
}

/// A server on a thread of its own, whose end the end of a test waits for: it leaves nothing behind.
struct Running {
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    async fn start(builder: Builder) -> (Self, Built) {
        let (tell, told) = oneshot::channel();
        let (stop, stopped) = oneshot::channel::<()>();
        let thread = thread::spawn(move || {
            let system = System::new();
            system.block_on(async {
                let app = builder.build().await.unwrap();
                let address = app.address();
                let admin_address = app.admin_address();
                let _ = tell.send(Built { address, admin_address, auth: app.auth().clone() });
                app.run_until(async { drop(stopped.await) }).await.unwrap();
                // Those who live on threads of their own end with it.
                System::current().stop();
            });
            system.run().unwrap();
        });
        let running = Self { stop: Some(stop), thread: Some(thread) };
        (running, told.await.expect("a server that starts"))
    }

    fn stop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
            && !thread::panicking()
        {
            panic!("the server did not come to an end");
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.stop();
    }
}
