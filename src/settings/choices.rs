//! Settings that are one of a few words.
use std::fmt;

use serde::Deserialize;

/// SQLite's `PRAGMA synchronous`: what survives a power cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
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

/// How mail leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Transport {
    /// As files in a folder.
    Outbox,
    /// To a mail server.
    Smtp,
}

/// Where the bytes of files are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileStore {
    /// In a folder.
    Folder,
    /// In a bucket of a service that speaks S3.
    S3,
}

/// How a socket without valid tokens is turned away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefuseWith {
    /// Connected, told `auth-failure`, disconnected.
    Event,
    /// Refused by CONNECT_ERROR.
    ConnectError,
}
