//! Groups: made and ended.
use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::{
    ClientEvent, ForChat, Limits, Parser, Query, Tell,
    payload::{Payload, Text, chat, user},
};
use crate::domain::{ChatId, Code, Deed, Description, IdHasher, Name, Refusal, UserId};

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

pub(super) const EVENTS: &[(&str, Parser)] = &[(CREATE, create), ("delete-grp", delete)];

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

fn create(payload: Payload<'_>, limits: &Limits) -> Result<ClientEvent, Refusal> {
    let asked: Create = payload.read()?;
    let name = Name::new(&asked.name)?;
    let description = Description::new(&asked.description)?;
    let participants = each_once(&asked.participants)?;
    if participants.len() > limits.group_members {
        return Err(Refusal::new(Code::TooLarge, format!("A group has at most {} members", limits.group_members)));
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

fn delete(payload: Payload<'_>, _: &Limits) -> Result<ClientEvent, Refusal> {
    let asked: Delete = payload.read()?;
    Ok(ForChat::Group(chat(&asked.group_id)?, Deed::DeleteGroup).into())
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

    const LIMITS: Limits =
        Limits { content_bytes: 100, group_members: 3, page: 50, max_page: 200, mentions: 50, watched: 200 };

    #[test]
    fn participants_count_once_however_often_they_are_named() {
        let (bob, eve) = (UserId::new(), UserId::new());
        let named = |ids: &[UserId]| {
            let ids: Vec<_> = ids.iter().map(|id| format!("\"{id}\"")).collect();
            let json = format!(r#"{{"Name":"Band","Description":"","Participants":[{}]}}"#, ids.join(","));
            match ClientEvent::parse(CREATE, Some(&json), &LIMITS) {
                Ok(ClientEvent::Query(Query::CreateGroup(group))) => Ok(group.participants),
                other => Err(other.unwrap_err().code),
            }
        };
        assert_eq!(named(&[vec![bob; 300], vec![eve], vec![bob; 300]].concat()), Ok(vec![bob, eve]));
        let crowd: Vec<_> = (0..4).map(|_| UserId::new()).collect();
        assert_eq!(named(&crowd), Err(Code::TooLarge));
    }
}
