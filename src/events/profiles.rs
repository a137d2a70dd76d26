//! What people say of themselves.
use serde::{Deserialize, Serialize};

use super::{
    ClientEvent, Parser, PayloadBounds, Query, Tell,
    payload::{Payload, Text, picture, said},
};
use crate::domain::{self, Bio, Code, FileId, Name, ProfileChange, Refusal, StatusText, Timestamp, UserId};

pub(super) const EVENTS: &[(&str, Parser)] = &[("edit-profile", edit), ("fetch-profiles", fetch)];

/// So many profiles come at once.
const MOST: usize = 100;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Edit<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    bio: Option<Text<'a>>,
    status: Option<Text<'a>>,
    #[serde(default, deserialize_with = "said")]
    status_until: Option<Option<String>>,
    #[serde(default, deserialize_with = "said")]
    avatar: Option<Option<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Fetch<'a> {
    #[serde(borrow)]
    users: Vec<Text<'a>>,
}

fn edit(payload: Payload<'_>, _: &PayloadBounds) -> Result<ClientEvent, Refusal> {
    let asked: Edit = payload.read()?;
    let time = |text: String| {
        Timestamp::parse(&text)
            .ok_or_else(|| Refusal::bad_request("StatusUntil must be a time, such as 2026-01-31T09:30:00Z"))
    };
    let change = ProfileChange {
        name: asked.name.map(|name| Name::new(&name)).transpose()?,
        bio: asked.bio.map(|bio| Bio::new(&bio)).transpose()?,
        status: asked.status.map(|status| StatusText::new(&status)).transpose()?,
        status_until: asked.status_until.map(|until| until.map(time).transpose()).transpose()?,
        avatar: asked.avatar.map(|avatar| avatar.map(|id| picture(&id)).transpose()).transpose()?,
    };
    if change.is_empty() {
        return Err(Refusal::bad_request("Name at least one thing to edit"));
    }
    Ok(Query::EditProfile(change).into())
}

fn fetch(payload: Payload<'_>, _: &PayloadBounds) -> Result<ClientEvent, Refusal> {
    let asked: Fetch = payload.read()?;
    if asked.users.len() > MOST {
        return Err(Refusal::new(Code::TooLarge, format!("At most {MOST} profiles come at once")));
    }
    let users: Vec<UserId> = asked.users.iter().filter_map(|id| id.parse().ok()).collect();
    Ok(Query::Profiles(users).into())
}

/// What somebody says of oneself.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Profile {
    #[serde(rename = "_id")]
    id: UserId,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    bio: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_until: Option<Timestamp>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    blocked: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    avatar: Option<FileId>,
}

impl Profile {
    /// As it is now; `blocked` by the one who is told.
    pub fn of(profile: &domain::Profile, blocked: bool) -> Self {
        let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Self {
            id: profile.user,
            name: profile.name.to_string(),
            bio: text(profile.bio.as_str()),
            status: text(profile.status.as_str()),
            status_until: profile.status_until,
            blocked,
            avatar: profile.avatar,
        }
    }
}

/// What is told of profiles.
#[derive(Debug, Serialize)]
#[serde(untagged, rename_all_fields = "PascalCase")]
#[allow(missing_docs, reason = "the fields are the contract's own, explained there once")]
pub enum ProfileEvent {
    ProfileChanged { profile: Profile },
    Profiles { profiles: Vec<Profile> },
}

impl Tell for ProfileEvent {
    fn name(&self) -> &'static str {
        match self {
            Self::ProfileChanged { .. } => "profile-changed",
            Self::Profiles { .. } => "profiles",
        }
    }
}
