//! Chats of two, and the lists of chats.
use serde::{Deserialize, Serialize};

use super::{
    ClientEvent, Limits, Parser, Query, Tell,
    payload::{Nothing, Payload, Text, user},
};
use crate::domain::{ChatId, Listed, Refusal, Seq, Timestamp, UserId};

pub(super) const CREATE: &str = "create-personal-chat";

pub(super) const EVENTS: &[(&str, Parser)] = &[("list-chats", list), ("check-chat", check), (CREATE, create)];

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Partner<'a> {
    #[serde(borrow)]
    receiver: Text<'a>,
}

fn list(payload: Payload<'_>, _: &Limits) -> Result<ClientEvent, Refusal> {
    payload.read_if_any::<Nothing>()?;
    Ok(Query::ListChats.into())
}

fn check(payload: Payload<'_>, _: &Limits) -> Result<ClientEvent, Refusal> {
    Ok(Query::CheckChat(partner(payload)?).into())
}

fn create(payload: Payload<'_>, _: &Limits) -> Result<ClientEvent, Refusal> {
    Ok(Query::CreatePersonalChat(partner(payload)?).into())
}

fn partner(payload: Payload<'_>) -> Result<UserId, Refusal> {
    let asked: Partner = payload.read()?;
    user(&asked.receiver)
}

/// One line of the list of personal chats.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct PersonalRow {
    /// The chat.
    #[serde(rename = "_id")]
    pub id: ChatId,
    /// When something was last said, at first when the chat was made.
    pub last_chat: Timestamp,
    /// The other person's name.
    pub partner: String,
    /// Messages by the other person after the read pointer.
    pub unread: i64,
    /// The other person's id.
    pub partner_id: Option<UserId>,
    /// The newest message.
    pub last_seq: Seq,
    /// The caller's read pointer.
    pub read_seq: Seq,
}

/// One line of the list of groups.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GroupRow {
    /// The group.
    #[serde(rename = "_id")]
    pub id: ChatId,
    /// Its name.
    pub name: String,
    /// When something was last said, at first when the group was made.
    pub last_chat: Timestamp,
    /// Messages by others after the read pointer.
    pub unread: i64,
    /// The newest message.
    pub last_seq: Seq,
    /// The caller's read pointer.
    pub read_seq: Seq,
}

impl From<Listed> for PersonalRow {
    fn from(listed: Listed) -> Self {
        Self {
            id: listed.chat,
            last_chat: listed.last_message_at,
            partner: listed.name,
            unread: listed.unread,
            partner_id: listed.partner,
            last_seq: listed.last_seq,
            read_seq: listed.read_seq,
        }
    }
}

impl From<Listed> for GroupRow {
    fn from(listed: Listed) -> Self {
        Self {
            id: listed.chat,
            name: listed.name,
            last_chat: listed.last_message_at,
            unread: listed.unread,
            last_seq: listed.last_seq,
            read_seq: listed.read_seq,
        }
    }
}

/// What is told of chats of two and of lists.
#[derive(Debug, Serialize)]
#[serde(untagged, rename_all_fields = "PascalCase")]
#[allow(missing_docs, reason = "the fields are the contract's own, explained there once")]
pub enum ChatEvent<'a> {
    PersonalChatList {
        personal_chat_list: Vec<PersonalRow>,
    },
    GroupChatList {
        group_chat_list: Vec<GroupRow>,
    },
    CreateChatResult {
        exists: u8,
        #[serde(skip_serializing_if = "Option::is_none")]
        chat_id: Option<ChatId>,
        partner: &'a str,
    },
    CreatePersonalChatCreator {
        chat_id: ChatId,
        partner: &'a str,
    },
    CreatePersonalChatPartner {
        chat_id: ChatId,
        partner: &'a str,
    },
}

impl Tell for ChatEvent<'_> {
    fn name(&self) -> &'static str {
        match self {
            Self::PersonalChatList { .. } => "personal-chat-list",
            Self::GroupChatList { .. } => "group-chat-list",
            Self::CreateChatResult { .. } => "create-chat-result",
            Self::CreatePersonalChatCreator { .. } => "create-personal-chat-creator",
            Self::CreatePersonalChatPartner { .. } => "create-personal-chat-partner",
        }
    }
}

impl ChatEvent<'_> {
    /// The list of personal chats.
    pub fn personal_chat_list(chats: Vec<Listed>) -> Self {
        Self::PersonalChatList { personal_chat_list: chats.into_iter().map(PersonalRow::from).collect() }
    }

    /// The list of groups.
    pub fn group_chat_list(groups: Vec<Listed>) -> Self {
        Self::GroupChatList { group_chat_list: groups.into_iter().map(GroupRow::from).collect() }
    }
}
