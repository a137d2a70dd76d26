//! What a client missed while it was away.
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    ClientEvent, Info, Message, My, Parser, PayloadBounds, Prefs, Query, Roster, Tell,
    payload::{Payload, Text, rev, seq, size},
};
use crate::domain::{ChatId, Own, Refusal, Rev, Seq};

/// What the client knows, and how much it wants to hear of the rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sync {
    /// What it has of each chat.
    pub seen: Vec<Seen>,
    /// Messages per chat.
    pub limit: u64,
}

/// What the client has of a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The chat's id as it was given.
    pub id: String,
    /// The chat; `None`: nothing has that id.
    pub chat: Option<ChatId>,
    /// The newest message.
    pub seq: Seq,
    /// Up to which changes it has the chat; `None`: it does not ask for changes. What is below zero it has nothing of.
    pub changes: Option<(Rev, Own)>,
}

pub(super) const EVENTS: &[(&str, Parser)] = &[("sync", sync)];

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Asked<'a> {
    #[serde(borrow)]
    chats: Option<BTreeMap<Text<'a>, Position>>,
    limit: Option<i64>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Position {
    Number(i64),
    #[serde(rename_all = "PascalCase")]
    Whole {
        seq: i64,
        rev: Option<i64>,
        own: Option<i64>,
    },
}

/// What the client has nothing of yet.
const NOTHING: i64 = -1;

/// An id that is none names a chat the caller is not in, which is an answer here, not a refusal.
fn sync(payload: Payload<'_>, bounds: &PayloadBounds) -> Result<ClientEvent, Refusal> {
    let asked: Asked = payload.read_if_any()?;
    let limit = size(asked.limit, bounds)?;
    let mut seen = Vec::new();
    for (id, position) in asked.chats.unwrap_or_default() {
        let (number, changes) = match position {
            Position::Number(number) => (number, None),
            Position::Whole { seq, rev: known, own } => {
                let known = rev("Rev", known)?.unwrap_or(Rev(NOTHING));
                let own = rev("Own", own)?.map_or(Own(NOTHING), |own| Own(own.0));
                (seq, Some((known, own)))
            }
        };
        let seq = seq("The last Seq", Some(number))?.unwrap_or_default();
        seen.push(Seen { id: id.to_string(), chat: id.parse().ok(), seq, changes });
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
    /// Up to which changes the client has the chat with this.
    pub rev: Rev,
    /// Up to which changes of what it alone sees.
    pub own: Own,
    /// The read pointer.
    pub read_seq: Seq,
    /// The first message that the user sees.
    pub first_seq: Seq,
    /// The client is to forget its copy.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub reset: bool,
    /// Messages that it has and that changed, in the order of their changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changed: Option<Vec<Message<'a>>>,
    /// Marks that changed on messages that it has, in the order of their changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mine: Option<Vec<Mine<'a>>>,
    /// The group, if it changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub info: Option<Info>,
    /// Who is in it, if that changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roster: Option<Roster>,
    /// The user's own preferences, if they changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prefs: Option<Prefs>,
    /// Whether any of these was cut.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changed_more: Option<bool>,
}

/// One's own marks on a message.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
#[allow(missing_docs, reason = "the fields are the contract's own, explained there once")]
pub struct Mine<'a> {
    pub seq: Seq,
    pub my: My<'a>,
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
