//! The composition root: puts the rooms together, starts and stops them. Defines nothing that others name.
//!
//! ```no_run
//! use greenroom::{app::App, settings::Settings};
//!
//! # async fn serve() -> Result<(), greenroom::app::Failure> {
//! let app = App::build(Settings::load(None)?).await?;
//! println!("clients connect to {}", app.address());
//! app.run_until_stopped().await
//! # }
//! ```
mod accounts;
mod admin;
mod announce;
mod backup;
mod build;
mod check;
mod file_check;
mod health;
mod indexing;
mod library_lines;
mod log_queue;
mod logging;
mod naming;
mod nodes;
mod open_files;
mod output;
mod parts;
mod rebuild;
mod reload;
mod retention;
mod seed;
mod signals;
mod start;
mod stop;
mod supervision;
mod sweeper;
mod task;
mod threads;
mod tls;
mod tuning;

use std::{io, net::SocketAddr};

use actix_rt::task::JoinError;
use actix_server::Server;

use parts::Parts;
use reload::Reloadable;
use signals::Signals;
use stop::Stop;
use task::Task;
use tls::Certificate;

use crate::{
    auth::Auth,
    cluster::SWEPT,
    settings::{InForce, Settings},
    socket::SocketServer,
    store::ServerLock,
};

pub use accounts::accounts;
pub use backup::{backup, restore};
pub use build::Builder;
pub use check::check;
pub use file_check::check_files;
pub use health::{admin_url, health};
pub use logging::{start as start_log, tell_failure};
pub use output::print;
pub use rebuild::rebuild_search;
pub use seed::{Groups, Population, seed};
pub use start::serve;

/// Why the server did not start: one sentence for the operator.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// A node that cannot go on among the others, and may start anew at once.
#[derive(Debug, thiserror::Error)]
#[error("this node starts anew: {0}")]
pub struct Swept(String);

/// The exit status of a process that ends with this.
pub fn exit_status(failure: &Failure) -> u8 {
    if failure.is::<Swept>() { SWEPT } else { 1 }
}

/// A server that is put together and listens, but does not answer yet.
pub struct App {
    settings: Settings,
    address: SocketAddr,
    admin_address: SocketAddr,
    server: Server,
    admin: Server,
    socket_server: SocketServer,
    parts: Parts,
    /// For so many connections there are files.
    max_connections: Option<usize>,
    certificate: Option<Certificate>,
    /// What runs beside it for as long as it does.
    tasks: Vec<Task>,
    in_force: Option<InForce>,
    signals: Option<Signals>,
    /// Keeps other servers away from a SQLite database.
    database_lock: ServerLock,
}

impl App {
    /// Opens the database, starts the actors, binds the listeners.
    ///
    /// # Errors
    /// As those of [`Builder::build`].
    pub async fn build(settings: Settings) -> Result<Self, Failure> {
        // In a box: the futures that it waits for, one inside the other, are more than the compiler would look into.
        Box::pin(Self::builder(settings).build()).await
    }

    /// A server of these settings, of which tests replace what they must.
    pub fn builder(settings: Settings) -> Builder {
        Builder::new(settings)
    }

    /// Has SIGHUP read the settings again, from where they came.
    pub fn reloading(self, in_force: InForce) -> Self {
        Self { in_force: Some(in_force), ..self }
    }

    /// Has those signals tell it what to do that were caught before it was built.
    fn catching(self, signals: Signals) -> Self {
        Self { signals: Some(signals), ..self }
    }

    /// Where clients connect: the port that was really bound.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where health is asked.
    pub fn admin_address(&self) -> SocketAddr {
        self.admin_address
    }

    /// The accounts that it serves.
    pub fn auth(&self) -> &Auth {
        &self.parts.auth
    }

    /// Serves until a signal comes, then stops in order.
    ///
    /// # Errors
    /// As those of [`App::run_until`], and if signals cannot be caught.
    pub async fn run_until_stopped(mut self) -> Result<(), Failure> {
        let Signals { stop, reload } = self.signals.take().map_or_else(Signals::catch, Ok)?;
        if let Some(in_force) = self.in_force.take() {
            actix_rt::spawn(self.reloadable().reload_at(reload, in_force));
        }
        self.run_until(stop.first()).await
    }

    /// Serves until `stop` comes true, then stops in order. Heeds no signal.
    ///
    /// # Errors
    /// At once when a part is gone without which the server only seems to work: whoever supervises the process starts it
    /// anew.
    pub async fn run_until(self, stop: impl Future<Output = ()>) -> Result<(), Failure> {
        let Self { settings, server, admin, socket_server, parts, tasks, database_lock, .. } = self;
        let handle = server.handle();
        let admin_handle = admin.handle();
        let mut serving = actix_rt::spawn(server);
        let mut administering = actix_rt::spawn(admin);
        let lost = async {
            match &parts.node {
                Some(node) => node.live().await.unwrap_or_else(|error| error.to_string()),
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = stop => {}
            why = lost => return Err(Swept(why).into()),
            // A listener that is gone does not come back either.
            ended = &mut serving => return Err(listener_gone("public", ended)),
            ended = &mut administering => return Err(listener_gone("admin", ended)),
            part = supervision::first_gone(&parts, tasks) => return Err(supervision::failure(part)),
        }
        let stop = Stop {
            server: &handle,
            socket_server: &socket_server,
            parts: &parts,
            spread: settings.server.shutdown_spread,
            patience: settings.server.shutdown_timeout,
        };
        let in_order = stop.in_order().await;
        admin_handle.stop(false).await;
        if in_order {
            serving.await??;
            administering.await??;
        }
        drop(database_lock);
        Ok(())
    }

    /// Those who go by settings that may change.
    fn reloadable(&self) -> Reloadable {
        Reloadable {
            parts: self.parts.clone(),
            socket_server: self.socket_server.clone(),
            max_connections: self.max_connections,
            certificate: self.certificate.clone(),
        }
    }
}

/// Why a listener is gone that nobody has stopped.
fn listener_gone(which: &str, ended: Result<io::Result<()>, JoinError>) -> Failure {
    let why = match ended {
        Ok(Ok(())) => "it was stopped".into(),
        Ok(Err(error)) => error.to_string(),
        Err(error) => error.to_string(),
    };
    format!("the {which} listener is gone: {why}").into()
}
