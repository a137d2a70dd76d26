//! Keeping order in a group: roles, silence for a while, and those who may not come in.
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{
    ClientEvent, ForChat, InGroup, Look, Parser, PayloadBounds, Tell,
    payload::{Payload, Text, chat, user},
    role,
};
use crate::domain::{ChatId, Deed, Refusal, Role, Timestamp, UserId};

pub(super) const EVENTS: &[(&str, Parser)] = &[
    ("set-role", set_role),
    ("mute-member", mute),
    ("ban-member", ban),
    ("unban-member", unban),
    ("fetch-bans", fetch_bans),
];

/// Ten years.
const LONGEST_MUTE: i64 = 315_360_000;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct SetRole<'a> {
    #[serde(borrow)]
    chat_id: Text<'a>,
    member: Text<'a>,
    role: Text<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Mute<'a> {
    #[serde(borrow)]
    chat_id: Text<'a>,
    member: Text<'a>,
    seconds: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Someone<'a> {
    #[serde(borrow)]
    chat_id: Text<'a>,
    member: Text<'a>,
}

fn set_role(payload: Payload<'_>, _: &PayloadBounds) -> Result<ClientEvent, Refusal> {
    let asked: SetRole = payload.read()?;
    let role = role("Role", &asked.role)?;
    if role == Role::Owner {
        return Err(Refusal::bad_request("Role must be Moderator or Member: change-admin makes an Owner"));
    }
    Ok(ForChat::Group(chat(&asked.chat_id)?, Deed::SetRole(user(&asked.member).ok(), role)).into())
}

fn mute(payload: Payload<'_>, _: &PayloadBounds) -> Result<ClientEvent, Refusal> {
    let asked: Mute = payload.read()?;
    let seconds = u64::try_from(asked.seconds).ok().filter(|_| asked.seconds <= LONGEST_MUTE);
    let seconds = seconds.ok_or_else(|| Refusal::bad_request(format!("Seconds must be 0 to {LONGEST_MUTE}")))?;
    let deed = Deed::Mute(user(&asked.member).ok(), Duration::from_secs(seconds));
    Ok(ForChat::Group(chat(&asked.chat_id)?, deed).into())
}

fn ban(payload: Payload<'_>, _: &PayloadBounds) -> Result<ClientEvent, Refusal> {
    let asked: Someone = payload.read()?;
    Ok(ForChat::Ban(InGroup { group: chat(&asked.chat_id)?, member: user(&asked.member).ok() }).into())
}

fn unban(payload: Payload<'_>, _: &PayloadBounds) -> Result<ClientEvent, Refusal> {
    let asked: Someone = payload.read()?;
    Ok(ForChat::Group(chat(&asked.chat_id)?, Deed::Unban(user(&asked.member).ok())).into())
}

fn fetch_bans(payload: Payload<'_>, _: &PayloadBounds) -> Result<ClientEvent, Refusal> {
    Ok(ForChat::Look(payload.of_chat()?, Look::Bans).into())
}

/// Somebody who may not come in.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
#[allow(missing_docs, reason = "the fields are the contract's own, explained there once")]
pub struct BanRow {
    #[serde(rename = "_id")]
    pub id: UserId,
    pub name: String,
    pub by: UserId,
    pub at: Timestamp,
}

/// What is told to those who keep order.
#[derive(Debug, Serialize)]
#[serde(untagged, rename_all_fields = "PascalCase")]
#[allow(missing_docs, reason = "the fields are the contract's own, explained there once")]
pub enum ModerationEvent {
    Bans { chat_id: ChatId, bans: Vec<BanRow> },
}

impl Tell for ModerationEvent {
    fn name(&self) -> &'static str {
        match self {
            Self::Bans { .. } => "bans",
        }
    }
}
