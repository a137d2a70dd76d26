//! One answer of the server, and what changed since the one before.
use std::time::Instant;

use prometheus_parse::{Sample, Scrape, Value};
use serde::Deserialize;

/// Why there is nothing to show, for the reader.
pub(super) type Trouble = String;

/// A chat and its commands per second.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Busy {
    pub(super) chat: String,
    #[serde(rename = "commands_per_second")]
    pub(super) rate: f64,
}

/// All numbers of one moment.
pub(super) struct Snapshot {
    at: Instant,
    samples: Vec<Sample>,
    pub(super) busiest: Vec<Busy>,
}

/// Labels that a sample must have.
pub(super) type Labels<'a> = &'a [(&'a str, &'a str)];

impl Snapshot {
    pub(super) fn new(page: &str, busiest: Vec<Busy>) -> Result<Self, Trouble> {
        let scrape = Scrape::parse(page.lines().map(|line| Ok(line.to_owned()))).map_err(|error| error.to_string())?;
        Ok(Self { at: Instant::now(), samples: scrape.samples, busiest })
    }

    /// The samples of a family with these labels.
    fn family(&self, name: &str, labels: Labels) -> impl Iterator<Item = &Sample> {
        let fits = move |sample: &&Sample| {
            labels.iter().all(|(key, value)| sample.labels.get(key).is_some_and(|has| has == *value))
        };
        self.samples.iter().filter(move |sample| sample.metric == name).filter(fits)
    }

    /// The sum of a family, as far as it has these labels.
    pub(super) fn sum(&self, name: &str, labels: Labels) -> f64 {
        self.family(name, labels).map(number).fold(0.0, |sum, number| sum + number)
    }

    /// The samples of a family above zero: their labels' values, and how many.
    pub(super) fn positive(&self, name: &str, labels: &[&str]) -> Vec<(Vec<String>, f64)> {
        let values =
            |sample: &Sample| labels.iter().filter_map(|key| sample.labels.get(key)).map(str::to_owned).collect();
        let samples = self.family(name, &[]).filter(|sample| number(sample) > 0.0);
        samples.map(|sample| (values(sample), number(sample))).collect()
    }

    fn buckets(&self, name: &str, labels: Labels) -> Vec<(f64, f64)> {
        let histogram = self.family(name, labels).find_map(|sample| match &sample.value {
            Value::Histogram(counts) => Some(counts),
            _ => None,
        });
        histogram.into_iter().flatten().map(|bucket| (bucket.less_than, bucket.count)).collect()
    }
}

fn number(sample: &Sample) -> f64 {
    match sample.value {
        Value::Counter(value) | Value::Gauge(value) | Value::Untyped(value) => value,
        Value::Histogram(_) | Value::Summary(_) => 0.0,
    }
}

/// The present, and the moment before it.
#[derive(Clone, Copy)]
pub(super) struct Window<'a> {
    pub(super) before: Option<&'a Snapshot>,
    pub(super) now: &'a Snapshot,
}

impl Window<'_> {
    /// How much a counter grows in a second. A server that was started anew begins at zero.
    pub(super) fn rate(&self, name: &str, labels: Labels) -> f64 {
        let Some(before) = self.before else { return 0.0 };
        let grown = self.now.sum(name, labels) - before.sum(name, labels);
        grown.max(0.0) / (self.now.at - before.at).as_secs_f64().max(0.001)
    }

    /// The mean of what a histogram was given since.
    pub(super) fn mean(&self, name: &str) -> Option<f64> {
        let sum = self.rate(&format!("{name}_sum"), &[]);
        let count = self.rate(&format!("{name}_count"), &[]);
        (count > 0.0).then_some(sum / count)
    }

    /// What 99 of 100 did not exceed since the moment before: the bound of the histogram's bucket.
    pub(super) fn p99(&self, name: &str, labels: Labels) -> Option<f64> {
        let before = self.before.map_or(Vec::new(), |before| before.buckets(name, labels));
        let grown = |at: usize, count: f64| (count - before.get(at).map_or(0.0, |(_, count)| *count)).max(0.0);
        let buckets = self.now.buckets(name, labels).into_iter().enumerate();
        let grown: Vec<_> = buckets.map(|(at, (bound, count))| (bound, grown(at, count))).collect();
        let (_, all) = *grown.last()?;
        grown.into_iter().find(|(_, count)| all > 0.0 && *count >= all * 0.99).map(|(bound, _)| bound)
    }
}
