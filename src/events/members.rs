//! Who is in a group, and who leads it.
use serde::{Deserialize, Serialize, Serializer, ser::SerializeMap};

use super::{
    ClientEvent, ForChat, Parser, PayloadBounds, Tell,
    payload::{Payload, Text, chat, user},
};
use crate::domain::{ChatId, Deed, Member, Refusal, UserId};

/// Somebody in a group, or who is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InGroup {
    /// The group.
    pub group: ChatId,
    /// Who; `None`: nobody has that id, which the caller may learn only if in the group.
    pub member: Option<UserId>,
}

pub(super) const ADD: &str = "add-member";
pub(super) const LEAVE: &str = "leave-grp";

pub(super) const EVENTS: &[(&str, Parser)] =
    &[(ADD, add), ("change-admin", change_admin), ("kickout", kickout), (LEAVE, leave)];

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Someone<'a> {
    #[serde(borrow)]
    group_id: Text<'a>,
    member: Text<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Group<'a> {
    #[serde(borrow)]
    group_id: Text<'a>,
}

fn add(payload: Payload<'_>, _: &PayloadBounds) -> Result<ClientEvent, Refusal> {
    Ok(ForChat::AddMember(someone(payload)?).into())
}

fn change_admin(payload: Payload<'_>, _: &PayloadBounds) -> Result<ClientEvent, Refusal> {
    let InGroup { group, member } = someone(payload)?;
    Ok(ForChat::Group(group, Deed::ChangeAdmin(member)).into())
}

fn kickout(payload: Payload<'_>, _: &PayloadBounds) -> Result<ClientEvent, Refusal> {
    let InGroup { group, member } = someone(payload)?;
    Ok(ForChat::Group(group, Deed::Kick(member)).into())
}

fn leave(payload: Payload<'_>, _: &PayloadBounds) -> Result<ClientEvent, Refusal> {
    let asked: Group = payload.read()?;
    Ok(ForChat::Group(chat(&asked.group_id)?, Deed::Leave).into())
}

fn someone(payload: Payload<'_>) -> Result<InGroup, Refusal> {
    let asked: Someone = payload.read()?;
    Ok(InGroup { group: chat(&asked.group_id)?, member: user(&asked.member).ok() })
}

/// The members of a group, id → name, in joining order.
#[derive(Debug)]
pub struct Participants<'a>(pub &'a [Member]);

impl Serialize for Participants<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for member in self.0 {
            map.serialize_entry(&member.user, &member.name)?;
        }
        map.end()
    }
}

/// What is told of members.
#[derive(Debug, Serialize)]
#[serde(untagged, rename_all_fields = "PascalCase")]
#[allow(missing_docs, reason = "the fields are the contract's own, explained there once")]
pub enum MemberEvent<'a> {
    AddMemberSuccess { chat_id: ChatId, group_id: ChatId, member: UserId, member_name: &'a str },
    NewGrpAdded { chat_id: ChatId, group_id: ChatId, name: &'a str },
    ChangeAdminSuccessCreator { group_id: ChatId },
    ChangeAdminSuccessReceiver { group_id: ChatId, admin: UserId },
    KickoutSuccessful { group_id: ChatId },
    KickedOut { group_id: ChatId, group_name: &'a str },
    SomeoneKickedOut { group_id: ChatId, group_name: &'a str, member: UserId },
    GroupLeftSuccess { message: &'a str, group_id: ChatId },
    UserLeftGrp { group_id: ChatId, user: UserId },
}

impl Tell for MemberEvent<'_> {
    fn name(&self) -> &'static str {
        match self {
            Self::AddMemberSuccess { .. } => "add-member-success",
            Self::NewGrpAdded { .. } => "new-grp-added",
            Self::ChangeAdminSuccessCreator { .. } => "change-admin-success-creator",
            Self::ChangeAdminSuccessReceiver { .. } => "change-admin-success-receiver",
            Self::KickoutSuccessful { .. } => "kickout-successful",
            Self::KickedOut { .. } => "kicked-out",
            Self::SomeoneKickedOut { .. } => "someone-kicked-out",
            Self::GroupLeftSuccess { .. } => "group-left-success",
            Self::UserLeftGrp { .. } => "user-left-grp",
        }
    }
}
