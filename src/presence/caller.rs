//! Who sent a command: names that any actor can hold, and no way to anybody. `presence` knows the way.
use std::{borrow::Cow, fmt};

use crate::{
    domain::UserId,
    socket::{AckId, Port, Stay},
};

/// One connected socket: no other of its server has the same connection and the same stay on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ConnectionId {
    /// How the log names it.
    number: u64,
    stay: Stay,
}

#[cfg(test)]
impl ConnectionId {
    /// The first stay on the connection of this number.
    pub(super) fn numbered(number: u64) -> Self {
        Self { number, stay: Stay::default() }
    }
}

impl Caller {
    /// Somebody who asked on another node, where that is answered.
    pub fn elsewhere(user: UserId) -> Self {
        let connection = ConnectionId { number: u64::MAX, stay: Stay::default() };
        Self { user, connection, event: Cow::Borrowed(""), ack: None }
    }
}

impl From<&Port> for ConnectionId {
    fn from(port: &Port) -> Self {
        Self { number: port.number(), stay: port.stay() }
    }
}

impl fmt::Display for ConnectionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.number.fmt(f)
    }
}

/// The socket that made a request, and the request as it must be answered: exactly once.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Whose socket.
    pub user: UserId,
    /// Which of the user's sockets.
    pub connection: ConnectionId,
    /// The name of the event that asked.
    pub event: Cow<'static, str>,
    /// The acknowledgement the client waits for, if it does.
    pub ack: Option<AckId>,
}
