//! The server: HTTP and sockets on one port, with a worker per core.
use std::{io, net::TcpListener, sync::Arc};

use actix_codec::Framed;
use actix_http::{HttpService, Request, h1::Codec};
use actix_rt::net::TcpStream;
use actix_server::Server;
use actix_service::{fn_service, map_config};
use actix_tls::accept::rustls_0_23::TlsStream;
use actix_web::{App, dev::AppConfig, web::ServiceConfig};

use super::{
    Bounds, Deliver, Endpoint, Options, Reason, Stats,
    broken::telling,
    house::{House, Mount},
    routes, websocket,
};

/// HTTP/1 over one kind of stream, with the routes of the endpoints and those of `configure`. A macro, because neither the
/// type of an `App` nor that of its service can be named.
macro_rules! http {
    ($stream:ty, $house:ident, $mounts:ident, $configure:ident) => {{
        let house = $house.clone();
        let (upgrading, polling, configure) = ($mounts.clone(), $mounts.clone(), $configure.clone());
        let app = App::new().configure(move |config| {
            polling.iter().for_each(|mount| routes::configure(config, mount));
            configure(config);
        });
        HttpService::build()
            .h1_allow_half_closed(false)
            .tcp_nodelay(true)
            // Idle kept-alive connections end with the last session, so that a stop need not wait for them.
            .graceful_shutdown_signal(move || house.until_over())
            .upgrade(fn_service(move |(request, framed): (Request, Framed<$stream, Codec>)| {
                websocket::upgrade(upgrading.clone(), request, framed)
            }))
            .h1(map_config(app, |_| AppConfig::default()))
    }};
}

/// What a running server can be asked and told from outside. Cheap to clone.
#[derive(Clone)]
pub struct Doors {
    pub(super) house: Arc<House>,
    pub(super) mounts: Arc<[Arc<Mount>]>,
}

impl Doors {
    /// The server's counters.
    pub fn stats(&self) -> &Stats {
        &self.house.stats
    }

    /// Live connections.
    pub fn live(&self) -> usize {
        self.house.sockets()
    }

    /// What waits now in all connections together. Costs a look at each.
    pub fn waiting(&self) -> Waiting {
        let sessions = self.mounts.iter().flat_map(|mount| mount.sessions.iter());
        sessions.fold(Waiting::default(), |sum, enrolled| Waiting {
            frames: sum.frames + enrolled.inflow.waiting(),
            bytes: sum.bytes + enrolled.budget.used(),
        })
    }

    /// What connections that begin now are held to.
    pub fn bounds(&self) -> Bounds {
        self.house.bounds()
    }

    /// Holds connections that begin from now on to other bounds than those of the options.
    pub fn retune(&self, bounds: Bounds) {
        self.house.retune(bounds);
    }

    /// From now on every new handshake gets 503.
    pub fn shut(&self) {
        self.house.shut();
    }

    /// Whether new handshakes get 503.
    pub fn is_shut(&self) -> bool {
        self.house.is_shut()
    }

    /// Ends every live connection. Clients that were cut off for a shutdown come back by themselves.
    pub fn close_all(&self, reason: Reason) {
        for mount in self.mounts.iter() {
            mount.all().iter().for_each(|session| session.do_send(Deliver::Close(reason)));
        }
    }
}

/// What waits in connections.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Frames of clients that are not handled yet.
    pub frames: usize,
    /// Bytes that are not written to clients yet.
    pub bytes: usize,
}

/// Serves `endpoints` and the routes of `configure` on `listener`, with `workers` threads. The server runs until it is
/// stopped by its handle: it listens to no signal. To be called within an Actix system.
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
    let house = House::new(options);
    let mounts: Arc<[Arc<Mount>]> = endpoints.into_iter().map(|endpoint| Mount::new(&house, endpoint)).collect();
    let doors = Doors { house: house.clone(), mounts: mounts.clone() };
    let build = Server::build().workers(workers).disable_signals();
    let server = match house.options.tls.clone() {
        None => {
            build.listen("greenroom", listener, move || telling(http!(TcpStream, house, mounts, configure).tcp()))?
        }
        Some(tls) => build.listen("greenroom", listener, move || {
            telling(http!(TlsStream<TcpStream>, house, mounts, configure).rustls_0_23((*tls).clone()))
        })?,
    };
    let server = server.run();
    Ok((server, doors))
}
