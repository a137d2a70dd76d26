//! Several nodes: what this one hears of the others, and how soon.
use std::{fmt, sync::Arc, time::Duration};

use prometheus_client::{
    collector::Collector, encoding::DescriptorEncoder, metrics::gauge::ConstGauge, registry::Unit,
};

use super::page::{Page, counter};
use crate::{cluster, registry::Registry};

/// What is watched of other nodes.
pub struct Cluster {
    /// What this node counts of them.
    pub stats: Arc<cluster::Stats>,
    /// Whose chats may have been renewed.
    pub registry: Registry,
    /// For how long nothing could be heard.
    pub blind_for: Box<dyn Fn() -> Duration + Send + Sync>,
    /// Whether the bus is there, if there is to be one.
    pub has_bus: Option<Box<dyn Fn() -> bool + Send + Sync>>,
}

impl Collector for Cluster {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let mut page = Page(encoder);
        let stats = &self.stats;
        let gauge = |value: u64| ConstGauge::new(i64::try_from(value).unwrap_or(i64::MAX));
        page.one("cluster_nodes", None, "Nodes that live, this one included.", gauge(stats.nodes.get()))?;
        page.one("cluster_heard_lag", Some(Unit::Seconds), LAG, stats.lag.clone())?;
        page.one("cluster_looks", None, "Looks at what other nodes did.", counter(stats.looks.get()))?;
        page.one("cluster_looks_failed", None, "Looks that failed.", counter(stats.looks_failed.get()))?;
        let batches =
            [([("from", "feed")], counter(stats.batches.get())), ([("from", "own")], counter(stats.own_batches.get()))];
        page.family("cluster_batches", None, "Batches that were put into the order of all nodes.", batches)?;
        page.one("cluster_waiting_batches", None, "Batches that wait for others.", gauge(stats.waiting.get()))?;
        page.one("cluster_watched", None, "Chats that somebody here is in.", gauge(stats.watched.get()))?;
        page.one("cluster_passed_by", None, PASSED_BY, counter(stats.passed_by.get()))?;
        page.one("cluster_parcels_refused", None, REFUSED, counter(stats.refused.get()))?;
        page.one("cluster_audit_failed", None, AUDIT, counter(stats.audit_failed.get()))?;
        let renewed = self.registry.stats().map(|shard| shard.chats.renewed.get()).sum();
        page.one("cluster_renewed", None, RENEWED, counter(renewed))?;
        page.one("cluster_blind", Some(Unit::Seconds), BLIND, ConstGauge::new((self.blind_for)().as_secs_f64()))?;
        if let Some(has_bus) = &self.has_bus {
            page.one("cluster_bus_up", None, "Whether NATS is there.", gauge(u64::from(has_bus())))?;
        }
        Ok(())
    }
}

const LAG: &str = "From the beginning of a look to the moment at which what it found is told.";
const PASSED_BY: &str = "News of chats that nobody here is in.";
const REFUSED: &str = "Batches of other nodes that cannot be read: all sockets here were renewed.";
const AUDIT: &str = "Chats that were found at another step than the database says. Each is a fault of the server.";
const RENEWED: &str = "Chats whose members' sockets here were closed, so that they catch up.";
const BLIND: &str = "For how long nothing could be heard of other nodes.";

impl fmt::Debug for Cluster {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cluster")
    }
}
