//! Messages found by their words: how long that takes, and whether the index keeps up.
use std::{fmt, time::Duration};

use prometheus_client::{
    collector::Collector, encoding::DescriptorEncoder, metrics::gauge::ConstGauge, registry::Unit,
};

use super::page::{Page, counter};
use crate::store::Store;

/// What is watched of searches.
pub struct Search {
    /// The database.
    pub store: Store,
    /// How many chats the index is behind in, and for how long there was always one.
    pub behind: Box<dyn Fn() -> (usize, Duration) + Send + Sync>,
}

impl Collector for Search {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let mut page = Page(encoder);
        let store = self.store.stats();
        let (chats, since) = (self.behind)();
        page.one("search", Some(Unit::Seconds), SEARCH, store.searches.clone())?;
        page.one("search_candidates", None, CANDIDATES, counter(store.candidates.get()))?;
        page.one("indexed_messages", None, INDEXED, counter(store.indexed.get()))?;
        let chats = ConstGauge::new(i64::try_from(chats).unwrap_or(i64::MAX));
        page.one("index_behind_chats", None, "Chats that the index of words is behind in, as far as is known.", chats)?;
        page.one("index_behind", Some(Unit::Seconds), BEHIND, ConstGauge::new(since.as_secs_f64()))
    }
}

const SEARCH: &str = "How long a search of messages takes.";
const CANDIDATES: &str = "Messages that were read because a search might find them.";
const INDEXED: &str = "Messages that were taken into the index of words, or put right there.";
const BEHIND: &str = "For how long the index of words has been behind in some chat. 0: it has everything.";

impl fmt::Debug for Search {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Search")
    }
}
