//! What is done with messages after they were said: edited, taken back, hidden, reacted to, pinned, starred.
use serde::{Deserialize, Serialize};

use super::{
    ClientEvent, ForChat, Mentions, Message, My, Parser, PayloadBounds, Tell,
    messages::mentioned,
    payload::{Payload, Text, chat, required_seq},
};
use crate::domain::{ChatId, Content, Effect, Emoji, Marks, Mention, MessageDeed, Own, Refusal, Rev, Seq, UserId};

/// Somebody wants to do something with a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeMessage {
    /// The chat.
    pub chat: ChatId,
    /// The message.
    pub seq: Seq,
    /// What is wanted.
    pub deed: MessageDeed,
}

pub(super) const EVENTS: &[(&str, Parser)] = &[
    ("edit-message", edit),
    ("delete-message", delete),
    ("hide-message", hide),
    ("react", react),
    ("pin-message", pin),
    ("star-message", star),
];

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Edit<'a> {
    #[serde(borrow)]
    chat_id: Text<'a>,
    seq: i64,
    content: Text<'a>,
    mentions: Option<Vec<Text<'a>>>,
    if_edits: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Plain<'a> {
    #[serde(borrow)]
    chat_id: Text<'a>,
    seq: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct React<'a> {
    #[serde(borrow)]
    chat_id: Text<'a>,
    seq: i64,
    emoji: Text<'a>,
    on: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Switch<'a> {
    #[serde(borrow)]
    chat_id: Text<'a>,
    seq: i64,
    on: bool,
}

fn edit(payload: Payload<'_>, bounds: &PayloadBounds) -> Result<ClientEvent, Refusal> {
    let asked: Edit = payload.read()?;
    let content = Content::allowing_nothing(&asked.content, bounds.content_bytes)?;
    let mentions = mentioned(asked.mentions.as_deref(), bounds)?;
    let if_edits = match asked.if_edits {
        Some(edits) => {
            Some(u32::try_from(edits).map_err(|_| Refusal::bad_request("IfEdits must be a number of edits"))?)
        }
        None => None,
    };
    change(&asked.chat_id, asked.seq, MessageDeed::Edit { content, mentions, if_edits })
}

fn delete(payload: Payload<'_>, _: &PayloadBounds) -> Result<ClientEvent, Refusal> {
    let asked: Plain = payload.read()?;
    change(&asked.chat_id, asked.seq, MessageDeed::Delete)
}

fn hide(payload: Payload<'_>, _: &PayloadBounds) -> Result<ClientEvent, Refusal> {
    let asked: Plain = payload.read()?;
    change(&asked.chat_id, asked.seq, MessageDeed::Hide)
}

fn react(payload: Payload<'_>, _: &PayloadBounds) -> Result<ClientEvent, Refusal> {
    let asked: React = payload.read()?;
    change(&asked.chat_id, asked.seq, MessageDeed::React(Emoji::new(&asked.emoji)?, asked.on))
}

fn pin(payload: Payload<'_>, _: &PayloadBounds) -> Result<ClientEvent, Refusal> {
    let asked: Switch = payload.read()?;
    change(&asked.chat_id, asked.seq, MessageDeed::Pin(asked.on))
}

fn star(payload: Payload<'_>, _: &PayloadBounds) -> Result<ClientEvent, Refusal> {
    let asked: Switch = payload.read()?;
    change(&asked.chat_id, asked.seq, MessageDeed::Star(asked.on))
}

fn change(id: &str, number: i64, deed: MessageDeed) -> Result<ClientEvent, Refusal> {
    let seq = required_seq(number)?;
    Ok(ForChat::Change(ChangeMessage { chat: chat(id)?, seq, deed }).into())
}

/// How the wire calls what members share of an effect.
fn what(effect: &Effect) -> &'static str {
    match effect {
        Effect::Edited { .. } => "Edited",
        Effect::Deleted => "Deleted",
        Effect::Reacted(_) => "Reacted",
        Effect::Unreacted(_) => "Unreacted",
        Effect::Pinned => "Pinned",
        Effect::Unpinned => "Unpinned",
        Effect::Hidden | Effect::Starred | Effect::Unstarred => "",
    }
}

/// What is told of a changed message.
#[derive(Debug, Serialize)]
#[serde(untagged, rename_all_fields = "PascalCase")]
#[allow(missing_docs, reason = "the fields are the contract's own, explained there once")]
pub enum ChangeEvent<'a> {
    MessageChanged {
        chat_id: ChatId,
        rev: Rev,
        what: &'static str,
        by: UserId,
        #[serde(skip_serializing_if = "Option::is_none")]
        emoji: Option<&'a str>,
        message: Box<Message<'a>>,
    },
    MessageMine {
        chat_id: ChatId,
        seq: Seq,
        my: My<'a>,
    },
}

impl<'a> ChangeEvent<'a> {
    /// The message is so now, because of what `by` did.
    pub fn changed(chat_id: ChatId, rev: Rev, effect: &'a Effect, by: UserId, message: Message<'a>) -> Self {
        let emoji = match effect {
            Effect::Reacted(emoji) | Effect::Unreacted(emoji) => Some(emoji.as_str()),
            _ => None,
        };
        Self::MessageChanged { chat_id, rev, what: what(effect), by, emoji, message: Box::new(message) }
    }
}

impl Tell for ChangeEvent<'_> {
    fn name(&self) -> &'static str {
        match self {
            Self::MessageChanged { .. } => "message-changed",
            Self::MessageMine { .. } => "message-mine",
        }
    }
}

/// An acknowledgement of a change: the message as it is now, and one's own marks.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
#[allow(missing_docs, reason = "the fields are the contract's own, explained there once")]
pub struct ChangeDone<'a> {
    pub chat_id: ChatId,
    pub seq: Seq,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rev: Option<Rev>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<Message<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub own: Option<Own>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub my: Option<My<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_mentioned: Option<Mentions<'a>>,
}

impl<'a> ChangeDone<'a> {
    /// What belongs into the acknowledgement of a deed.
    pub fn of(deed: &MessageDeed, message: Message<'a>, marks: &'a Marks, not_mentioned: &'a [Mention]) -> Self {
        let is_own = matches!(deed, MessageDeed::Hide | MessageDeed::Star(_) | MessageDeed::React(..));
        let is_shared = !matches!(deed, MessageDeed::Hide | MessageDeed::Star(_));
        let rev = message.more.as_ref().map_or(Rev(0), |more| more.rev);
        Self {
            chat_id: message.chat,
            seq: message.seq,
            rev: is_shared.then_some(rev),
            message: is_shared.then_some(message),
            own: is_own.then_some(marks.own),
            my: (is_own && marks.own > Own(0)).then_some(My(marks)),
            not_mentioned: (!not_mentioned.is_empty()).then_some(Mentions(not_mentioned)),
        }
    }
}
