//! Why a connection ended.
use std::fmt;

/// Why a connection ended, in the words that the reference client and server use for it where they have one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// No pong came in time.
    PingTimeout,
    /// The client closed the connection, in whichever way.
    TransportClose,
    /// The transport failed, or was used against its own rules.
    TransportError,
    /// The client broke the Socket.IO protocol.
    ParseError,
    /// The server is going down.
    ServerShutdown,
    /// The application closed the connection.
    Forced,
    /// The application did not let the client in, and the client went.
    NotAdmitted,
    /// The application took the client out, and the client went: its login had ended.
    Dismissed,
    /// The application could not tell whether to let the client in.
    Unavailable,
    /// The client owed an answer to a ping, and its place was needed for another.
    Superseded,
    /// Something panicked over it.
    Panic,
    /// The client did not read what was sent to it.
    SlowReader,
    /// The client joined no namespace in time.
    ConnectTimeout,
    /// The client left this namespace; the connection may go on.
    ClientDisconnect,
    /// The server dismissed the client from this namespace; the connection may go on.
    ServerDisconnect,
}

impl Reason {
    /// Every reason, in the order of its discriminant.
    pub const ALL: [Reason; 15] = [
        Reason::PingTimeout,
        Reason::TransportClose,
        Reason::TransportError,
        Reason::ParseError,
        Reason::ServerShutdown,
        Reason::Forced,
        Reason::NotAdmitted,
        Reason::Dismissed,
        Reason::Unavailable,
        Reason::Superseded,
        Reason::Panic,
        Reason::SlowReader,
        Reason::ConnectTimeout,
        Reason::ClientDisconnect,
        Reason::ServerDisconnect,
    ];

    /// The reason as logs and metrics name it.
    pub fn as_str(self) -> &'static str {
        match self {
            Reason::PingTimeout => "ping timeout",
            Reason::TransportClose => "transport close",
            Reason::TransportError => "transport error",
            Reason::ParseError => "parse error",
            Reason::ServerShutdown => "server shutdown",
            Reason::Forced => "forced",
            Reason::NotAdmitted => "not admitted",
            Reason::Dismissed => "dismissed",
            Reason::Unavailable => "unavailable",
            Reason::Superseded => "superseded",
            Reason::Panic => "panic",
            Reason::SlowReader => "slow reader",
            Reason::ConnectTimeout => "connect timeout",
            Reason::ClientDisconnect => "client namespace disconnect",
            Reason::ServerDisconnect => "server namespace disconnect",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_is_listed_at_its_place_and_has_a_word_of_its_own() {
        for (at, reason) in Reason::ALL.into_iter().enumerate() {
            assert_eq!(reason as usize, at);
            assert_eq!(Reason::ALL.iter().filter(|other| other.as_str() == reason.as_str()).count(), 1);
        }
    }
}
