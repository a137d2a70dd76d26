//! Acknowledgements and failures: how a request ends for the socket that made it.
use std::borrow::Cow;

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{MissedChat, ServerEvent, name};
use crate::domain::{ChatId, MessageId, Refusal, Seq, Timestamp};

/// What an acknowledgement says when it went well, beside `Ok: true`.
#[derive(Debug, Serialize)]
#[serde(untagged, rename_all_fields = "PascalCase")]
#[allow(missing_docs, reason = "the fields are the contract's own, explained there once")]
pub enum Answer<'a> {
    /// It is done.
    Done {},
    /// The message is stored.
    Stored {
        chat_id: ChatId,
        #[serde(rename = "_id")]
        id: MessageId,
        seq: Seq,
        timestamp: Timestamp,
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        repeat: bool,
    },
    /// The read pointer stands here.
    Read { chat_id: ChatId, seq: Seq },
    /// There is a chat with this person, or not.
    Chat {
        exists: u8,
        #[serde(skip_serializing_if = "Option::is_none")]
        chat_id: Option<ChatId>,
        partner: &'a str,
    },
    /// What was missed.
    Missed { chats: Vec<MissedChat<'a>>, gone: Vec<String> },
    /// The group is made.
    Group { group_id: ChatId, name: &'a str },
}

/// An acknowledgement: `{"Ok":true, …}`.
#[derive(Debug, Serialize)]
pub struct Success<'a> {
    #[serde(rename = "Ok")]
    ok: bool,
    #[serde(flatten)]
    answer: Answer<'a>,
}

impl<'a> From<Answer<'a>> for Success<'a> {
    fn from(answer: Answer<'a>) -> Self {
        Self { ok: true, answer }
    }
}

/// An acknowledgement: `{"Ok":false,"Code":…,"Message":…}`.
#[derive(Debug)]
pub struct Failure<'a>(pub &'a Refusal);

impl Serialize for Failure<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("Ok", &false)?;
        map.serialize_entry("Code", self.0.code.as_str())?;
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
            code: refusal.code.as_str(),
            message,
            retry_after: refusal.retry_after,
        },
    }
}
