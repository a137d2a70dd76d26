//! Acknowledgements: how a request ends well for the socket that made it.
use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{Mentions, MissedChat};
use crate::domain::{ChatId, Mention, MessageId, Seq, Timestamp};

/// What an acknowledgement says when it went well, beside `Ok: true`.
#[derive(Debug)]
#[allow(missing_docs, reason = "the fields are the contract's own, explained there once")]
pub enum Answer<'a> {
    /// It is done.
    Done,
    /// The message is stored.
    Stored {
        chat_id: ChatId,
        id: MessageId,
        seq: Seq,
        timestamp: Timestamp,
        repeat: bool,
        not_mentioned: &'a [Mention],
    },
    /// The read pointer stands here.
    Read { chat_id: ChatId, seq: Seq },
    /// There is a chat with this person, or not.
    Chat { exists: u8, chat_id: Option<ChatId>, partner: &'a str },
    /// What was missed.
    Missed { chats: Vec<MissedChat<'a>>, gone: Vec<String> },
    /// The group is made.
    Group { group_id: ChatId, name: &'a str },
}

/// An acknowledgement: `{"Ok":true, …}`.
#[derive(Debug)]
pub struct Success<'a>(pub Answer<'a>);

/// Field by field: one is written for every message, and what serde flattens costs three times as much.
impl Serialize for Success<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("Ok", &true)?;
        match &self.0 {
            Answer::Done => {}
            Answer::Stored { chat_id, id, seq, timestamp, repeat, not_mentioned } => {
                map.serialize_entry("ChatId", chat_id)?;
                map.serialize_entry("_id", id)?;
                map.serialize_entry("Seq", seq)?;
                map.serialize_entry("Timestamp", timestamp)?;
                if *repeat {
                    map.serialize_entry("Repeat", repeat)?;
                }
                if !not_mentioned.is_empty() {
                    map.serialize_entry("NotMentioned", &Mentions(not_mentioned))?;
                }
            }
            Answer::Read { chat_id, seq } => {
                map.serialize_entry("ChatId", chat_id)?;
                map.serialize_entry("Seq", seq)?;
            }
            Answer::Chat { exists, chat_id, partner } => {
                map.serialize_entry("Exists", exists)?;
                if let Some(chat_id) = chat_id {
                    map.serialize_entry("ChatId", chat_id)?;
                }
                map.serialize_entry("Partner", partner)?;
            }
            Answer::Missed { chats, gone } => {
                map.serialize_entry("Chats", chats)?;
                map.serialize_entry("Gone", gone)?;
            }
            Answer::Group { group_id, name } => {
                map.serialize_entry("GroupId", group_id)?;
                map.serialize_entry("Name", name)?;
            }
        }
        map.end()
    }
}

/// The same for what is shaped as an event is that tells of it.
#[derive(Debug, Serialize)]
pub struct Granted<'a, T> {
    #[serde(rename = "Ok")]
    ok: bool,
    #[serde(flatten)]
    fields: &'a T,
}

impl<'a, T> Granted<'a, T> {
    /// With these fields.
    pub fn with(fields: &'a T) -> Self {
        Self { ok: true, fields }
    }
}
