//! What a client missed while it was away.
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    ClientEvent, Limits, Message, Parser, Query, Tell,
    payload::{Payload, Text, seq, size},
};
use crate::domain::{ChatId, Refusal, Seq};

/// What the client knows, and how much it wants to hear of the rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sync {
    /// The newest message seen of each chat, by the id as it was given; `None`: nothing has that id.
    pub seen: Vec<(String, Option<ChatId>, Seq)>,
    /// Messages per chat.
    pub limit: u64,
}

pub(super) const EVENTS: &[(&str, Parser)] = &[("sync", sync)];

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Seen<'a> {
    #[serde(borrow)]
    chats: Option<BTreeMap<Text<'a>, i64>>,
    limit: Option<i64>,
}

/// An id that is none names a chat the caller is not in, which is an answer here, not a refusal.
fn sync(payload: Payload<'_>, limits: &Limits) -> Result<ClientEvent, Refusal> {
    let asked: Seen = payload.read_if_any()?;
    let limit = size(asked.limit, limits)?;
    let mut seen = Vec::new();
    for (id, number) in asked.chats.unwrap_or_default() {
        let seq = seq("The last Seq", Some(number))?.unwrap_or_default();
        seen.push((id.to_string(), id.parse().ok(), seq));
    }
    Ok(Query::Sync(Sync { seen, limit }).into())
}

/// What was missed in one chat.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct MissedChat<'a> {
    /// The chat.
    pub id: ChatId,
    /// `Self`, `Personal` or `Group`.
    pub kind: &'static str,
    /// Its newest message.
    pub last_seq: Seq,
    /// Oldest first.
    pub messages: Vec<Message<'a>>,
    /// Whether newer ones follow.
    pub has_more: bool,
}

/// What was missed, for a client that wants no acknowledgement.
#[derive(Debug, Serialize)]
#[serde(untagged, rename_all_fields = "PascalCase")]
#[allow(missing_docs, reason = "the fields are the contract's own, explained there once")]
pub enum SyncEvent<'a> {
    SyncResult { chats: Vec<MissedChat<'a>>, gone: Vec<String> },
}

impl Tell for SyncEvent<'_> {
    fn name(&self) -> &'static str {
        match self {
            Self::SyncResult { .. } => "sync-result",
        }
    }
}
