//! Who sent a command: names that any actor can hold, and no way to anybody. `presence` knows the way.
use std::{borrow::Cow, fmt, sync::Arc};

use crate::{
    domain::UserId,
    socket::{AckId, Port},
};

/// One connected socket. Cheap to clone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionId {
    sid: Arc<str>,
    /// How the log names it.
    number: u64,
}

impl From<&Port> for ConnectionId {
    fn from(port: &Port) -> Self {
        Self { sid: port.id().into(), number: port.number() }
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
