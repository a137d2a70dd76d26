//! What is counted about the statements that the database is given.
use prometheus_client::metrics::histogram::Histogram;

use super::accounts::Removed;
use crate::measure::{Count, seconds};

/// Counters of the statements, read by anybody.
#[derive(Debug)]
pub struct Stats {
    /// All statements.
    pub statements: Count,
    /// Seconds per statement outside transactions.
    pub reads: Histogram,
    /// Seconds per statement within transactions that change something.
    pub writes: Histogram,
    /// Statements that failed.
    pub failed: Count,
    /// Seconds per search of messages.
    pub searches: Histogram,
    /// Messages that were read for them.
    pub candidates: Count,
    /// Messages that were taken into the index, or put right there.
    pub indexed: Count,
    /// Rows that were removed because what they tell of is over.
    pub removed: Removed,
}

impl Default for Stats {
    fn default() -> Self {
        Self {
            statements: Count::default(),
            reads: seconds(),
            writes: seconds(),
            failed: Count::default(),
            searches: seconds(),
            candidates: Count::default(),
            indexed: Count::default(),
            removed: Removed::default(),
        }
    }
}
