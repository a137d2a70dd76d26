//! What one member alone decides of a chat.
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{
    ClientEvent, ForChat, Parser, PayloadBounds, Tell,
    payload::{Payload, Text, chat, seq},
};
use crate::domain::{ChatId, Own, OwnDeed, Preferences, PreferencesChange, Refusal, Seq, Timestamp};

pub(super) const EVENTS: &[(&str, Parser)] = &[("set-chat-prefs", set), ("clear-chat", clear)];

/// Ten years.
const LONGEST_SILENCE: i64 = 315_360_000;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SetPrefs<'a> {
    #[serde(borrow)]
    chat_id: Text<'a>,
    mute: Option<i64>,
    archived: Option<bool>,
    pinned: Option<bool>,
    marked_unread: Option<bool>,
    hidden: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Clear<'a> {
    #[serde(borrow)]
    chat_id: Text<'a>,
    seq: Option<i64>,
}

fn set(payload: Payload<'_>, _: &PayloadBounds) -> Result<ClientEvent, Refusal> {
    let SetPrefs { chat_id, mute, archived, pinned, marked_unread, hidden } = payload.read()?;
    let silence = match mute {
        Some(seconds @ 0..=LONGEST_SILENCE) => Some(Duration::from_secs(seconds.unsigned_abs())),
        Some(_) => return Err(Refusal::bad_request(format!("Mute must be 0 to {LONGEST_SILENCE}"))),
        None => None,
    };
    let change = PreferencesChange { silence, archived, pinned, marked_unread, hidden };
    if change.is_empty() {
        return Err(Refusal::bad_request("Name at least one preference"));
    }
    Ok(ForChat::Own(chat(&chat_id)?, OwnDeed::Prefer(change)).into())
}

fn clear(payload: Payload<'_>, _: &PayloadBounds) -> Result<ClientEvent, Refusal> {
    let asked: Clear = payload.read()?;
    let upto = seq("Seq", asked.seq)?;
    Ok(ForChat::Own(chat(&asked.chat_id)?, OwnDeed::Clear(upto)).into())
}

/// What one member alone decides of a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Prefs {
    own: Own,
    first_seq: Seq,
    #[serde(skip_serializing_if = "Option::is_none")]
    muted_until: Option<Timestamp>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    archived: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pinned: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    marked_unread: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    hidden: bool,
}

impl Prefs {
    /// Of somebody who sees what follows from `first` on.
    pub fn of(preferences: &Preferences, first: Seq) -> Self {
        Self {
            own: preferences.own,
            first_seq: first,
            muted_until: preferences.silent_until.filter(|until| *until > Timestamp::now()),
            archived: preferences.archived,
            pinned: preferences.pinned_at.is_some(),
            marked_unread: preferences.marked_unread,
            hidden: preferences.hidden,
        }
    }
}

/// What is told to the sockets of one member.
#[derive(Debug, Serialize)]
#[serde(untagged, rename_all_fields = "PascalCase")]
#[allow(missing_docs, reason = "the fields are the contract's own, explained there once")]
pub enum PrefsEvent {
    ChatPrefs { chat_id: ChatId, prefs: Prefs },
}

impl Tell for PrefsEvent {
    fn name(&self) -> &'static str {
        match self {
            Self::ChatPrefs { .. } => "chat-prefs",
        }
    }
}
