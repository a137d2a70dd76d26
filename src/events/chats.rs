//! Chats of two, and the lists of chats.
use serde::{Deserialize, Serialize};

use super::{
    ClientEvent, Parser, PayloadBounds, Prefs, Query, Tell,
    payload::{Nothing, Payload, Text, user},
    words::role_name,
};
use crate::domain::{ChatId, FileId, LastMessage, Listed, Own, Refusal, Rev, Seq, Timestamp, UserId};

pub(super) const CREATE: &str = "create-personal-chat";

pub(super) const EVENTS: &[(&str, Parser)] = &[("list-chats", list), ("check-chat", check), (CREATE, create)];

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Partner<'a> {
    #[serde(borrow)]
    receiver: Text<'a>,
}

fn list(payload: Payload<'_>, _: &PayloadBounds) -> Result<ClientEvent, Refusal> {
    payload.read_if_any::<Nothing>()?;
    Ok(Query::ListChats.into())
}

fn check(payload: Payload<'_>, _: &PayloadBounds) -> Result<ClientEvent, Refusal> {
    Ok(Query::CheckChat(partner(payload)?).into())
}

fn create(payload: Payload<'_>, _: &PayloadBounds) -> Result<ClientEvent, Refusal> {
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
    /// What all rows have.
    #[serde(flatten)]
    pub state: RowState,
    /// The other person's picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partner_avatar: Option<FileId>,
    /// How far the other person has read.
    pub partner_read_seq: Seq,
    /// How far the other person's devices have everything.
    pub delivered_seq: Seq,
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
    /// What all rows have.
    #[serde(flatten)]
    pub state: RowState,
    /// Its picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub avatar: Option<FileId>,
    /// What the caller is there.
    pub role: &'static str,
}

/// What all rows have besides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct RowState {
    /// Unread messages that mention the caller.
    pub mentioned: i64,
    /// The last change of anything that the members share.
    pub rev: Rev,
    /// The last change of what the caller alone sees.
    pub own: Own,
    /// The caller's own preferences.
    pub prefs: Prefs,
    /// The newest message, if the caller sees it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last: Option<Last>,
}

/// The newest message of a chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
#[allow(missing_docs, reason = "the fields are the contract's own, explained there once")]
pub struct Last {
    pub seq: Seq,
    pub timestamp: Timestamp,
    pub sender_id: UserId,
    pub sender: String,
    pub content: String,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub has_file: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<Timestamp>,
}

impl From<LastMessage> for Last {
    fn from(last: LastMessage) -> Self {
        Self {
            seq: last.seq,
            timestamp: last.sent_at,
            sender_id: last.sender,
            sender: last.sender_name,
            content: last.content,
            has_file: last.has_file,
            deleted_at: last.deleted_at,
        }
    }
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
            partner_avatar: listed.avatar,
            partner_read_seq: listed.partner_read,
            delivered_seq: listed.partner_delivered.max(listed.partner_read),
            state: RowState {
                mentioned: listed.mentioned,
                rev: listed.rev,
                own: listed.own,
                prefs: Prefs::of(&listed.preferences, listed.first),
                last: listed.last.map(Last::from),
            },
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
            avatar: listed.avatar,
            role: role_name(listed.role),
            state: RowState {
                mentioned: listed.mentioned,
                rev: listed.rev,
                own: listed.own,
                prefs: Prefs::of(&listed.preferences, listed.first),
                last: listed.last.map(Last::from),
            },
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
