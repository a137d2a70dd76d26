//! The server: HTTP and sockets on one port, with a worker per core.
use std::{
    io,
    net::{SocketAddr, TcpListener},
    sync::Arc,
    time::Duration,
};

use actix_codec::Framed;
use actix_http::{HttpService, Request, Response, h1::Codec};
use actix_rt::net::TcpStream;
use actix_server::Server;
use actix_service::{Service, ServiceFactoryExt, apply_fn_factory, fn_service, map_config};
use actix_web::{App, dev::AppConfig, web::ServiceConfig};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use super::{
    Bounds, Deliver, Endpoint, OnRejected, Options, Reason, Stats,
    clock::Clock,
    not_http::{tell_failed_tls, telling},
    request::{Answering, Outgoing},
    routes,
    server_state::ServerState,
    session::Mount,
    stream::{OverTcp, Stream},
    websocket,
};

/// After an early answer to a long request: how long what still comes is read, so that the answer is not lost with it.
const LINGER: Duration = Duration::from_secs(2);

/// HTTP/1 over one kind of stream, with the routes of the endpoints and those of `configure`. A macro, because neither the
/// type of an `App` nor that of its service can be named. `open` makes the stream of a TCP connection.
macro_rules! http {
    ($stream:ty, $state:ident, $mounts:ident, $configure:ident, $open:expr) => {{
        let (state, admitting, open) = ($state.clone(), $state.clone(), $open);
        let upgrading = $mounts.clone();
        let polling = $mounts.clone();
        let configure = $configure.clone();
        let app = App::new().configure(move |config| {
            polling.iter().for_each(|mount| routes::configure(config, mount));
            configure(config);
        });
        let timed = apply_fn_factory(map_config(app, |_| AppConfig::default()), |mut request: Request, app| {
            let answering = Answering::begin(&mut request);
            let answer = app.call(request);
            async move {
                let answer: Response<_> = answer.await?.into();
                Ok(answer.map_body(|_, body| Outgoing::new(body, answering)))
            }
        });
        let http = HttpService::build()
            .h1_allow_half_closed(false)
            // The clocks of the streams see to this, and to every later head.
            .client_request_timeout(Duration::ZERO)
            .client_disconnect_timeout(LINGER)
            // Idle kept-alive connections end with the last session, so that a stop need not wait for them.
            .graceful_shutdown_signal(move || state.shutdown.until_over())
            .on_connect_ext(|stream: &$stream, data| drop(stream.clock().map(|clock| data.insert(clock))))
            .upgrade(fn_service(move |(request, framed): (Request, Framed<$stream, Codec>)| {
                websocket::upgrade(upgrading.clone(), request, framed)
            }))
            .h1(timed);
        fn_service(move |tcp: TcpStream| {
            let peer = tcp.peer_addr().ok();
            let stream = admit(tcp, peer, &admitting).map(|stream| open(stream, peer));
            async move { Ok((stream.ok_or(())?.await?, peer)) }
        })
        .and_then(telling(http).map_err(drop))
    }};
}

/// Takes a TCP connection in, or closes it at once if there are too many.
fn admit(tcp: TcpStream, peer: Option<SocketAddr>, state: &Arc<ServerState>) -> Option<Stream> {
    let peer = peer.map(|peer| peer.ip());
    match state.count_connection(peer) {
        Ok((counted, connected)) => {
            // Small frames must not wait for each other; a socket that cannot do this is about to fail anyway.
            let _ = tcp.set_nodelay(true);
            let clock = Clock::start(state.options.deadlines, state.shutdown.clone());
            Some(Stream::new(tcp, clock, counted, connected))
        }
        Err(full) => {
            state.stats.turn_away(full);
            if let (Some(OnRejected(told)), Some(peer)) = (&state.options.on_rejected, peer) {
                told(full, peer);
            }
            None
        }
    }
}

/// Makes a TLS connection of `stream`, unless the server ends meanwhile. Its clock says how long that may take.
async fn encrypt(
    tls: TlsAcceptor,
    stream: Stream,
    peer: Option<SocketAddr>,
    state: Arc<ServerState>,
) -> Result<TlsStream<Stream>, ()> {
    tokio::select! {
        accepted = tls.accept(stream) => accepted.map_err(|error| tell_failed_tls(&error, peer)),
        () = state.shutdown.until_over() => Err(()),
    }
}

/// What a running server can be asked and told from outside. Cheap to clone.
#[derive(Clone)]
pub struct SocketServer {
    pub(super) state: Arc<ServerState>,
    pub(super) mounts: Arc<[Arc<Mount>]>,
}

impl SocketServer {
    /// The server's counters.
    pub fn stats(&self) -> &Stats {
        &self.state.stats
    }

    /// Live connections.
    pub fn live(&self) -> usize {
        self.state.sockets()
    }

    /// Open TCP connections, whatever they carry.
    pub fn connections(&self) -> usize {
        self.state.connections()
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
        self.state.bounds()
    }

    /// Holds connections that begin from now on to other bounds than those of the options.
    pub fn retune(&self, bounds: Bounds) {
        self.state.retune(bounds);
    }

    /// From now on every new handshake gets 503.
    pub fn shut(&self) {
        self.state.shutdown.close();
    }

    /// Whether new handshakes get 503.
    pub fn is_shut(&self) -> bool {
        self.state.shutdown.is_closed()
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
) -> io::Result<(Server, SocketServer)>
where
    F: Fn(&mut ServiceConfig) + Clone + Send + 'static,
{
    let state = ServerState::new(options);
    let mounts: Arc<[Arc<Mount>]> = endpoints.into_iter().map(|endpoint| Mount::new(&state, endpoint)).collect();
    let sockets = SocketServer { state: state.clone(), mounts: mounts.clone() };
    // The bounds on connections are the state's own, and so is the end of those that a stop must not wait for. But workers
    // must not be handed more than there are files for before they have looked at them.
    let most_at_once = state.options.room.map_or(usize::MAX, |room| room.div_ceil(workers) + 1);
    let build = Server::build().workers(workers).max_concurrent_connections(most_at_once).disable_signals();
    let server = match state.options.tls.clone() {
        None => build.listen("greenroom", listener, move || {
            http!(Stream, state, mounts, configure, async |stream, _| Ok(stream))
        })?,
        Some(tls) => build.listen("greenroom", listener, move || {
            let tls = TlsAcceptor::from(tls.clone());
            let encrypting = state.clone();
            let open = move |stream, peer| encrypt(tls.clone(), stream, peer, encrypting.clone());
            http!(TlsStream<Stream>, state, mounts, configure, open)
        })?,
    };
    let server = server.run();
    Ok((server, sockets))
}
