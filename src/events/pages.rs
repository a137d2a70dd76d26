//! Histories, page by page.
use serde::{Deserialize, Serialize, Serializer, ser::SerializeMap};

use super::{
    ClientEvent, ForChat, Limits, Message, Parser, Participants, Reads, Tell,
    payload::{Payload, Text, chat, seq, size},
};
use crate::domain::{ChatId, Kind, Refusal, Seq, UserId};

/// Which part of a history is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRequest {
    /// Only messages before this one.
    pub before: Option<Seq>,
    /// At most so many.
    pub limit: u64,
}

/// The client wants to see a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchPage {
    /// As what it was asked for.
    pub kind: Kind,
    /// `None`: the caller's own notes.
    pub chat: Option<ChatId>,
    /// Which part.
    pub page: PageRequest,
}

pub(super) const EVENTS: &[(&str, Parser)] =
    &[("fetch-personal-chat", personal), ("fetch-group-chat", group), ("fetch-self-chat", notes)];

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Personal<'a> {
    #[serde(borrow)]
    chat_id: Text<'a>,
    before: Option<i64>,
    limit: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Group<'a> {
    #[serde(borrow)]
    group_id: Text<'a>,
    before: Option<i64>,
    limit: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Notes {
    before: Option<i64>,
    limit: Option<i64>,
}

fn personal(payload: Payload<'_>, limits: &Limits) -> Result<ClientEvent, Refusal> {
    let Personal { chat_id, before, limit } = payload.read()?;
    fetch(Kind::Personal, Some(&chat_id), before, limit, limits)
}

fn group(payload: Payload<'_>, limits: &Limits) -> Result<ClientEvent, Refusal> {
    let Group { group_id, before, limit } = payload.read()?;
    fetch(Kind::Group, Some(&group_id), before, limit, limits)
}

fn notes(payload: Payload<'_>, limits: &Limits) -> Result<ClientEvent, Refusal> {
    let Notes { before, limit } = payload.read_if_any()?;
    fetch(Kind::SelfNotes, None, before, limit, limits)
}

fn fetch(
    kind: Kind,
    id: Option<&str>,
    before: Option<i64>,
    limit: Option<i64>,
    limits: &Limits,
) -> Result<ClientEvent, Refusal> {
    let page = PageRequest { before: seq("Before", before)?, limit: size(limit, limits)? };
    let chat = id.map(chat).transpose()?;
    Ok(ForChat::Fetch(FetchPage { kind, chat, page }).into())
}

/// A message in a page, with who has read it.
#[derive(Debug)]
pub struct InPage<'a> {
    /// The message.
    pub message: Message<'a>,
    /// Who has read it; notes show nobody.
    pub reads: Reads,
}

/// Each kind of chat has its own shape: in a chat of two `Sender` is an id, in a group it is a name and the message's id stands
/// there twice.
impl Serialize for InPage<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { message, reads } = self;
        let mut map = serializer.serialize_map(None)?;
        match message.kind {
            Kind::SelfNotes => map.serialize_entry("Content", message.content)?,
            Kind::Personal => {
                map.serialize_entry("Sender", &message.sender)?;
                map.serialize_entry("Content", message.content)?;
                map.serialize_entry("ReadStatus", reads)?;
            }
            Kind::Group => {
                map.serialize_entry("Content", message.content)?;
                map.serialize_entry("Sender", message.sender_name)?;
                map.serialize_entry("SenderId", &message.sender)?;
                map.serialize_entry("ReadStatus", reads)?;
            }
        }
        map.serialize_entry("Timestamp", &message.timestamp)?;
        if message.kind == Kind::Group {
            map.serialize_entry("Id", &message.id)?;
        }
        map.serialize_entry("_id", &message.id)?;
        map.serialize_entry("Seq", &message.seq)?;
        map.end()
    }
}

/// A page, in the shape of each kind of chat.
#[derive(Debug, Serialize)]
#[serde(untagged, rename_all_fields = "PascalCase")]
#[allow(missing_docs, reason = "the fields are the contract's own, explained there once")]
pub enum PageEvent<'a> {
    SelfChat {
        messages: Vec<InPage<'a>>,
        name: &'a str,
        chat_id: ChatId,
        has_more: bool,
    },
    PersonalChat {
        messages: Vec<InPage<'a>>,
        user_id: UserId,
        user: &'a str,
        partner: &'a str,
        chat_id: ChatId,
        has_more: bool,
    },
    GroupChat {
        admin: Option<UserId>,
        name: &'a str,
        description: &'a str,
        participants: Participants<'a>,
        messages: Vec<InPage<'a>>,
        group_id: ChatId,
        has_more: bool,
    },
}

impl Tell for PageEvent<'_> {
    fn name(&self) -> &'static str {
        match self {
            Self::SelfChat { .. } => "self-chat",
            Self::PersonalChat { .. } => "personal-chat",
            Self::GroupChat { .. } => "group-chat",
        }
    }
}
