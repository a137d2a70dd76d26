//! Groups: made, edited and ended.
use std::{collections::HashSet, time::Duration};

use serde::{Deserialize, Serialize};

use super::{
    ClientEvent, ForChat, Parser, PayloadBounds, Query, Tell,
    payload::{Payload, Text, chat, picture, said, user},
    role,
};
use crate::domain::{ChatId, Code, Deed, Description, FileId, GroupEdit, IdHasher, Name, Refusal, UserId};

/// A group that the client makes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateGroup {
    /// Its name.
    pub name: Name,
    /// What it is for.
    pub description: Description,
    /// The others, each once, in the order named.
    pub participants: Vec<UserId>,
}

pub(super) const CREATE: &str = "create-group-chat";

pub(super) const EVENTS: &[(&str, Parser)] = &[(CREATE, create), ("delete-grp", delete), ("edit-group", edit)];

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Create<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    description: Text<'a>,
    participants: Vec<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Delete<'a> {
    #[serde(borrow)]
    group_id: Text<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Edit<'a> {
    #[serde(borrow)]
    chat_id: Text<'a>,
    name: Option<Text<'a>>,
    description: Option<Text<'a>>,
    #[serde(default, deserialize_with = "said")]
    avatar: Option<Option<String>>,
    settings: Option<Settings<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Settings<'a> {
    #[serde(borrow)]
    who_posts: Option<Text<'a>>,
    who_adds: Option<Text<'a>>,
    who_pins: Option<Text<'a>>,
    who_edits: Option<Text<'a>>,
    who_mentions_all: Option<Text<'a>>,
    slow_mode: Option<i64>,
    open_history: Option<bool>,
}

/// Six hours.
const SLOWEST: i64 = 21_600;

fn create(payload: Payload<'_>, bounds: &PayloadBounds) -> Result<ClientEvent, Refusal> {
    let asked: Create = payload.read()?;
    let name = Name::new(&asked.name)?;
    let description = Description::new(&asked.description)?;
    let participants = each_once(&asked.participants)?;
    if participants.len() > bounds.group_members {
        return Err(Refusal::new(Code::TooLarge, format!("A group has at most {} members", bounds.group_members)));
    }
    Ok(Query::CreateGroup(CreateGroup { name, description, participants }).into())
}

/// In the order named; somebody who is named again is one person all the same.
fn each_once(ids: &[Text<'_>]) -> Result<Vec<UserId>, Refusal> {
    let mut known = HashSet::with_hasher(IdHasher::default());
    let mut users = Vec::new();
    for id in ids {
        let user = user(id)?;
        if known.insert(user) {
            users.push(user);
        }
    }
    Ok(users)
}

fn delete(payload: Payload<'_>, _: &PayloadBounds) -> Result<ClientEvent, Refusal> {
    let asked: Delete = payload.read()?;
    Ok(ForChat::Group(chat(&asked.group_id)?, Deed::DeleteGroup).into())
}

fn edit(payload: Payload<'_>, _: &PayloadBounds) -> Result<ClientEvent, Refusal> {
    let asked: Edit = payload.read()?;
    let name = asked.name.map(|name| Name::new(&name)).transpose()?;
    let description = asked.description.map(|text| Description::new(&text)).transpose()?;
    let settings = asked.settings.map(|settings| settings.read()).transpose()?.unwrap_or_default();
    // What is no id names no picture: that is said only to those who may ask for one.
    let lacks_picture = asked.avatar.iter().flatten().any(|id| picture(id).is_err());
    let avatar = asked.avatar.map(|avatar| avatar.map(|id| picture(&id).unwrap_or(FileId::NONE)));
    let edit = GroupEdit { name, description, avatar, lacks_picture, ..settings };
    if !edit.has_face() && !edit.has_settings() {
        return Err(Refusal::bad_request("Name at least one thing to edit"));
    }
    Ok(ForChat::Group(chat(&asked.chat_id)?, Deed::Edit(Box::new(edit))).into())
}

impl Settings<'_> {
    fn read(self) -> Result<GroupEdit, Refusal> {
        let who = |what, name: Option<Text<'_>>| name.map(|name| role(what, &name)).transpose();
        let slow_mode = match self.slow_mode {
            Some(seconds @ 0..=SLOWEST) => Some(Duration::from_secs(seconds.unsigned_abs())),
            Some(_) => return Err(Refusal::bad_request(format!("SlowMode must be 0 to {SLOWEST}"))),
            None => None,
        };
        Ok(GroupEdit {
            who_posts: who("WhoPosts", self.who_posts)?,
            who_adds: who("WhoAdds", self.who_adds)?,
            who_pins: who("WhoPins", self.who_pins)?,
            who_edits: who("WhoEdits", self.who_edits)?,
            who_mentions_all: who("WhoMentionsAll", self.who_mentions_all)?,
            slow_mode,
            open_history: self.open_history,
            ..GroupEdit::default()
        })
    }
}

/// What is told of a group's beginning and end.
#[derive(Debug, Serialize)]
#[serde(untagged, rename_all_fields = "PascalCase")]
#[allow(missing_docs, reason = "the fields are the contract's own, explained there once")]
pub enum GroupEvent<'a> {
    CreateGroupChatCreator { group_id: ChatId, name: &'a str },
    CreateGroupChatReceiver { group_id: ChatId, name: &'a str },
    DeleteGroupChatCreator { group_id: ChatId },
    DeleteGrpSuccessReceiver { group_id: ChatId },
}

impl Tell for GroupEvent<'_> {
    fn name(&self) -> &'static str {
        match self {
            Self::CreateGroupChatCreator { .. } => "create-group-chat-creator",
            Self::CreateGroupChatReceiver { .. } => "create-group-chat-receiver",
            Self::DeleteGroupChatCreator { .. } => "delete-group-chat-creator",
            Self::DeleteGrpSuccessReceiver { .. } => "delete-grp-success-receiver",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::events::tests::BOUNDS;

    #[test]
    fn participants_count_once_however_often_they_are_named() {
        let bob = UserId::new();
        let eve = UserId::new();
        let named = |ids: &[UserId]| {
            let ids: Vec<_> = ids.iter().map(|id| format!("\"{id}\"")).collect();
            let json = format!(r#"{{"Name":"Band","Description":"","Participants":[{}]}}"#, ids.join(","));
            match ClientEvent::parse(CREATE, Some(&json), &BOUNDS) {
                Ok(ClientEvent::Query(Query::CreateGroup(group))) => Ok(group.participants),
                other => Err(other.unwrap_err().code),
            }
        };
        assert_eq!(named(&[vec![bob; 300], vec![eve], vec![bob; 300]].concat()), Ok(vec![bob, eve]));
        let crowd: Vec<_> = (0..4).map(|_| UserId::new()).collect();
        assert_eq!(named(&crowd), Err(Code::TooLarge));
    }
}
