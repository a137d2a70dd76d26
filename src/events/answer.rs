//! Acknowledgements and failures: how a request ends for the socket that made it.
use std::borrow::Cow;

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{MissedChat, ServerEvent, code_name, name};
use crate::domain::{ChatId, MessageId, Refusal, Seq, Timestamp};

/// What an acknowledgement says when it went well, beside `Ok: true`.
#[derive(Debug)]
#[allow(missing_docs, reason = "the fields are the contract's own, explained there once")]
pub enum Answer<'a> {
    /// It is done.
    Done,
    /// The message is stored.
    Stored { chat_id: ChatId, id: MessageId, seq: Seq, timestamp: Timestamp, repeat: bool },
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
            Answer::Stored { chat_id, id, seq, timestamp, repeat } => {
                map.serialize_entry("ChatId", chat_id)?;
                map.serialize_entry("_id", id)?;
                map.serialize_entry("Seq", seq)?;
                map.serialize_entry("Timestamp", timestamp)?;
                if *repeat {
                    map.serialize_entry("Repeat", repeat)?;
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

/// An acknowledgement: `{"Ok":false,"Code":…,"Message":…}`.
#[derive(Debug)]
pub struct Failure<'a>(pub &'a Refusal);

impl Serialize for Failure<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("Ok", &false)?;
        map.serialize_entry("Code", code_name(self.0.code))?;
        map.serialize_entry("Message", &self.0.message)?;
        if let Some(seconds) = self.0.retry_after {
            map.serialize_entry("RetryAfter", &seconds)?;
        }
        map.end()
    }
}

/// The event that tells of a failure where no acknowledgement was asked for: the request's own, or `request-failed`.
pub fn failure_event<'a>(request: &'a str, refusal: &'a Refusal) -> ServerEvent<'a> {
    let message = Cow::Borrowed(&*refusal.message);
    match request {
        name::CREATE_PERSONAL_CHAT => ServerEvent::CreatePersonalChatFail { message },
        name::CREATE_GROUP_CHAT => ServerEvent::CreateGroupChatFail { message },
        name::ADD_MEMBER => ServerEvent::AddMemberFail { message },
        name::LEAVE_GROUP => ServerEvent::GroupLeftFail { message },
        _ => ServerEvent::RequestFailed {
            event: Cow::Borrowed(request),
            code: code_name(refusal.code),
            message,
            retry_after: refusal.retry_after,
        },
    }
}
