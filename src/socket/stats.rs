//! What is counted: connections by transport, ended ones by reason, frames that wait and handshakes that found no place.
use super::{Reason, occupancy::Full};
use crate::{
    measure::{Count, Times},
    protocol::engine::Transport,
};

/// Counters of one server, readable at any time.
#[derive(Debug, Default)]
pub struct Stats {
    polling: Lived,
    websocket: Lived,
    /// Connections that moved from polling to WebSocket.
    pub upgraded: Count,
    /// Handshakes refused because the server was full or stopping.
    pub refused_by_server: Count,
    /// Handshakes refused because their address had its share.
    pub refused_by_address: Count,
    /// TCP connections closed at once because there were too many, or the server was ending.
    pub turned_away_by_server: Count,
    /// TCP connections closed at once because their address had its share.
    pub turned_away_by_address: Count,
    /// How often a socket was not read for a while because too many of its frames waited.
    pub paused: Count,
    /// Waits and turns of frames that came by WebSocket, of which the first of each 64 of a socket are timed.
    pub times: Times,
    /// Connections so far. Their numbers in the log.
    numbered: Count,
    ended: [Count; Reason::ALL.len()],
}

/// Connections of one transport.
#[derive(Debug, Default)]
struct Lived {
    opened: Count,
    live: Count,
}

impl Stats {
    /// Live connections on long-polling.
    pub fn polling(&self) -> u64 {
        self.polling.live.get()
    }

    /// Live connections on WebSocket.
    pub fn websocket(&self) -> u64 {
        self.websocket.live.get()
    }

    /// Connections that began with long-polling so far.
    pub fn opened_polling(&self) -> u64 {
        self.polling.opened.get()
    }

    /// Connections that began with WebSocket so far.
    pub fn opened_websocket(&self) -> u64 {
        self.websocket.opened.get()
    }

    /// Connections that ended for `reason` so far.
    pub fn ended(&self, reason: Reason) -> u64 {
        self.ended[reason as usize].get()
    }

    /// A connection begins. Says its number.
    pub(super) fn begin(&self, transport: Transport) -> u64 {
        self.of(transport).opened.count();
        self.of(transport).live.count();
        self.numbered.count()
    }

    pub(super) fn upgrade(&self) {
        self.upgraded.count();
        self.polling.live.uncount();
        self.websocket.live.count();
    }

    pub(super) fn end(&self, transport: Transport, reason: Reason) {
        self.of(transport).live.uncount();
        self.ended[reason as usize].count();
    }

    pub(super) fn refuse(&self, full: Full) -> Full {
        match full {
            Full::Server => self.refused_by_server.count(),
            Full::Address => self.refused_by_address.count(),
        };
        full
    }

    pub(super) fn turn_away(&self, full: Full) {
        match full {
            Full::Server => self.turned_away_by_server.count(),
            Full::Address => self.turned_away_by_address.count(),
        };
    }

    fn of(&self, transport: Transport) -> &Lived {
        match transport {
            Transport::Polling => &self.polling,
            Transport::WebSocket => &self.websocket,
        }
    }
}
