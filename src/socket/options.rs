//! What can be set about a server of this room.
use std::{fmt, net::IpAddr, sync::Arc, time::Duration};

use actix_http::RequestHead;
use actix_tls::accept::rustls_0_23::reexports::ServerConfig;
use actix_web::HttpResponse;
use ipnet::IpNet;

use super::Origins;

/// The settings of all endpoints of one server.
#[derive(Clone, Debug)]
pub struct Options {
    /// From handshake or pong to the next ping.
    pub ping_interval: Duration,
    /// From ping to the end of a client that does not answer it.
    pub ping_timeout: Duration,
    /// Bytes that one request or WebSocket message of a client may hold.
    pub max_payload: usize,
    /// The same before the client has joined a namespace, if it is to be less.
    pub max_payload_before_connect: Option<usize>,
    /// From handshake to the end of a client that has not joined a namespace.
    pub connect_timeout: Duration,
    /// From the reply to a CONNECT to what follows it on a WebSocket. Programs that ask for one message at a time miss
    /// the second of two that come in one read.
    pub connect_pause: Duration,
    /// From the opening of a WebSocket to its end if it does not complete the upgrade.
    pub upgrade_timeout: Duration,
    /// What may change while the server runs.
    pub bounds: Bounds,
    /// Who may connect from a browser.
    pub origins: Origins,
    /// Proxies whose `X-Forwarded-For` tells a client's address.
    pub trusted_proxies: Vec<IpNet>,
    /// Asked before each new connection.
    pub doorman: Option<Doorman>,
    /// Answers upgrades of paths where no endpoint is; without it they get a bare 404.
    pub elsewhere: Option<Elsewhere>,
    /// Certificate and key, if connections are encrypted here.
    pub tls: Option<Arc<ServerConfig>>,
}

/// How many connections there may be, and how much may wait for one. A connection keeps what it began with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Frames of one client that may wait to be handled before its socket is no longer read.
    pub mailbox_capacity: usize,
    /// Bytes that may wait to be written to one client.
    pub outbound_bytes: usize,
    /// Live connections, of all; the handshake after the last gets 503.
    pub max_sockets: Option<usize>,
    /// Live connections of one address; the handshake after the last gets 429.
    pub max_sockets_per_ip: Option<usize>,
}

impl Default for Bounds {
    fn default() -> Bounds {
        Bounds { mailbox_capacity: 256, outbound_bytes: 1024 * 1024, max_sockets: None, max_sockets_per_ip: None }
    }
}

/// Says whether an address may open another connection now; if not, its handshake gets 429.
#[derive(Clone)]
pub struct Doorman(pub Arc<dyn Fn(IpAddr) -> bool + Send + Sync>);

impl fmt::Debug for Doorman {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Doorman")
    }
}

/// Answers a request that asks for a socket where there is none.
#[derive(Clone)]
pub struct Elsewhere(pub Arc<dyn Fn(&RequestHead) -> HttpResponse + Send + Sync>);

impl fmt::Debug for Elsewhere {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Elsewhere")
    }
}

impl Default for Options {
    /// The values that the reference server has, where it has them.
    fn default() -> Options {
        Options {
            ping_interval: Duration::from_secs(25),
            ping_timeout: Duration::from_secs(20),
            max_payload: 128 * 1024,
            max_payload_before_connect: None,
            connect_timeout: Duration::from_secs(45),
            connect_pause: Duration::ZERO,
            upgrade_timeout: Duration::from_secs(10),
            bounds: Bounds::default(),
            origins: Origins::default(),
            trusted_proxies: vec![],
            doorman: None,
            elsewhere: None,
            tls: None,
        }
    }
}
