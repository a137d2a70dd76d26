//! What is counted of the log.
use std::fmt;

use prometheus_client::{collector::Collector, encoding::DescriptorEncoder};

use super::page::{Page, counter};

/// Asks for how many lines of log were dropped because whoever reads them was too slow.
#[derive(Debug)]
pub struct Log(pub fn() -> u64);

impl Collector for Log {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let dropped = counter((self.0)());
        Page(encoder).one("log_lines_dropped", None, "Lines of log that whoever reads them was too slow for.", dropped)
    }
}
