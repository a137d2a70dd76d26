//! Several nodes on one database: the section, and what can be wrong in it.
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use url::Url;

use super::{
    Settings,
    rule::{Rule, rule},
    units,
};

/// Several nodes on one database.
#[derive(Debug, Clone, Deserialize)]
pub struct Cluster {
    /// Whether this server is one of several.
    pub enabled: bool,
    /// Where NATS is, if there is one.
    pub nats_url: SecretString,
    /// What subjects there begin with.
    pub subject: String,
    /// How this node is called; empty: by its address.
    pub name: String,
    /// From one look at what others did to the next.
    #[serde(deserialize_with = "units::duration")]
    pub poll: Duration,
    /// How long what was done is kept for others.
    #[serde(deserialize_with = "units::duration")]
    pub keep: Duration,
}

/// What must hold of it.
pub(super) fn rules(settings: &Settings) -> Vec<Rule> {
    let cluster = &settings.cluster;
    let url = settings.database.url.expose_secret();
    let second = Duration::from_secs(1);
    let subject = &cluster.subject;
    let has_subject = !subject.is_empty() && subject.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    let nats = cluster.nats_url.expose_secret();
    let is_nats = nats.is_empty() || nats.split(',').all(|url| is_nats(url.trim()));
    vec![
        rule(
            !cluster.enabled || !url.starts_with("sqlite:"),
            "cluster.enabled",
            "expected database.url to name PostgreSQL or MariaDB: SQLite serves one server",
        ),
        rule(
            !cluster.enabled || settings.auth.own_secret().is_some(),
            "auth.secret",
            "expected the same secret on all nodes, because cluster.enabled is set",
        ),
        rule(is_nats, "cluster.nats_url", "expected URLs such as \"nats://127.0.0.1:4222\", by commas"),
        rule(has_subject, "cluster.subject", "expected letters, digits, dots and hyphens"),
        rule((Duration::from_millis(20)..=second).contains(&cluster.poll), "cluster.poll", "expected 20ms to 1s"),
        rule((60 * second..=24 * 3600 * second).contains(&cluster.keep), "cluster.keep", "expected 1m to 24h"),
    ]
}

fn is_nats(url: &str) -> bool {
    Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "nats" | "tls" | "ws" | "wss") && url.has_host())
}
