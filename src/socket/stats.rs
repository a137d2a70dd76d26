//! What is counted: live connections by transport, ended ones by reason.
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use super::Reason;
use crate::protocol::engine::Transport;

/// Counters of one server, readable at any time.
#[derive(Debug, Default)]
pub struct Stats {
    polling: AtomicUsize,
    websocket: AtomicUsize,
    ended: [AtomicU64; Reason::ALL.len()],
}

impl Stats {
    /// Live connections on long-polling.
    pub fn polling(&self) -> usize {
        self.polling.load(Ordering::Relaxed)
    }

    /// Live connections on WebSocket.
    pub fn websocket(&self) -> usize {
        self.websocket.load(Ordering::Relaxed)
    }

    /// Connections that ended for `reason` so far.
    pub fn ended(&self, reason: Reason) -> u64 {
        self.ended[reason as usize].load(Ordering::Relaxed)
    }

    pub(super) fn begin(&self, transport: Transport) {
        self.live(transport).fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn leave(&self, transport: Transport) {
        self.live(transport).fetch_sub(1, Ordering::Relaxed);
    }

    pub(super) fn end(&self, reason: Reason) {
        self.ended[reason as usize].fetch_add(1, Ordering::Relaxed);
    }

    fn live(&self, transport: Transport) -> &AtomicUsize {
        match transport {
            Transport::Polling => &self.polling,
            Transport::WebSocket => &self.websocket,
        }
    }
}
