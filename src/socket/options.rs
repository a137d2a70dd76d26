//! What can be set about a server of this room.
use std::{fmt, net::IpAddr, sync::Arc, time::Duration};

use actix_http::RequestHead;
use actix_web::HttpResponse;
use ipnet::IpNet;
use tokio_rustls::rustls::ServerConfig;

use super::{Origins, occupancy::Full};

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
    /// How long a client may take for its part of an HTTP request.
    pub deadlines: Deadlines,
    /// TCP connections that the process has files for, whatever the bounds are.
    pub room: Option<usize>,
    /// What may change while the server runs.
    pub bounds: Bounds,
    /// Who may connect from a browser.
    pub origins: Origins,
    /// Proxies whose `X-Forwarded-For` tells a client's address.
    pub trusted_proxies: Vec<IpNet>,
    /// Asked before each new connection.
    pub address_limit: Option<AddressLimit>,
    /// Answers upgrades of paths where no endpoint is; without it they get a bare 404.
    pub fallback: Option<Fallback>,
    /// Told of each TCP connection that is closed at once because there are too many.
    pub on_rejected: Option<OnRejected>,
    /// Certificate and key, if connections are encrypted here.
    pub tls: Option<Arc<ServerConfig>>,
}

/// How long a client may take for its part of a request. What the server itself takes counts for nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadlines {
    /// From a request's first byte, or from the opening of the connection, to the end of its head, a TLS handshake
    /// included; and from the end of an answer to the next request.
    pub head: Duration,
    /// From the end of a request's head to the end of its body.
    pub body: Duration,
    /// From the moment in which nothing more of an answer can be sent to that in which the client reads on.
    pub answer: Duration,
}

impl Default for Deadlines {
    fn default() -> Deadlines {
        Deadlines { head: Duration::from_secs(10), body: Duration::from_secs(30), answer: Duration::from_secs(30) }
    }
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
    /// Open TCP connections, whatever they carry; those beyond are closed at once.
    pub max_connections: Option<usize>,
    /// The same of one address that is no trusted proxy.
    pub max_connections_per_ip: Option<usize>,
}

impl Default for Bounds {
    fn default() -> Bounds {
        Bounds {
            mailbox_capacity: 256,
            outbound_bytes: 1024 * 1024,
            max_sockets: None,
            max_sockets_per_ip: None,
            max_connections: None,
            max_connections_per_ip: None,
        }
    }
}

/// Says whether an address may open another connection now; if not, its handshake gets 429.
#[derive(Clone)]
pub struct AddressLimit(pub Arc<dyn Fn(IpAddr) -> bool + Send + Sync>);

impl fmt::Debug for AddressLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AddressLimit")
    }
}

/// Answers a request that asks for a socket where there is none.
#[derive(Clone)]
pub struct Fallback(pub Arc<dyn Fn(&RequestHead) -> HttpResponse + Send + Sync>);

impl fmt::Debug for Fallback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Fallback")
    }
}

/// Hears whose TCP connection was closed at once, and why.
#[derive(Clone)]
pub struct OnRejected(pub Arc<dyn Fn(Full, IpAddr) + Send + Sync>);

impl fmt::Debug for OnRejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OnRejected")
    }
}

impl Options {
    /// Whether `peer` is a trusted proxy.
    pub(super) fn trusts(&self, peer: &IpAddr) -> bool {
        self.trusted_proxies.iter().any(|proxies| proxies.contains(&peer.to_canonical()))
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
            deadlines: Deadlines::default(),
            room: None,
            bounds: Bounds::default(),
            origins: Origins::default(),
            trusted_proxies: vec![],
            address_limit: None,
            fallback: None,
            on_rejected: None,
            tls: None,
        }
    }
}
