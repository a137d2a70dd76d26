//! Long-polling: at most one GET and one POST at a time, what waits between polls, and the upgrade to WebSocket.
use std::{collections::VecDeque, time::Instant};

use super::{Frame, MAX_POLLED, PING};
use crate::protocol::Fault;

/// What a held GET gets.
#[derive(Debug, PartialEq, Eq)]
pub enum Polled {
    /// The packets that waited.
    Packets(Vec<Frame>),
    /// There are none, but the client must not wait.
    Noop,
}

/// What a connection keeps while it polls; dropped when a WebSocket takes over.
#[derive(Debug, Default)]
pub struct Polling {
    waiting: VecDeque<Frame>,
    poll: bool,
    post: bool,
    upgrade: Option<Upgrade>,
}

#[derive(Debug)]
struct Upgrade {
    until: Instant,
    probed: bool,
}

impl Polling {
    /// A packet for the client waits for its poll. A ping goes before all messages: the clock of its answer runs.
    pub fn push(&mut self, frame: Frame) {
        if frame == PING {
            self.waiting.push_front(frame);
        } else {
            self.waiting.push_back(frame);
        }
    }

    /// A GET came, and is held until [`Polling::take`] has something for it.
    ///
    /// # Errors
    /// [`Fault::PollOverlap`] if one is held already.
    pub fn hold_poll(&mut self) -> Result<(), Fault> {
        if std::mem::replace(&mut self.poll, true) { Err(Fault::PollOverlap) } else { Ok(()) }
    }

    /// A POST began.
    ///
    /// # Errors
    /// [`Fault::PostOverlap`] if another is not answered yet.
    pub fn begin_post(&mut self) -> Result<(), Fault> {
        if std::mem::replace(&mut self.post, true) { Err(Fault::PostOverlap) } else { Ok(()) }
    }

    /// The POST is answered.
    pub fn end_post(&mut self) {
        self.post = false;
    }

    /// The answer to the held GET, as soon as there is one. From the probe on there always is: the client must not be
    /// left waiting on a transport that it is about to leave.
    pub fn take(&mut self) -> Option<Polled> {
        let probed = self.upgrade.as_ref().is_some_and(|upgrade| upgrade.probed);
        if !self.poll || (self.waiting.is_empty() && !probed) {
            return None;
        }
        self.poll = false;
        Some(if self.waiting.is_empty() { Polled::Noop } else { Polled::Packets(self.drain(MAX_POLLED)) })
    }

    /// At most `most` waiting packets, oldest first. Frees the queue's memory with the last.
    pub fn drain(&mut self, most: usize) -> Vec<Frame> {
        let taken = self.waiting.drain(..most.min(self.waiting.len())).collect();
        if self.waiting.is_empty() {
            self.waiting = VecDeque::new();
        }
        taken
    }

    /// A WebSocket for this connection opened; it has until `until` to complete. False if there is one already.
    pub fn begin_upgrade(&mut self, until: Instant) -> bool {
        let free = self.upgrade.is_none();
        if free {
            self.upgrade = Some(Upgrade { until, probed: false });
        }
        free
    }

    /// The WebSocket said `2probe`. False if this is not the time for it.
    pub fn probe(&mut self) -> bool {
        match &mut self.upgrade {
            Some(upgrade) if !upgrade.probed => {
                upgrade.probed = true;
                true
            }
            _ => false,
        }
    }

    /// Whether the next word of the WebSocket must be `5`.
    pub fn is_probed(&self) -> bool {
        self.upgrade.as_ref().is_some_and(|upgrade| upgrade.probed)
    }

    /// The WebSocket is gone; polling goes on.
    pub fn abandon_upgrade(&mut self) {
        self.upgrade = None;
    }

    /// When the WebSocket must have completed.
    pub fn upgrade_due(&self) -> Option<Instant> {
        self.upgrade.as_ref().map(|upgrade| upgrade.until)
    }

    /// Everything that waits, for the WebSocket that takes over.
    pub fn into_waiting(self) -> VecDeque<Frame> {
        self.waiting
    }
}
