//! What the writer counts, and whether it gets on.
use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};

use crate::measure::{Tally, Times, seconds};

/// Failures that lie further apart than this have nothing to do with each other.
const APART: Duration = Duration::from_secs(2);

/// Counters of the writer, read by anybody.
#[derive(Debug)]
pub struct Stats {
    /// Records taken from the mailbox.
    pub taken: Tally,
    /// Facts that could not be stored.
    pub failed: Tally,
    /// Batches that were tried again.
    pub retries: Tally,
    /// Facts per batch.
    pub batches: Histogram,
    /// Seconds per transaction, from its beginning to its commit.
    pub commits: Histogram,
    /// Waits of records, and turns: one batch is one turn.
    pub times: Times,
    progress: Mutex<Progress>,
}

#[derive(Debug, Default)]
struct Progress {
    /// Whether a batch is under way.
    at_work: bool,
    /// When the last batch ended.
    ended: Option<Instant>,
    /// Since when no batch was stored, if that is what the present one waits for.
    stalled: Option<Instant>,
}

impl Default for Stats {
    fn default() -> Self {
        Self {
            taken: Tally::default(),
            failed: Tally::default(),
            retries: Tally::default(),
            batches: Histogram::new(exponential_buckets(1.0, 2.0, 11)),
            commits: seconds(),
            times: Times::default(),
            progress: Mutex::default(),
        }
    }
}

impl Stats {
    /// For how long records have been waiting that could not be stored. Nothing if none waits.
    pub fn stuck_for(&self) -> Duration {
        let progress = self.progress();
        let stalled = progress.stalled.filter(|_| progress.at_work);
        stalled.map_or(Duration::ZERO, |since| since.elapsed())
    }

    pub(super) fn begin(&self, records: usize) {
        self.batches.observe(records as f64);
        let mut progress = self.progress();
        if progress.ended.is_none_or(|ended| ended.elapsed() > APART) {
            progress.stalled = None;
        }
        progress.at_work = true;
        progress.stalled.get_or_insert_with(Instant::now);
    }

    /// Of a batch, so many records could not be stored; the others were.
    pub(super) fn end(&self, failed: usize, stored: usize) {
        self.failed.add(failed as u64);
        let mut progress = self.progress();
        progress.at_work = false;
        progress.ended = Some(Instant::now());
        if stored > 0 {
            progress.stalled = None;
        }
    }

    /// Nothing that runs under the lock can leave it half done.
    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_writer_is_stuck_from_its_first_batch_on_that_is_not_stored_until_one_is() {
        let stats = Stats::default();
        assert_eq!(stats.stuck_for(), Duration::ZERO);
        stats.begin(1);
        stats.end(1, 0);
        assert_eq!(stats.stuck_for(), Duration::ZERO, "nothing waits any more");
        let first = Instant::now();
        stats.begin(2);
        assert!(stats.stuck_for() >= first.elapsed(), "the failure before counts");
        stats.end(0, 2);
        stats.begin(1);
        assert!(stats.stuck_for() <= first.elapsed());
    }
}
