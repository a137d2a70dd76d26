//! What is counted of other nodes.
use crate::measure::Tally;
use prometheus_client::metrics::histogram::Histogram;

/// Counters of a node, read by anybody.
#[derive(Debug)]
pub struct Stats {
    /// Nodes that live, this one included.
    pub nodes: Tally,
    /// From the moment at which this node began to look to the one at which what it found was told.
    pub lag: Histogram,
    /// Looks at the feed.
    pub looks: Tally,
    /// Looks that failed.
    pub looks_failed: Tally,
    /// Batches of other nodes that were told here.
    pub batches: Tally,
    /// Batches of this node.
    pub own_batches: Tally,
    /// Batches that wait for others.
    pub waiting: Tally,
    /// Chats that somebody here is in.
    pub watched: Tally,
    /// What was told of chats that nobody here is in.
    pub passed_by: Tally,
    /// Chats that were found to stand elsewhere than the database says.
    pub audit_failed: Tally,
    /// Transactions that cannot be read.
    pub refused: Tally,
}

impl Default for Stats {
    fn default() -> Self {
        let buckets = [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
        Self {
            nodes: Tally::default(),
            lag: Histogram::new(buckets),
            looks: Tally::default(),
            looks_failed: Tally::default(),
            batches: Tally::default(),
            own_batches: Tally::default(),
            waiting: Tally::default(),
            watched: Tally::default(),
            passed_by: Tally::default(),
            audit_failed: Tally::default(),
            refused: Tally::default(),
        }
    }
}
