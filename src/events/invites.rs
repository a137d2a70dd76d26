//! Invitations: made, listed, ended, looked at and followed.
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{
    ClientEvent, ForChat, Parser, PayloadBounds, Query, Tell,
    payload::{Payload, Text, chat},
};
use crate::domain::{ChatId, FileId, Invite, InviteId, InviteLink, NewInvite, Refusal, Rev, Timestamp, UserId};

pub(super) const EVENTS: &[(&str, Parser)] = &[
    ("create-invite", create),
    ("list-invites", list),
    ("revoke-invite", revoke),
    ("preview-invite", preview),
    ("join-group", join),
];

/// A week.
const LASTS: i64 = 604_800;
/// A minute, and a year.
const SHORTEST: i64 = 60;
const LONGEST: i64 = 31_536_000;
const MOST_USES: i64 = 10_000;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Create<'a> {
    #[serde(borrow)]
    chat_id: Text<'a>,
    seconds: Option<i64>,
    max_uses: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Revoke<'a> {
    #[serde(borrow)]
    chat_id: Text<'a>,
    id: Text<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ByToken<'a> {
    #[serde(borrow)]
    token: Text<'a>,
}

fn create(payload: Payload<'_>, _: &PayloadBounds) -> Result<ClientEvent, Refusal> {
    let asked: Create = payload.read()?;
    let seconds = asked.seconds.unwrap_or(LASTS);
    if !(SHORTEST..=LONGEST).contains(&seconds) {
        return Err(Refusal::bad_request(format!("Seconds must be {SHORTEST} to {LONGEST}")));
    }
    let max_uses = match asked.max_uses {
        Some(most @ 1..=MOST_USES) => u32::try_from(most).ok(),
        Some(_) => return Err(Refusal::bad_request(format!("MaxUses must be 1 to {MOST_USES}"))),
        None => None,
    };
    let new = NewInvite { id: InviteId::new(), lasts: Duration::from_secs(seconds.unsigned_abs()), max_uses };
    Ok(ForChat::Invite(chat(&asked.chat_id)?, new).into())
}

fn list(payload: Payload<'_>, _: &PayloadBounds) -> Result<ClientEvent, Refusal> {
    Ok(Query::Invites(payload.of_chat()?).into())
}

/// What is no id names no invitation; that is said to members alone.
fn revoke(payload: Payload<'_>, _: &PayloadBounds) -> Result<ClientEvent, Refusal> {
    let asked: Revoke = payload.read()?;
    Ok(ForChat::RevokeInvite(chat(&asked.chat_id)?, asked.id.parse().ok()).into())
}

fn preview(payload: Payload<'_>, _: &PayloadBounds) -> Result<ClientEvent, Refusal> {
    let asked: ByToken = payload.read()?;
    Ok(Query::PreviewInvite(asked.token.to_owned()).into())
}

fn join(payload: Payload<'_>, _: &PayloadBounds) -> Result<ClientEvent, Refusal> {
    let asked: ByToken = payload.read()?;
    Ok(ForChat::Join(asked.token.to_owned()).into())
}

/// An invitation, for those who may pass it on.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
#[allow(missing_docs, reason = "the fields are the contract's own, explained there once")]
pub struct InviteRow {
    pub id: InviteId,
    pub url: String,
    pub token: String,
    pub by: UserId,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_uses: Option<u32>,
    pub uses: u32,
}

impl InviteRow {
    /// With what is passed on of it.
    pub fn of(invite: &Invite, link: &InviteLink) -> Self {
        Self {
            id: invite.id,
            url: link.url.clone(),
            token: link.token.clone(),
            by: invite.by,
            created_at: invite.created_at,
            expires_at: invite.expires_at,
            max_uses: invite.max_uses,
            uses: invite.uses,
        }
    }
}

/// An acknowledgement of a new invitation.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
#[allow(missing_docs, reason = "the fields are the contract's own, explained there once")]
pub struct InviteDone<'a> {
    pub invite: &'a InviteRow,
}

/// An acknowledgement for somebody who came in, or was in.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
#[allow(missing_docs, reason = "the fields are the contract's own, explained there once")]
pub struct JoinDone<'a> {
    pub chat_id: ChatId,
    pub name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rev: Option<Rev>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub joined: bool,
}

/// What is told of invitations.
#[derive(Debug, Serialize)]
#[serde(untagged, rename_all_fields = "PascalCase")]
#[allow(missing_docs, reason = "the fields are the contract's own, explained there once")]
pub enum InviteEvent {
    Invites {
        chat_id: ChatId,
        invites: Vec<InviteRow>,
    },
    Invite {
        chat_id: ChatId,
        name: String,
        description: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        avatar: Option<FileId>,
        members: u64,
        joined: bool,
    },
}

impl Tell for InviteEvent {
    fn name(&self) -> &'static str {
        match self {
            Self::Invites { .. } => "invites",
            Self::Invite { .. } => "invite",
        }
    }
}
