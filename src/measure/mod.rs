//! Instruments that an actor can afford while it works: a few nanoseconds each. Every room counts in them what it does;
//! they know no names, which `metrics` gives them when it reads them. And lines of the log that are told now and then.
mod told;

use std::{
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::Instant,
};

use prometheus_client::metrics::histogram::Histogram;

pub use told::{Told, sum_up, tell, tell_refused, totals};

/// One in so many is timed: asking a clock costs more than counting.
pub const SAMPLED: u64 = 64;

/// From a hop within a thread to the time in which a message must be answered.
const SECONDS: [f64; 11] = [0.000_005, 0.000_02, 0.000_1, 0.000_5, 0.002, 0.01, 0.05, 0.2, 1.0, 5.0, 10.0];

/// Counted by any thread.
#[derive(Debug, Default)]
pub struct Count(AtomicU64);

impl Count {
    /// None yet.
    pub const fn new() -> Self {
        Self(AtomicU64::new(0))
    }

    /// One more. Says how many there are with it.
    pub fn count(&self) -> u64 {
        self.0.fetch_add(1, Relaxed) + 1
    }

    /// So many more.
    pub fn add(&self, more: u64) {
        self.0.fetch_add(more, Relaxed);
    }

    /// One less, for what comes and goes.
    pub fn uncount(&self) {
        self.0.fetch_sub(1, Relaxed);
    }

    /// How many so far.
    pub fn get(&self) -> u64 {
        self.0.load(Relaxed)
    }
}

/// Counted by one thread, read by any. A load and a store cost a fraction of the atomic addition that a [`Count`] needs.
#[derive(Debug, Default)]
pub struct Tally(AtomicU64);

impl Tally {
    /// One more. Says how many there are with it.
    pub fn count(&self) -> u64 {
        self.add(1)
    }

    /// So many now, for what is set and not counted.
    pub fn set(&self, now: u64) {
        self.0.store(now, Relaxed);
    }

    /// So many more. Says how many there are with them.
    pub fn add(&self, more: u64) -> u64 {
        let sum = self.0.load(Relaxed) + more;
        self.0.store(sum, Relaxed);
        sum
    }

    /// How many so far.
    pub fn get(&self) -> u64 {
        self.0.load(Relaxed)
    }
}

/// How long the messages of a class of actors wait in mailboxes, and how long the turns take in which they are handled.
/// Clones share their times.
#[derive(Debug, Clone)]
pub struct Times {
    /// Seconds from being sent to being taken.
    pub waits: Histogram,
    /// Seconds from being taken to being done with.
    pub turns: Histogram,
}

impl Default for Times {
    fn default() -> Self {
        Self { waits: seconds(), turns: seconds() }
    }
}

impl Times {
    /// Whether the message with this number is one of those that are timed. The first is.
    pub fn is_sampled(number: u64) -> bool {
        number % SAMPLED == 1
    }

    /// Now, if the message with this number is one of those that are timed.
    pub fn sample(number: u64) -> Option<Instant> {
        Self::is_sampled(number).then(Instant::now)
    }

    /// A message is taken that was sent then. Begins its turn.
    pub fn taken(&self, sent: Option<Instant>) -> Option<Instant> {
        let sent = sent?;
        let now = Instant::now();
        self.waits.observe((now - sent).as_secs_f64());
        Some(now)
    }

    /// The turn is over that began then.
    pub fn done(&self, begun: Option<Instant>) {
        if let Some(begun) = begun {
            self.turns.observe(begun.elapsed().as_secs_f64());
        }
    }
}

/// A histogram of times that take from microseconds to seconds.
pub fn seconds() -> Histogram {
    Histogram::new(SECONDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_each_64_is_timed_and_the_others_cost_no_look_at_the_clock() {
        let times = Times::default();
        let sent = Tally::default();
        let timed = (0..3 * SAMPLED).filter_map(|_| times.taken(Times::sample(sent.count())));
        assert_eq!(timed.count(), 3);
        assert!(Times::is_sampled(1) && !Times::is_sampled(2) && !Times::is_sampled(SAMPLED));
    }
}
