//! A chat as a whole: what it is called, who is in it, one's own preferences; and what changes of that.
use serde::{Deserialize, Serialize};

use super::{
    ClientEvent, ForChat, Look, Parser, PayloadBounds, Prefs, Tell,
    payload::{Payload, Text, chat, page_size, rev},
    role_name,
};
use crate::domain::{
    Activity, ChatId, Field, Fields, FileId, GroupInfo, Member, Own, Refusal, Rev, Role, Seq, Timestamp, UserId, What,
};

pub(super) const EVENTS: &[(&str, Parser)] = &[("fetch-chat", fetch), ("fetch-activity", activity)];

/// Entries of an answer, unless the client says how many, and the most of them.
const ENTRIES: u64 = 50;
const MOST_ENTRIES: u64 = 200;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct FetchActivity<'a> {
    #[serde(borrow)]
    chat_id: Text<'a>,
    before: Option<i64>,
    limit: Option<i64>,
}

fn fetch(payload: Payload<'_>, _: &PayloadBounds) -> Result<ClientEvent, Refusal> {
    Ok(ForChat::Look(payload.of_chat()?, Look::Chat).into())
}

fn activity(payload: Payload<'_>, _: &PayloadBounds) -> Result<ClientEvent, Refusal> {
    let asked: FetchActivity = payload.read()?;
    let before = rev("Before", asked.before)?;
    let limit = page_size(asked.limit, ENTRIES, MOST_ENTRIES)?;
    Ok(ForChat::Look(chat(&asked.chat_id)?, Look::Activity { before, limit }).into())
}

/// What a group is called, what it is for, and who may do what.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Info {
    rev: Rev,
    name: String,
    description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    avatar: Option<FileId>,
    admin: Option<UserId>,
    settings: Settings,
}

#[derive(Debug, Clone, Copy, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Settings {
    who_posts: &'static str,
    who_adds: &'static str,
    who_pins: &'static str,
    who_edits: &'static str,
    who_mentions_all: &'static str,
    slow_mode: u64,
    open_history: bool,
}

impl Info {
    /// As the group and its settings are.
    pub fn of(group: &GroupInfo) -> Self {
        let settings = &group.settings;
        Self {
            rev: group.rev,
            name: group.name.to_string(),
            description: group.description.to_string(),
            avatar: group.avatar,
            admin: group.admin,
            settings: Settings {
                who_posts: role_name(settings.who_posts),
                who_adds: role_name(settings.who_adds),
                who_pins: role_name(settings.who_pins),
                who_edits: role_name(settings.who_edits),
                who_mentions_all: role_name(settings.who_mentions_all),
                slow_mode: settings.slow_mode.as_secs(),
                open_history: settings.open_history,
            },
        }
    }
}

/// Who is in a group, in joining order.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Roster {
    rev: Rev,
    members: Vec<RosterRow>,
}

impl Roster {
    /// The members, one of whom leads the group.
    pub fn of(rev: Rev, members: &[Member], admin: Option<UserId>) -> Self {
        Self { rev, members: members.iter().map(|member| RosterRow::of(member, admin)).collect() }
    }
}

/// Somebody's place in a group.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct RosterRow {
    #[serde(rename = "_id")]
    id: UserId,
    name: String,
    role: &'static str,
    rev: Rev,
    #[serde(skip_serializing_if = "Option::is_none")]
    avatar: Option<FileId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    muted_until: Option<Timestamp>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    gone: bool,
}

impl RosterRow {
    /// Of somebody who is in.
    pub fn of(member: &Member, admin: Option<UserId>) -> Self {
        let role = if admin == Some(member.user) { Role::Owner } else { member.role };
        Self {
            id: member.user,
            name: member.name.to_string(),
            role: role_name(role),
            rev: member.rev,
            avatar: member.avatar,
            muted_until: member.muted_until.filter(|until| *until > Timestamp::now()),
            gone: false,
        }
    }

