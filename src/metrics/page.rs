//! How a family of numbers gets onto the page: its name, what it says, and one line for each set of labels.
use std::fmt;

use prometheus_client::{
    encoding::{DescriptorEncoder, EncodeMetric},
    metrics::{counter::ConstCounter, gauge::ConstGauge},
    registry::Unit,
};

/// The page that a scrape is answered with.
pub(super) struct Page<'a>(pub(super) DescriptorEncoder<'a>);

impl Page<'_> {
    /// A family without labels.
    pub(super) fn one(&mut self, name: &str, unit: Option<Unit>, help: &str, value: impl EncodeMetric) -> fmt::Result {
        value.encode(self.0.encode_descriptor(name, help, unit.as_ref(), value.metric_type())?)
    }

    /// A family with labels. Not there while nothing has any.
    pub(super) fn family<M: EncodeMetric, const N: usize>(
        &mut self,
        name: &str,
        unit: Option<Unit>,
        help: &str,
        samples: impl IntoIterator<Item = ([(&'static str, &'static str); N], M)>,
    ) -> fmt::Result {
        let mut samples = samples.into_iter().peekable();
        let Some((_, first)) = samples.peek() else { return Ok(()) };
        let mut metric = self.0.encode_descriptor(name, help, unit.as_ref(), first.metric_type())?;
        samples.try_for_each(|(labels, value)| value.encode(metric.encode_family(&labels)?))
    }
}

/// What goes up and down.
pub(super) fn gauge(value: u64) -> ConstGauge<u64> {
    ConstGauge::new(value)
}

/// What only grows.
pub(super) fn counter(value: u64) -> ConstCounter<u64> {
    ConstCounter::new(value)
}
