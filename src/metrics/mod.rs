//! The names and meanings of all numbers that operators watch, in the words of this house: *classes* of actors, their
//! *mailboxes*, *turns* and *refusals*. Reads the counters of the rooms when it is asked and keeps none of its own.
mod accounts;
mod actors;
mod cluster;
mod files;
mod log;
mod messages;
mod page;
mod process;
mod search;
mod sockets;
mod storage;
mod turned_away;

use std::{fmt, sync::Arc};

use prometheus_client::{collector::Collector, encoding::text, registry::Registry};

pub use accounts::Accounts;
pub use actors::Actors;
pub use cluster::Cluster;
pub use files::Files;
pub use log::Log;
pub use messages::Messages;
pub use process::open_files;
pub use search::Search;
pub use sockets::Sockets;
pub use storage::Storage;

use crate::auth::Auth;
use process::Process;
use turned_away::TurnedAway;

/// The content type of the page.
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Everything that can be watched.
pub struct Metrics {
    registry: Registry,
    accounts: Arc<Accounts>,
}

impl Metrics {
    /// What every server has: accounts, and a process that it runs in.
    pub fn new(auth: Auth) -> Self {
        let mut registry = Registry::default();
        registry.sub_registry_with_prefix("process").register_collector(Box::new(Process));
        let accounts = Arc::new(Accounts::new(auth));
        Self { registry, accounts: accounts.clone() }.with(accounts).with(TurnedAway)
    }

    /// Watches something more.
    pub fn with(mut self, collector: impl Collector) -> Self {
        self.registry.sub_registry_with_prefix("greenroom").register_collector(Box::new(collector));
        self
    }

    /// The page for Prometheus, in the OpenMetrics text format.
    ///
    /// # Errors
    /// None that a string can have.
    pub async fn page(&self) -> Result<String, fmt::Error> {
        self.accounts.count_mails().await;
        let mut page = String::new();
        text::encode(&mut page, &self.registry)?;
        Ok(page)
    }
}
