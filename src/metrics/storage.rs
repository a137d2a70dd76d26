//! From a record to the database: batches, commits, tries and queries.
use std::{fmt, sync::Arc};

use prometheus_client::{
    collector::Collector, encoding::DescriptorEncoder, metrics::gauge::ConstGauge, registry::Unit,
};

use super::page::{Page, counter};
use crate::{
    store::{Ended, Store},
    writer,
};

/// What is watched of the writer and the database.
pub struct Storage {
    /// The writer.
    pub writer: Arc<writer::Stats>,
    /// The database.
    pub store: Store,
}

impl Collector for Storage {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let mut page = Page(encoder);
        let writer = &self.writer;
        let store = self.store.stats();
        page.one("batch_records", None, "Messages and changes per batch of the writer.", writer.batches.clone())?;
        page.one("commit", Some(Unit::Seconds), COMMIT, writer.commits.clone())?;
        page.one("writer_retries", None, "Batches that were tried again.", counter(writer.retries.get()))?;
        page.one(
            "records_failed",
            None,
            "Messages and changes that could not be stored.",
            counter(writer.failed.get()),
        )?;
        let stuck = ConstGauge::new(writer.stuck_for().as_secs_f64());
        page.one("writer_stuck", Some(Unit::Seconds), STUCK, stuck)?;
        let queries = [([("kind", "read")], store.reads.clone()), ([("kind", "write")], store.writes.clone())];
        page.family("query", Some(Unit::Seconds), QUERY, queries)?;
        let failed = counter(store.failed.get());
        page.one("query_failures", None, "Statements that the database did not carry out.", failed)?;
        let removed = Ended::ALL.map(|kind| ([("kind", kind.as_str())], counter(store.removed.get(kind))));
        page.family("removed_rows", None, "Rows removed because what they tell of is over.", removed)
    }
}

const COMMIT: &str = "How long the database takes for a batch, from the beginning of the transaction to its end.";
const STUCK: &str = "For how long records have been waiting while no batch could be stored. 0: none waits.";
const QUERY: &str = "How long a statement takes. Write: by a connection that changes something.";

impl fmt::Debug for Storage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Storage")
    }
}
