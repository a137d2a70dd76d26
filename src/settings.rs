//! Settings.
use std::fmt;

/// Where data is kept.
#[derive(Debug, Clone)]
pub struct Database {
    /// `sqlite://FILE`, `postgres://…` or `mysql://…`.
    pub url: String,
    /// SQLite only: how sure a commit is.
    pub synchronous: Synchronous,
}

/// SQLite's `PRAGMA synchronous`: what survives a power cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Synchronous {
    /// Nothing is waited for.
    Off,
    /// The database stays whole; the newest commits may be lost.
    Normal,
    /// Every commit is on disk before it is acknowledged.
    Full,
    /// As `Full`, and the folder's entry too.
    Extra,
}

impl fmt::Display for Synchronous {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Off => "off",
            Self::Normal => "normal",
            Self::Full => "full",
            Self::Extra => "extra",
        })
    }
}
