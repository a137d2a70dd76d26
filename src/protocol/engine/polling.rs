//! Long-polling: at most one GET and one POST at a time, what waits between polls, and the upgrade to WebSocket.
use std::{
    collections::VecDeque,
    time::{Duration, Instant},
};

use super::{Frame, MAX_POLLED, PING};
use crate::protocol::Fault;

/// What is said on one connection may overtake what was said before it on another. From the probe on a GET waits so long
/// for a packet or the `5` before it is told that there is nothing, and a refusal for what the WebSocket has to say.
pub const OVERTAKEN: Duration = Duration::from_millis(20);

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
    /// Set by the probe: when a GET that is held is told that there is nothing.
    noop_at: Option<Instant>,
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

    /// A GET came at `now`, and is held until [`Polling::take`] has something for it.
    ///
    /// # Errors
    /// [`Fault::PollOverlap`] if one is held already.
    pub fn hold_poll(&mut self, now: Instant) -> Result<(), Fault> {
        if let Some(Upgrade { noop_at: Some(noop_at), .. }) = &mut self.upgrade {
            *noop_at = now + OVERTAKEN;
        }
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

    /// The answer to the held GET, as soon as there is one. From the probe on there soon is: the client must not be left
    /// waiting on a transport that it is about to leave.
    pub fn take(&mut self, now: Instant) -> Option<Polled> {
        let noop = self.upgrade.as_ref().and_then(|upgrade| upgrade.noop_at).is_some_and(|noop_at| noop_at <= now);
        if !self.poll || (self.waiting.is_empty() && !noop) {
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
            self.upgrade = Some(Upgrade { until, noop_at: None });
        }
        free
    }

    /// The WebSocket said `2probe` at `now`. False if this is not the time for it.
    pub fn probe(&mut self, now: Instant) -> bool {
        match &mut self.upgrade {
            Some(upgrade) if upgrade.noop_at.is_none() => {
                upgrade.noop_at = Some(now + OVERTAKEN);
                true
            }
            _ => false,
        }
    }

    /// Whether the next word of the WebSocket must be `5`.
    pub fn is_probed(&self) -> bool {
        self.upgrade.as_ref().is_some_and(|upgrade| upgrade.noop_at.is_some())
    }

    /// The WebSocket is gone; polling goes on.
    pub fn abandon_upgrade(&mut self) {
        self.upgrade = None;
    }

    /// When the WebSocket must have completed.
    pub fn upgrade_due(&self) -> Option<Instant> {
        self.upgrade.as_ref().map(|upgrade| upgrade.until)
    }

    /// When there is something to do, if nothing is heard until then.
    pub fn due(&self) -> Option<Instant> {
        let upgrade = self.upgrade.as_ref()?;
        let noop_at = upgrade.noop_at.filter(|_| self.poll);
        Some(noop_at.map_or(upgrade.until, |noop_at| noop_at.min(upgrade.until)))
    }

    /// Everything that waits, for the WebSocket that takes over.
    pub fn into_waiting(self) -> VecDeque<Frame> {
        self.waiting
    }
}
