//! The rows and messages inside server events, field by field as they stand on the wire.
use serde::{Serialize, Serializer, ser::SerializeMap};

use crate::domain::{ChatId, ClientId, Kind, Listed, MessageId, Seq, Timestamp, UserId};

/// A message as it happens, for everybody in the chat but the socket that sent it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct LiveMessage<'a> {
    /// What the chat is; the event's name tells.
    #[serde(skip)]
    pub kind: Kind,
    /// The chat.
    pub chat_id: ChatId,
    /// The chat again, if it is a group.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_id: Option<ChatId>,
    /// What was said.
    pub content: &'a str,
    /// The sender's name.
    pub sender: &'a str,
    /// The sender's id.
    pub sender_id: UserId,
    /// The message's id.
    #[serde(rename = "_id")]
    pub id: MessageId,
    /// Its place in the chat.
    pub seq: Seq,
    /// When the server took it.
    pub timestamp: Timestamp,
    /// The sender's idempotency key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<&'a ClientId>,
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
    pub messages: Vec<LiveMessage<'a>>,
    /// Whether newer ones follow.
    pub has_more: bool,
}

/// A note in a fetched self chat.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct SelfNote {
    /// What was noted.
    pub content: String,
    /// When.
    pub timestamp: Timestamp,
    /// The note's id.
    #[serde(rename = "_id")]
    pub id: MessageId,
    /// Its place.
    pub seq: Seq,
}

/// A message in a fetched personal chat.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct PersonalMessage {
    /// The sender's id.
    pub sender: UserId,
    /// What was said.
    pub content: String,
    /// Who has read it.
    pub read_status: Reads,
    /// When.
    pub timestamp: Timestamp,
    /// The message's id.
    #[serde(rename = "_id")]
    pub id: MessageId,
    /// Its place.
    pub seq: Seq,
}

/// A message in a fetched group chat.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GroupMessage {
    /// What was said.
    pub content: String,
    /// The sender's name.
    pub sender: String,
    /// The sender's id.
    pub sender_id: UserId,
    /// Who has read it.
    pub read_status: Reads,
    /// When.
    pub timestamp: Timestamp,
    /// The message's id, under the name that group pages use.
    #[serde(rename = "Id")]
    pub page_id: MessageId,
    /// The message's id.
    #[serde(rename = "_id")]
    pub id: MessageId,
    /// Its place.
    pub seq: Seq,
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

/// Somebody found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct UserRow {
    /// The person.
    #[serde(rename = "_id")]
    pub id: UserId,
    /// The person's name.
    pub name: String,
    /// Only if the operator shows addresses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}
