//! Read pointers: how far somebody has read, and who has read a message.
use serde::{Deserialize, Serialize, Serializer, ser::SerializeMap};

use super::{
    ClientEvent, ForChat, Parser, PayloadBounds, Tell,
    payload::{Payload, Text, chat, seq},
};
use crate::domain::{ChatId, Kind, Refusal, Seq, UserId};

/// The client has read a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadMessages {
    /// As what it was read.
    pub kind: Kind,
    /// The chat.
    pub chat: ChatId,
    /// Up to here; `None`: to the newest.
    pub seq: Option<Seq>,
}

pub(super) const EVENTS: &[(&str, Parser)] = &[("read-personal-message", personal), ("read-group-message", group)];

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Personal<'a> {
    #[serde(borrow)]
    chat_id: Text<'a>,
    seq: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Group<'a> {
    #[serde(borrow)]
    group_id: Text<'a>,
    seq: Option<i64>,
}

fn personal(payload: Payload<'_>, _: &PayloadBounds) -> Result<ClientEvent, Refusal> {
    let asked: Personal = payload.read()?;
    read(Kind::Personal, &asked.chat_id, asked.seq)
}

fn group(payload: Payload<'_>, _: &PayloadBounds) -> Result<ClientEvent, Refusal> {
    let asked: Group = payload.read()?;
    read(Kind::Group, &asked.group_id, asked.seq)
}

fn read(kind: Kind, id: &str, number: Option<i64>) -> Result<ClientEvent, Refusal> {
    let seq = seq("Seq", number)?;
    Ok(ForChat::Read(ReadMessages { kind, chat: chat(id)?, seq }).into())
}

/// Who has read a message: one entry per current member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reads(pub Vec<(UserId, bool)>);

impl Serialize for Reads {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (user, read) in &self.0 {
            map.serialize_entry(user, if *read { "Read" } else { "Unread" })?;
        }
        map.end()
    }
}

/// What is told of read pointers.
#[derive(Debug, Serialize)]
#[serde(untagged, rename_all_fields = "PascalCase")]
#[allow(missing_docs, reason = "the fields are the contract's own, explained there once")]
pub enum ReadEvent {
    ReadPersonalMsgAck { chat_id: ChatId, reader: UserId, seq: Seq },
    ReadGrpMsgAck { reader: UserId, group_id: ChatId, chat_id: ChatId, seq: Seq },
    ChatRead { chat_id: ChatId, seq: Seq, unread: i64, mentioned: i64 },
}

impl Tell for ReadEvent {
    fn name(&self) -> &'static str {
        match self {
            Self::ReadPersonalMsgAck { .. } => "read-personal-msg-ack",
            Self::ReadGrpMsgAck { .. } => "read-grp-msg-ack",
            Self::ChatRead { .. } => "chat-read",
        }
    }
}
