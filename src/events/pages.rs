//! Histories, page by page.
use serde::{Deserialize, Serialize, Serializer, ser::SerializeMap};

use super::{
    ClientEvent, ForChat, Message, Parser, Participants, PayloadBounds, Reads, Tell,
    payload::{Payload, Text, chat, seq, size},
};
use crate::domain::{ChatId, Kind, Own, Refusal, Rev, Seq, UserId};

/// Which part of a history is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRequest {
    /// Only messages before this one.
    pub before: Option<Seq>,
    /// Only messages after this one, the oldest of them.
    pub after: Option<Seq>,
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
    after: Option<i64>,
    limit: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Group<'a> {
    #[serde(borrow)]
    group_id: Text<'a>,
    before: Option<i64>,
    after: Option<i64>,
    limit: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Notes {
    before: Option<i64>,
    after: Option<i64>,
    limit: Option<i64>,
}

fn personal(payload: Payload<'_>, bounds: &PayloadBounds) -> Result<ClientEvent, Refusal> {
    let Personal { chat_id, before, after, limit } = payload.read()?;
    fetch(Kind::Personal, Some(&chat_id), range(before, after, limit, bounds)?)
}

fn group(payload: Payload<'_>, bounds: &PayloadBounds) -> Result<ClientEvent, Refusal> {
    let Group { group_id, before, after, limit } = payload.read()?;
    fetch(Kind::Group, Some(&group_id), range(before, after, limit, bounds)?)
}

fn notes(payload: Payload<'_>, bounds: &PayloadBounds) -> Result<ClientEvent, Refusal> {
    let Notes { before, after, limit } = payload.read_if_any()?;
    fetch(Kind::SelfNotes, None, range(before, after, limit, bounds)?)
}

fn range(
    before: Option<i64>,
    after: Option<i64>,
    limit: Option<i64>,
    bounds: &PayloadBounds,
) -> Result<PageRequest, Refusal> {
    let before = seq("Before", before)?;
    let after = seq("After", after)?;
    if before.is_some() && after.is_some() {
        return Err(Refusal::bad_request("Before and After exclude each other"));
    }
    Ok(PageRequest { before, after, limit: size(limit, bounds)? })
}

fn fetch(kind: Kind, id: Option<&str>, page: PageRequest) -> Result<ClientEvent, Refusal> {
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
        if let Some(more) = &message.more {
            more.write(&mut map)?;
        }
        map.end()
    }
}

/// Up to which changes a page is complete, and where what its reader sees begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
#[allow(missing_docs, reason = "the fields are the contract's own, explained there once")]
pub struct PageState {
    pub rev: Rev,
    pub own: Own,
    pub first_seq: Seq,
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
        #[serde(flatten)]
        at: PageState,
    },
    PersonalChat {
        messages: Vec<InPage<'a>>,
        user_id: UserId,
        user: &'a str,
        partner: &'a str,
        chat_id: ChatId,
        has_more: bool,
        #[serde(flatten)]
        at: PageState,
        partner_read_seq: Seq,
        delivered_seq: Seq,
    },
    GroupChat {
        admin: Option<UserId>,
        name: &'a str,
        description: &'a str,
        participants: Participants<'a>,
        messages: Vec<InPage<'a>>,
        group_id: ChatId,
        has_more: bool,
        #[serde(flatten)]
        at: PageState,
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
