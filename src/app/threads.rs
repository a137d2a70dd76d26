//! How many threads serve.
use std::thread::available_parallelism;

/// A number of threads; 0 stands for one per core.
pub(super) fn threads(wanted: usize) -> usize {
    if wanted > 0 { wanted } else { available_parallelism().map_or(1, usize::from) }
}
