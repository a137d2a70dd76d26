//! Who a connection is, in the log.
use std::{fmt, net::IpAddr, time::Instant};

use log::Level;

use crate::{
    protocol::{Reason, engine::Transport},
    socket::network,
};

/// Names a connection in lines of the log: its number, its user as far as known, and where it comes from.
#[derive(Clone)]
pub(super) struct Identity {
    /// Counted from the start of the server.
    pub number: u64,
    user: Option<Box<str>>,
    /// The address as limits count addresses: a single IPv6 customer's network, and not a machine in it.
    network: Option<IpAddr>,
    since: Instant,
}

impl Identity {
    /// A connection of `peer` that begins `now`.
    pub(super) fn new(number: u64, peer: Option<IpAddr>, now: Instant) -> Identity {
        Identity { number, user: None, network: peer.map(network), since: now }
    }

    /// The application has let the client in, and knows it by this name.
    pub(super) fn signed_in(&mut self, user: Option<String>) {
        self.user = user.map(String::into_boxed_str).or(self.user.take());
    }

    /// The one line about the end of the connection. Strangers can cause as many as they like, so theirs are not usually seen.
    pub(super) fn tell_of_end(&self, reason: Reason, transport: Transport) {
        let level = if self.user.is_some() { Level::Info } else { Level::Debug };
        let by = match transport {
            Transport::Polling => "polling",
            Transport::WebSocket => "websocket",
        };
        log::log!(level, "connection ended: {reason} ({self}, by {by}, after {:.1?})", self.since.elapsed());
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "connection {}", self.number)?;
        if let Some(user) = &self.user {
            write!(f, " of user {user}")?;
        }
        match self.network {
            Some(network) => write!(f, " from {network}"),
            None => f.write_str(" from nowhere"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_names_number_user_and_masked_address() {
        let mut identity = Identity::new(7, "2001:db8:1:2:3:4:5:6".parse().ok(), Instant::now());
        assert_eq!(identity.to_string(), "connection 7 from 2001:db8:1:2::");
        identity.signed_in(Some("ann".into()));
        identity.signed_in(None);
        assert_eq!(identity.to_string(), "connection 7 of user ann from 2001:db8:1:2::");
        assert_eq!(Identity::new(8, None, Instant::now()).to_string(), "connection 8 from nowhere");
    }
}
