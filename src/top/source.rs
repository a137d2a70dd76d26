//! The admin listener of a server, asked over HTTP.
use std::time::Duration;

use awc::Client;
use serde::de::DeserializeOwned;
use tokio::time::{Instant, sleep_until};

use super::snapshot::{Busy, Snapshot, Trouble};

/// A server that takes longer is as good as away.
const PATIENCE: Duration = Duration::from_secs(2);

/// A server to ask.
pub(super) struct Source {
    client: Client,
    url: String,
}

impl Source {
    pub(super) fn new(url: &str) -> Self {
        Self { client: Client::builder().timeout(PATIENCE).finish(), url: url.to_owned() }
    }

    /// How the server does at that moment.
    pub(super) async fn read(&self, at: Instant) -> Result<Snapshot, Trouble> {
        sleep_until(at).await;
        let page = self.get("/metrics").await?;
        let page = String::from_utf8(page).map_err(|_| "it does not answer like Greenroom")?;
        let busiest: Vec<Busy> = self.get_json("/chats/busiest").await?;
        Snapshot::new(&page, busiest)
    }

    async fn get_json<T: DeserializeOwned>(&self, path: &str) -> Result<T, Trouble> {
        serde_json::from_slice(&self.get(path).await?).map_err(|_| format!("{path} does not answer like Greenroom"))
    }

    async fn get(&self, path: &str) -> Result<Vec<u8>, Trouble> {
        let asked = self.client.get(format!("{}{path}", self.url)).send().await;
        let mut answer = asked.map_err(|error| error.to_string())?;
        if !answer.status().is_success() {
            return Err(format!("{path} answers {}", answer.status()));
        }
        Ok(answer.body().await.map_err(|error| error.to_string())?.to_vec())
    }
}
