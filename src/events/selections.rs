//! Messages chosen by what was done with them, and who did it: pinned ones, starred ones, those who reacted.
use std::borrow::Cow;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use super::{
    ClientEvent, ForChat, Look, Message, Parser, PayloadBounds, Query, Tell,
    payload::{Payload, Text, chat, page_size, required_seq},
};
use crate::domain::{ChatId, Emoji, Refusal, Seq, Timestamp, UserId};

/// Messages of an answer, unless the client says how many, and the most of them.
const STARRED: u64 = 50;
const MOST_STARRED: u64 = 100;

/// The caller wants to see what is starred.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FetchStarred {
    /// In one chat, or in all.
    pub chat: Option<ChatId>,
    /// After the last of an earlier answer.
    pub after: Option<Cursor>,
    /// At most so many.
    pub limit: u64,
}

/// Where an answer ended: when the last message was starred, its chat and its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor(pub Timestamp, pub ChatId, pub Seq);

impl Cursor {
    fn write(self) -> String {
        let Self(at, chat, seq) = self;
        BASE64_URL_SAFE_NO_PAD.encode(format!("{}.{chat}.{}", at.0, seq.0))
    }

    fn read(text: &str) -> Option<Self> {
        let text = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let mut parts = text.splitn(3, '.');
        let at = parts.next()?.parse().ok()?;
        let chat = parts.next()?.parse().ok()?;
        let seq = parts.next()?.parse().ok()?;
        Some(Self(Timestamp(at), chat, Seq(seq)))
    }
}

pub(super) const EVENTS: &[(&str, Parser)] =
    &[("fetch-pinned", pinned), ("fetch-starred", starred), ("fetch-reactions", reactions)];

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Starred<'a> {
    #[serde(borrow)]
    chat_id: Option<Text<'a>>,
    cursor: Option<Text<'a>>,
    limit: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct OfMessage<'a> {
    #[serde(borrow)]
    chat_id: Text<'a>,
    seq: i64,
    emoji: Text<'a>,
}

fn pinned(payload: Payload<'_>, _: &PayloadBounds) -> Result<ClientEvent, Refusal> {
    Ok(ForChat::Look(payload.of_chat()?, Look::Pinned).into())
}

fn starred(payload: Payload<'_>, _: &PayloadBounds) -> Result<ClientEvent, Refusal> {
    let asked: Starred = payload.read_if_any()?;
    let after = asked.cursor.map(|text| Cursor::read(&text).ok_or_else(unknown_cursor)).transpose()?;
    let limit = page_size(asked.limit, STARRED, MOST_STARRED)?;
    let chat = asked.chat_id.map(|id| chat(&id)).transpose()?;
    Ok(Query::Starred(FetchStarred { chat, after, limit }).into())
}

fn unknown_cursor() -> Refusal {
    Refusal::bad_request("Cursor must be the one of an earlier answer")
}

fn reactions(payload: Payload<'_>, _: &PayloadBounds) -> Result<ClientEvent, Refusal> {
    let asked: OfMessage = payload.read()?;
    let seq = required_seq(asked.seq)?;
    let emoji = Emoji::new(&asked.emoji)?;
    Ok(ForChat::Look(chat(&asked.chat_id)?, Look::Reactions { seq, emoji }).into())
}

/// Somebody who reacted.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
#[allow(missing_docs, reason = "the fields are the contract's own, explained there once")]
pub struct Reactor {
    #[serde(rename = "_id")]
    pub id: UserId,
    pub name: String,
}

/// What is answered.
#[derive(Debug, Serialize)]
#[serde(untagged, rename_all_fields = "PascalCase")]
#[allow(missing_docs, reason = "the fields are the contract's own, explained there once")]
pub enum SelectionEvent<'a> {
    PinnedMessages {
        chat_id: ChatId,
        messages: Vec<Message<'a>>,
    },
    StarredMessages {
        messages: Vec<Message<'a>>,
        #[serde(skip_serializing_if = "Option::is_none")]
        cursor: Option<String>,
        has_more: bool,
    },
    Reactions {
        chat_id: ChatId,
        seq: Seq,
        emoji: Cow<'a, str>,
        users: Vec<Reactor>,
    },
}

impl<'a> SelectionEvent<'a> {
    /// Starred messages, and where they ended if there are more.
    pub fn starred(messages: Vec<Message<'a>>, next: Option<Cursor>) -> Self {
        Self::StarredMessages { messages, has_more: next.is_some(), cursor: next.map(Cursor::write) }
    }
}

impl Tell for SelectionEvent<'_> {
    fn name(&self) -> &'static str {
        match self {
            Self::PinnedMessages { .. } => "pinned-messages",
            Self::StarredMessages { .. } => "starred-messages",
            Self::Reactions { .. } => "reactions",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_written_and_nothing_else_is_one() {
        let cursor = Cursor(Timestamp(1_769_851_800_000), ChatId::new(), Seq(7));
        assert_eq!(Cursor::read(&cursor.write()), Some(cursor));
        for wrong in ["", "x", "MS4yLjM", "%%%"] {
            assert_eq!(Cursor::read(wrong), None, "{wrong}");
        }
    }
}
