//! What is counted of the bytes of files.
use crate::measure::Tally;

/// What is counted of the bytes of files.
#[derive(Default)]
pub struct Stats {
    /// Files that were put.
    pub uploads: Tally,
    /// Their bytes.
    pub uploaded_bytes: Tally,
    /// Answers with bytes.
    pub downloads: Tally,
    /// Files whose bytes were removed.
    pub removed: Tally,
    /// What the folder or the service did not do.
    pub failures: Tally,
}
