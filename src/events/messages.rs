//! Messages: sent, and heard as they happen.
use serde::{Deserialize, Serialize, Serializer, ser::SerializeMap};

use super::{
    ClientEvent, ForChat, Parser, PayloadBounds, Tell,
    files::{Attached, attached},
    marks::{More, Reply},
    payload::{Payload, Text, chat, seq},
};
use crate::domain::{
    ChatId, ClientId, Code, Content, Extras, Kind, Marks, Mention, MessageId, Refusal, Seq, StoredMessage, Timestamp,
    UserId,
};

/// A message that the client sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SendMessage {
    /// As what it was sent.
    pub kind: Kind,
    /// `None`: the caller's own notes.
    pub chat: Option<ChatId>,
    /// What is said.
    pub content: Content,
    /// The client's idempotency key.
    pub client_id: Option<ClientId>,
    /// What it answers and whom it is to mention, if it does.
    pub extras: Option<Box<Extras>>,
}

pub(super) const EVENTS: &[(&str, Parser)] =
    &[("send-personal-message", to_two), ("send-group-message", to_group), ("send-self-message", to_oneself)];

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ToTwo<'a> {
    #[serde(borrow)]
    chat_id: Text<'a>,
    content: Text<'a>,
    client_id: Option<Text<'a>>,
    reply_to: Option<i64>,
    mentions: Option<Vec<Text<'a>>>,
    attachments: Option<Vec<Attached<'a>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ToGroup<'a> {
    #[serde(borrow)]
    group_id: Text<'a>,
    content: Text<'a>,
    client_id: Option<Text<'a>>,
    reply_to: Option<i64>,
    mentions: Option<Vec<Text<'a>>>,
    attachments: Option<Vec<Attached<'a>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ToOneself<'a> {
    #[serde(borrow)]
    content: Text<'a>,
    client_id: Option<Text<'a>>,
    reply_to: Option<i64>,
    mentions: Option<Vec<Text<'a>>>,
    attachments: Option<Vec<Attached<'a>>>,
}

fn to_two(payload: Payload<'_>, bounds: &PayloadBounds) -> Result<ClientEvent, Refusal> {
    let ToTwo { chat_id, content, client_id, reply_to, mentions, attachments } = payload.read()?;
    let said = Said { content, client_id, reply_to, mentions, attachments };
    said.send(Kind::Personal, Some(&chat_id), bounds)
}

fn to_group(payload: Payload<'_>, bounds: &PayloadBounds) -> Result<ClientEvent, Refusal> {
    let ToGroup { group_id, content, client_id, reply_to, mentions, attachments } = payload.read()?;
    let said = Said { content, client_id, reply_to, mentions, attachments };
    said.send(Kind::Group, Some(&group_id), bounds)
}

fn to_oneself(payload: Payload<'_>, bounds: &PayloadBounds) -> Result<ClientEvent, Refusal> {
    let ToOneself { content, client_id, reply_to, mentions, attachments } = payload.read()?;
    let said = Said { content, client_id, reply_to, mentions, attachments };
    said.send(Kind::SelfNotes, None, bounds)
}

/// What is said, wherever that is.
struct Said<'a> {
    content: Text<'a>,
    client_id: Option<Text<'a>>,
    reply_to: Option<i64>,
    mentions: Option<Vec<Text<'a>>>,
    attachments: Option<Vec<Attached<'a>>>,
}

impl Said<'_> {
    fn send(self, kind: Kind, id: Option<&str>, bounds: &PayloadBounds) -> Result<ClientEvent, Refusal> {
        let files = attached(self.attachments.as_deref(), bounds)?;
        let extras = self.extras(bounds)?;
        let read = if files.is_empty() { Content::new } else { Content::allowing_nothing };
        let content = read(&self.content, bounds.content_bytes)?;
        let client_id = self.client_id.as_deref().map(ClientId::new).transpose()?;
        let chat = id.map(chat).transpose()?;
        let message = SendMessage { kind, chat, content, client_id, extras };
        Ok(if files.is_empty() { ForChat::Send(message) } else { ForChat::SendFiles(message, files) }.into())
    }

    /// Nothing for most messages.
    fn extras(&self, bounds: &PayloadBounds) -> Result<Option<Box<Extras>>, Refusal> {
        let reply_to = seq("ReplyTo", self.reply_to)?;
        let mentions = mentioned(self.mentions.as_deref(), bounds)?;
        let is_plain = reply_to.is_none() && mentions.is_empty();
        Ok((!is_plain).then(|| Box::new(Extras { reply_to, mentions, ..Extras::default() })))
    }
}

