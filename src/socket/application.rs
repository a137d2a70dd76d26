//! What a Socket.IO application must be: it admits clients to namespaces and hears their events.
use std::sync::Arc;

use futures_util::future::LocalBoxFuture;

use super::{Event, Handshake, Packet, Port, Reason};

/// The upper side of this room. One value serves all connections, on all workers.
pub trait Application: Send + Sync + 'static {
    /// A connection asks for a namespace. Packets of the client that follow are kept until the answer; what
    /// `connect.port` is given meanwhile is kept too and follows the opening.
    fn connect(&self, connect: Connect) -> LocalBoxFuture<'static, Admission>;
}

/// A client's request to join a namespace.
pub struct Connect {
    /// The namespace asked for, a query included: `/` is the main one.
    pub namespace: String,
    /// The JSON text of the payload, always an object.
    pub auth: Option<String>,
    /// The HTTP request that opened the connection.
    pub handshake: Arc<Handshake>,
    /// The way to this client, valid from now on until it leaves.
    pub port: Port,
}

/// The answer to [`Connect`].
pub enum Admission {
    /// The client is in. It hears the CONNECT reply, then `opening`, then what its port was given meanwhile; only then
    /// are the events handled that it sent early.
    Accepted {
        /// Hears the client's events.
        client: Box<dyn Client>,
        /// The first packets to the client.
        opening: Vec<Packet>,
    },
    /// The client hears the CONNECT reply, then `packets`, then DISCONNECT. The connection stays.
    Dismissed {
        /// The only packets to the client.
        packets: Vec<Packet>,
    },
    /// The client hears CONNECT_ERROR. The connection stays.
    Refused {
        /// What the client's `connect_error` will say.
        message: String,
    },
    /// The application cannot tell now. The connection ends without an answer: clients come back by themselves after
    /// that, but not after a refusal.
    Later,
}

/// One client in one namespace.
pub trait Client {
    /// The client sent an event. If this returns a future, later events of this namespace wait until it is done;
    /// heartbeats, answers and deliveries do not.
    fn event(&mut self, event: Event) -> Option<LocalBoxFuture<'static, ()>>;

    /// Whom the log names as the one behind this client. Asked once, when it is let in. Ends of connections whose user is
    /// known are told of in the log; those of strangers, who can cause any number, only at debug level.
    fn user(&self) -> Option<String> {
        None
    }

    /// The client left the namespace or the connection ended. Called once.
    fn left(&mut self, reason: Reason) {
        let _ = reason;
    }
}
