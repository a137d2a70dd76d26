//! Hints, which may be lost: who is online, who types, what arrived on somebody's devices.
use serde::{Deserialize, Serialize};

use super::{
    ClientEvent, ForChat, Parser, PayloadBounds, Query, Tell,
    payload::{Payload, Text, chat, required_seq},
};
use crate::domain::{ChatId, Code, Refusal, Seq, Timestamp, UserId};

/// Something that a chat is told and nobody stores in its turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hint {
    /// The user begins to type, or goes on, or stops.
    Typing(bool),
    /// The user's devices have everything up to here.
    Delivered(Seq),
}

pub(super) const EVENTS: &[(&str, Parser)] = &[("typing", typing), ("delivered", delivered), ("watch-presence", watch)];

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Typing<'a> {
    #[serde(borrow)]
    chat_id: Text<'a>,
    on: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Delivered<'a> {
    #[serde(borrow)]
    chat_id: Text<'a>,
    seq: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Watch<'a> {
    #[serde(borrow)]
    users: Vec<Text<'a>>,
}

fn typing(payload: Payload<'_>, _: &PayloadBounds) -> Result<ClientEvent, Refusal> {
    let asked: Typing = payload.read()?;
    Ok(ForChat::Hint(chat(&asked.chat_id)?, Hint::Typing(asked.on)).into())
}

fn delivered(payload: Payload<'_>, _: &PayloadBounds) -> Result<ClientEvent, Refusal> {
    let asked: Delivered = payload.read()?;
    let seq = required_seq(asked.seq)?;
    Ok(ForChat::Hint(chat(&asked.chat_id)?, Hint::Delivered(seq)).into())
}

/// What is no id is kept as it came: it looks like somebody whom one does not know.
fn watch(payload: Payload<'_>, bounds: &PayloadBounds) -> Result<ClientEvent, Refusal> {
    let asked: Watch = payload.read()?;
    if asked.users.len() > bounds.watched {
        return Err(Refusal::new(Code::TooLarge, format!("At most {} people can be watched", bounds.watched)));
    }
    Ok(Query::WatchPresence(asked.users.iter().map(|id| id.to_string()).collect()).into())
}

/// How somebody looks who is watched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
#[allow(missing_docs, reason = "the fields are the contract's own, explained there once")]
pub struct PresenceRow<'a> {
    #[serde(rename = "_id")]
    pub id: &'a str,
    pub online: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_seen: Option<Timestamp>,
}

impl<'a> PresenceRow<'a> {
    /// Whether somebody is online and else since when not; `None`: that is not for the one who asks.
    pub fn of(id: &'a str, seen: Option<(bool, Option<Timestamp>)>) -> Self {
        let (online, last_seen) = seen.unwrap_or_default();
        Self { id, online, last_seen }
    }
}

/// What is told as a hint.
#[derive(Debug, Serialize)]
#[serde(untagged, rename_all_fields = "PascalCase")]
#[allow(missing_docs, reason = "the fields are the contract's own, explained there once")]
pub enum HintEvent<'a> {
    PresenceList { users: Vec<PresenceRow<'a>> },
    Presence { users: Vec<PresenceRow<'a>> },
    Typing { chat_id: ChatId, user: UserId, name: &'a str, on: bool, expires_in: u64 },
    DeliveredAck { chat_id: ChatId, user: UserId, seq: Seq },
}

impl Tell for HintEvent<'_> {
    fn name(&self) -> &'static str {
        match self {
            Self::PresenceList { .. } => "presence-list",
            Self::Presence { .. } => "presence",
            Self::Typing { .. } => "typing",
            Self::DeliveredAck { .. } => "delivered-ack",
        }
    }
}
