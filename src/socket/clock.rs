//! What a client that speaks HTTP owes the server next, and until when: a request's head, its body, or that it reads. The
//! stream of its connection asks, the requests tell. All of them run in one task.
use std::{
    cell::Cell,
    rc::Rc,
    sync::Arc,
    time::{Duration, Instant},
};

use super::{Deadlines, shutdown::Shutdown};

/// So many bytes of a body have its deadline for themselves.
const MUCH: usize = 1024 * 1024;

/// The clock of one connection.
pub struct Clock {
    deadlines: Deadlines,
    shutdown: Arc<Shutdown>,
    phase: Cell<Phase>,
    /// Bytes of the body at hand since its deadline was set.
    body_bytes: Cell<usize>,
    /// Nothing more can be sent; until when the client must have read.
    stalled: Cell<Option<Instant>>,
}

#[derive(Clone, Copy)]
enum Phase {
    /// No byte of the next request is there.
    Idle(Instant),
    /// Its head is on its way.
    Head(Instant),
    /// Its body is.
    Body(Instant),
    /// It is whole, and the server's turn.
    Work,
}

impl Clock {
    /// A connection begins.
    pub fn start(deadlines: Deadlines, shutdown: Arc<Shutdown>) -> Rc<Clock> {
        let head = Instant::now() + deadlines.head;
        let phase = Cell::new(Phase::Head(head));
        Rc::new(Clock { deadlines, shutdown, phase, body_bytes: Cell::new(0), stalled: Cell::new(None) })
    }

    /// When the connection is over unless the client does what it owes.
    pub fn until(&self) -> Option<Instant> {
        let owed = self.stalled.get().or(match self.phase.get() {
            Phase::Idle(until) | Phase::Head(until) | Phase::Body(until) => Some(until),
            Phase::Work => None,
        });
        match (owed, self.shutdown.last_moment()) {
            (Some(owed), Some(last)) => Some(owed.min(last)),
            (owed, last) => owed.or(last),
        }
    }

    /// Bytes came.
    pub fn heard(&self) {
        if let Phase::Idle(_) = self.phase.get() {
            self.phase.set(Phase::Head(self.after(self.deadlines.head)));
        }
    }

    /// Bytes cannot be sent.
    pub fn stall(&self) {
        if self.stalled.get().is_none() {
            self.stalled.set(Some(self.after(self.deadlines.answer)));
        }
    }

    /// They could.
    pub fn sent(&self) {
        if self.stalled.take().is_some()
            && let Phase::Idle(_) = self.phase.get()
        {
            // What was not read yet was the last of an answer.
            self.rest();
        }
    }

    /// The head of a request is there.
    pub fn begin(&self, has_body: bool) {
        let body = self.after(self.deadlines.body);
        self.phase.set(if has_body { Phase::Body(body) } else { Phase::Work });
        self.body_bytes.set(0);
    }

    /// So much of its body came. Each [`MUCH`] of a long one may take as long as a short one.
    pub fn took(&self, bytes: usize) {
        let sum = self.body_bytes.get() + bytes;
        self.body_bytes.set(sum % MUCH);
        if sum >= MUCH
            && let Phase::Body(_) = self.phase.get()
        {
            self.phase.set(Phase::Body(self.after(self.deadlines.body)));
        }
    }

    /// Its body is whole.
    pub fn received(&self) {
        if let Phase::Body(_) = self.phase.get() {
            self.phase.set(Phase::Work);
        }
    }

    /// It is answered. If its body is not there by then, it is still owed, or the connection ends.
    pub fn answered(&self) {
        if let Phase::Work = self.phase.get() {
            self.rest();
        }
    }

    fn rest(&self) {
        self.phase.set(Phase::Idle(self.after(self.deadlines.head)));
    }

    fn after(&self, time: Duration) -> Instant {
        Instant::now() + time
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clock() -> Rc<Clock> {
        let deadlines = Deadlines {
            head: Duration::from_secs(100),
            body: Duration::from_secs(200),
            answer: Duration::from_secs(300),
        };
        Clock::start(deadlines, Arc::default())
    }

    /// The deadline in force, in hundreds of seconds from now; 0 if there is none.
    fn owed(clock: &Clock) -> u64 {
        clock.until().map_or(0, |until| (until - Instant::now()).as_secs().div_ceil(100))
    }

    #[test]
    fn each_part_of_a_request_has_its_deadline_and_the_servers_own_work_has_none() {
        let clock = clock();
        assert_eq!(owed(&clock), 1, "the head");
        clock.begin(true);
        assert_eq!(owed(&clock), 2, "the body");
        clock.received();
        assert_eq!(owed(&clock), 0, "a held poll");
        clock.stall();
        assert_eq!(owed(&clock), 3, "the answer");
        clock.answered();
        assert_eq!(owed(&clock), 3, "the last of it is not read yet");
        clock.sent();
        assert_eq!(owed(&clock), 1, "the next request");
    }

    #[test]
    fn bytes_that_drip_move_no_deadline() {
        let clock = clock();
        for owe in [Clock::heard as fn(&Clock), |clock| clock.begin(true), Clock::stall] {
            owe(&clock);
            let until = clock.until();
            clock.heard();
            if clock.stalled.get().is_some() {
                clock.stall();
            }
            assert_eq!(clock.until(), until);
        }
    }

    #[test]
    fn a_body_that_nobody_read_is_still_owed_after_the_answer() {
        let clock = clock();
        clock.begin(true);
        clock.answered();
        assert_eq!(owed(&clock), 2);
    }

    #[test]
    fn a_stop_is_the_end_of_all_patience() {
        let clock = clock();
        clock.begin(false);
        assert_eq!(owed(&clock), 0);
        let now = Instant::now();
        clock.shutdown.end_by(now);
        assert_eq!(clock.until(), Some(now));
        clock.begin(true);
        assert_eq!(clock.until(), Some(now));
    }
}