    /// Of somebody who is in no more, since `rev`.
    pub fn gone(member: &Member, rev: Rev) -> Self {
        Self { rev, gone: true, ..Self::of(member, None) }
    }
}

fn what(what: What) -> &'static str {
    match what {
        What::Added => "Added",
        What::Joined => "Joined",
        What::Left => "Left",
        What::Removed => "Removed",
        What::AdminChanged => "AdminChanged",
        What::Banned => "Banned",
        What::RoleSet(_) => "RoleSet",
        What::Muted => "Muted",
        What::Unmuted => "Unmuted",
        What::Edited(_) => "Edited",
    }
}

fn field_name(field: Field) -> &'static str {
    match field {
        Field::Name => "Name",
        Field::Description => "Description",
        Field::Settings => "Settings",
        Field::Avatar => "Avatar",
    }
}

/// Something that happened in a group.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ChatChanged {
    chat_id: ChatId,
    rev: Rev,
    after_seq: Seq,
    at: Timestamp,
    what: &'static str,
    by: UserId,
    by_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    user_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fields: Vec<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    members: Vec<RosterRow>,
    #[serde(skip_serializing_if = "Option::is_none")]
    info: Option<Info>,
}

impl ChatChanged {
    /// What happened, with the rows that it changed, and the group if that changed.
    pub fn of(chat_id: ChatId, activity: &Activity, members: Vec<RosterRow>, info: Option<Info>) -> Self {
        let edited = if let What::Edited(fields) = activity.what { Some(fields) } else { None };
        let (user, name) = &activity.whom;
        Self {
            chat_id,
            rev: activity.rev,
            after_seq: activity.after,
            at: activity.at,
            what: what(activity.what),
            by: activity.by.0,
            by_name: activity.by.1.to_string(),
            user: edited.is_none().then_some(*user),
            user_name: edited.is_none().then(|| name.to_string()),
            role: if let What::RoleSet(role) = activity.what { Some(role_name(role)) } else { None },
            fields: edited.into_iter().flat_map(Fields::iter).map(field_name).collect(),
            members,
            info,
        }
    }

    /// The acknowledgement of it.
    pub fn done(&self) -> ChatDone<'_> {
        let info = self.info.as_ref();
        ChatDone { chat_id: self.chat_id, rev: Some(self.rev), members: &self.members, info }
    }
}

/// An acknowledgement of a change of a group.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
#[allow(missing_docs, reason = "the fields are the contract's own, explained there once")]
pub struct ChatDone<'a> {
    pub chat_id: ChatId,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rev: Option<Rev>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub members: &'a [RosterRow],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub info: Option<&'a Info>,
}

/// All that is told of a chat as a whole.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
#[allow(missing_docs, reason = "the fields are the contract's own, explained there once")]
pub struct WholeChat {
    pub chat_id: ChatId,
    pub kind: &'static str,
    pub last_seq: Seq,
    pub rev: Rev,
    pub own: Own,
    pub read_seq: Seq,
    pub prefs: Prefs,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub info: Option<Info>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roster: Option<Roster>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partner_id: Option<UserId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partner_read_seq: Option<Seq>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivered_seq: Option<Seq>,
}

/// What is told of a chat as a whole.
#[derive(Debug, Serialize)]
#[serde(untagged, rename_all_fields = "PascalCase")]
#[allow(missing_docs, reason = "the fields are the contract's own, explained there once")]
pub enum InfoEvent<'a> {
    ChatChanged(&'a ChatChanged),
    Chat(Box<WholeChat>),
    Activity { chat_id: ChatId, events: Vec<ChatChanged>, has_more: bool },
}

impl Tell for InfoEvent<'_> {
    fn name(&self) -> &'static str {
        match self {
            Self::ChatChanged(_) => "chat-changed",
            Self::Chat(_) => "chat",
            Self::Activity { .. } => "activity",
        }
    }
}
