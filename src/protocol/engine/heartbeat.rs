//! The heartbeat of one connection: ping, pong, and the next ping an interval after the pong.
use std::time::{Duration, Instant};

/// Runs from the handshake to the end, whatever the transport does.
#[derive(Debug)]
pub struct Heartbeat {
    due: Instant,
    pinged: bool,
}

/// What is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beat {
    /// Nothing yet.
    Rest,
    /// A ping is to be sent.
    Ping,
    /// The client did not answer the last one.
    Dead,
}

impl Heartbeat {
    /// The first ping is due an interval after the handshake.
    pub fn new(interval: Duration, now: Instant) -> Heartbeat {
        Heartbeat { due: now + interval, pinged: false }
    }

    /// When [`Heartbeat::beat`] will have something to say.
    pub fn due(&self) -> Instant {
        self.due
    }

    /// The latest time at which this connection dies if nothing more is heard.
    pub fn death(&self, timeout: Duration) -> Instant {
        if self.pinged { self.due } else { self.due + timeout }
    }

    /// Time has passed.
    pub fn beat(&mut self, timeout: Duration, now: Instant) -> Beat {
        if now < self.due {
            return Beat::Rest;
        }
        if self.pinged {
            return Beat::Dead;
        }
        self.pinged = true;
        // A timer rings a little late: that gives nobody more time, as long as the client has half of it left.
        self.due = (self.due + timeout).max(now + timeout / 2);
        Beat::Ping
    }

    /// A pong came. One that nothing asked for changes nothing.
    pub fn pong(&mut self, interval: Duration, now: Instant) {
        if self.pinged {
            self.pinged = false;
            self.due = now + interval;
        }
    }

    /// The pong may lie in what the server itself has not read yet: waits for it from now on.
    pub fn excuse(&mut self, timeout: Duration, now: Instant) {
        if self.pinged {
            self.due = now + timeout;
        }
    }
}