/// Ids, and `all`. What is no id is nobody's.
pub(super) fn mentioned(texts: Option<&[Text<'_>]>, bounds: &PayloadBounds) -> Result<Vec<Mention>, Refusal> {
    let texts = texts.unwrap_or_default();
    if texts.len() > bounds.mentions {
        return Err(Refusal::new(Code::TooLarge, format!("A message mentions at most {} people", bounds.mentions)));
    }
    let mention = |text: &Text<'_>| match &**text {
        "all" => Mention::All,
        id => id.parse().map_or_else(|_| Mention::Nobody(id.into()), Mention::User),
    };
    Ok(texts.iter().map(mention).collect())
}

/// A message, wherever it is shown. It serializes as it happens, for everybody in the chat but the socket that sent it; pages
/// show less of it ([`super::InPage`]).
#[derive(Debug, Clone)]
pub struct Message<'a> {
    /// What the chat is.
    pub kind: Kind,
    /// The chat.
    pub chat: ChatId,
    /// The message's id.
    pub id: MessageId,
    /// Its place in the chat.
    pub seq: Seq,
    /// The sender's id.
    pub sender: UserId,
    /// The sender's name.
    pub sender_name: &'a str,
    /// What was said.
    pub content: &'a str,
    /// When the server took it.
    pub timestamp: Timestamp,
    /// The sender's idempotency key.
    pub client_id: Option<&'a ClientId>,
    /// What most messages do not have.
    pub more: Option<More<'a>>,
}

impl<'a> Message<'a> {
    /// As it is stored, with what it answers, for the one whose marks these are. Of what that one hid nothing is shown.
    pub fn stored(
        kind: Kind,
        chat: ChatId,
        message: &'a StoredMessage,
        reply: Option<Reply<'a>>,
        my: Option<&'a Marks>,
    ) -> Self {
        let is_hidden = my.is_some_and(|my| my.hidden);
        Self {
            kind,
            chat,
            id: message.id,
            seq: message.seq,
            sender: message.sender,
            sender_name: &message.sender_name,
            content: if is_hidden { "" } else { &message.content },
            timestamp: message.sent_at,
            client_id: message.client_id.as_ref().filter(|_| !is_hidden),
            more: More::of(message, reply, my),
        }
    }
}

impl Serialize for Message<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("ChatId", &self.chat)?;
        if self.kind == Kind::Group {
            map.serialize_entry("GroupId", &self.chat)?;
        }
        map.serialize_entry("Content", self.content)?;
        map.serialize_entry("Sender", self.sender_name)?;
        map.serialize_entry("SenderId", &self.sender)?;
        map.serialize_entry("_id", &self.id)?;
        map.serialize_entry("Seq", &self.seq)?;
        map.serialize_entry("Timestamp", &self.timestamp)?;
        if let Some(client_id) = self.client_id {
            map.serialize_entry("ClientId", client_id)?;
        }
        if let Some(more) = &self.more {
            more.write(&mut map)?;
        }
        map.end()
    }
}

/// What is told of a message as it happens.
#[derive(Debug, Serialize)]
#[serde(untagged)]
#[allow(missing_docs, reason = "each is an event of the contract, explained there once")]
pub enum MessageEvent<'a> {
    /// `receive-…`: somebody else spoke.
    Received(Message<'a>),
    /// `sent-…`: another socket of the same user spoke.
    Sent(Message<'a>),
}

impl Tell for MessageEvent<'_> {
    fn name(&self) -> &'static str {
        match self {
            Self::Received(Message { kind: Kind::Group, .. }) => "receive-group-message",
            Self::Received(_) => "receive-personal-message",
            Self::Sent(Message { kind: Kind::SelfNotes, .. }) => "sent-self-message",
            Self::Sent(Message { kind: Kind::Personal, .. }) => "sent-personal-message",
            Self::Sent(Message { kind: Kind::Group, .. }) => "sent-group-message",
        }
    }
}
