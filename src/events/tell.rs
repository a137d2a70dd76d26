//! What the server tells clients: one variant per event, its payload as it stands on the wire.
use std::borrow::Cow;

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::shape::{GroupMessage, GroupRow, LiveMessage, MissedChat, PersonalMessage, PersonalRow, SelfNote, UserRow};
use crate::domain::{ChatId, Kind, Listed, Member, Seq, UserId};

/// An event of the server. `name` is its name, serialization its payload.
#[derive(Debug, Serialize)]
#[serde(untagged, rename_all_fields = "PascalCase")]
#[allow(missing_docs, reason = "the fields are the contract's own, explained there once")]
pub enum ServerEvent<'a> {
    #[serde(rename_all = "camelCase")]
    UserId {
        user_id: UserId,
        user_name: &'a str,
    },
    #[serde(rename_all = "camelCase")]
    AccessToken {
        access_token: &'a str,
    },
    #[serde(rename_all = "camelCase")]
    AuthFailure {
        reason: &'a str,
    },
    PersonalChatList {
        personal_chat_list: Vec<PersonalRow>,
    },
    GroupChatList {
        group_chat_list: Vec<GroupRow>,
    },
    UserDetails {
        name: &'a str,
        email: &'a str,
        id: UserId,
    },
    SearchedUser {
        users: Vec<UserRow>,
    },
    AddedUserMatch {
        users: Vec<UserRow>,
    },
    CreateChatResult {
        exists: u8,
        #[serde(skip_serializing_if = "Option::is_none")]
        chat_id: Option<ChatId>,
        partner: &'a str,
    },
    CreatePersonalChatCreator {
        chat_id: ChatId,
        partner: &'a str,
    },
    CreatePersonalChatPartner {
        chat_id: ChatId,
        partner: &'a str,
    },
    CreatePersonalChatFail {
        message: Cow<'a, str>,
    },
    /// `receive-…`: somebody else spoke.
    Received(LiveMessage<'a>),
    /// `sent-…`: another socket of the same user spoke.
    Sent(LiveMessage<'a>),
    ReadPersonalMsgAck {
        chat_id: ChatId,
        reader: UserId,
        seq: Seq,
    },
    ReadGrpMsgAck {
        reader: UserId,
        group_id: ChatId,
        chat_id: ChatId,
        seq: Seq,
    },
    ChatRead {
        chat_id: ChatId,
        seq: Seq,
        unread: i64,
    },
    SelfChat {
        messages: Vec<SelfNote>,
        name: &'a str,
        chat_id: ChatId,
        has_more: bool,
    },
    PersonalChat {
        messages: Vec<PersonalMessage>,
        user_id: UserId,
        user: &'a str,
        partner: &'a str,
        chat_id: ChatId,
        has_more: bool,
    },
    GroupChat {
        admin: Option<UserId>,
        name: &'a str,
        description: &'a str,
        participants: Participants<'a>,
        messages: Vec<GroupMessage>,
        group_id: ChatId,
        has_more: bool,
    },
    CreateGroupChatCreator {
        group_id: ChatId,
        name: &'a str,
    },
    CreateGroupChatReceiver {
        group_id: ChatId,
        name: &'a str,
    },
    CreateGroupChatFail {
        message: Cow<'a, str>,
    },
    AddMemberSuccess {
        chat_id: ChatId,
        group_id: ChatId,
        member: UserId,
        member_name: &'a str,
    },
    NewGrpAdded {
        chat_id: ChatId,
        group_id: ChatId,
        name: &'a str,
    },
    AddMemberFail {
        message: Cow<'a, str>,
    },
    ChangeAdminSuccessCreator {
        group_id: ChatId,
    },
    ChangeAdminSuccessReceiver {
        group_id: ChatId,
        admin: UserId,
    },
    KickoutSuccessful {
        group_id: ChatId,
    },
    KickedOut {
        group_id: ChatId,
        group_name: &'a str,
    },
    SomeoneKickedOut {
        group_id: ChatId,
        group_name: &'a str,
        member: UserId,
    },
    GroupLeftSuccess {
        message: &'a str,
        group_id: ChatId,
    },
    UserLeftGrp {
        group_id: ChatId,
        user: UserId,
    },
    GroupLeftFail {
        message: Cow<'a, str>,
    },
    DeleteGroupChatCreator {
        group_id: ChatId,
    },
    DeleteGrpSuccessReceiver {
        group_id: ChatId,
    },
    SyncResult {
        chats: Vec<MissedChat<'a>>,
        gone: Vec<String>,
    },
    RequestFailed {
        event: Cow<'a, str>,
        code: &'static str,
        message: Cow<'a, str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        retry_after: Option<u64>,
    },
}

impl ServerEvent<'_> {
    /// The list of personal chats.
    pub fn personal_chat_list(chats: Vec<Listed>) -> Self {
        Self::PersonalChatList { personal_chat_list: chats.into_iter().map(PersonalRow::from).collect() }
    }

    /// The list of groups.
    pub fn group_chat_list(groups: Vec<Listed>) -> Self {
        Self::GroupChatList { group_chat_list: groups.into_iter().map(GroupRow::from).collect() }
    }

    /// The event's name on the wire.
    pub fn name(&self) -> &'static str {
        match self {
            Self::UserId { .. } => "user-id",
            Self::AccessToken { .. } => "access-token",
            Self::AuthFailure { .. } => "auth-failure",
            Self::PersonalChatList { .. } => "personal-chat-list",
            Self::GroupChatList { .. } => "group-chat-list",
            Self::UserDetails { .. } => "user-details",
            Self::SearchedUser { .. } => "searched-user",
            Self::AddedUserMatch { .. } => "added-user-match",
            Self::CreateChatResult { .. } => "create-chat-result",
            Self::CreatePersonalChatCreator { .. } => "create-personal-chat-creator",
            Self::CreatePersonalChatPartner { .. } => "create-personal-chat-partner",
            Self::CreatePersonalChatFail { .. } => "create-personal-chat-fail",
            Self::Received(LiveMessage { kind: Kind::Group, .. }) => "receive-group-message",
            Self::Received(_) => "receive-personal-message",
            Self::Sent(LiveMessage { kind: Kind::SelfNotes, .. }) => "sent-self-message",
            Self::Sent(LiveMessage { kind: Kind::Personal, .. }) => "sent-personal-message",
            Self::Sent(LiveMessage { kind: Kind::Group, .. }) => "sent-group-message",
            Self::ReadPersonalMsgAck { .. } => "read-personal-msg-ack",
            Self::ReadGrpMsgAck { .. } => "read-grp-msg-ack",
            Self::ChatRead { .. } => "chat-read",
            Self::SelfChat { .. } => "self-chat",
            Self::PersonalChat { .. } => "personal-chat",
            Self::GroupChat { .. } => "group-chat",
            Self::CreateGroupChatCreator { .. } => "create-group-chat-creator",
            Self::CreateGroupChatReceiver { .. } => "create-group-chat-receiver",
            Self::CreateGroupChatFail { .. } => "create-group-chat-fail",
            Self::AddMemberSuccess { .. } => "add-member-success",
            Self::NewGrpAdded { .. } => "new-grp-added",
            Self::AddMemberFail { .. } => "add-member-fail",
            Self::ChangeAdminSuccessCreator { .. } => "change-admin-success-creator",
            Self::ChangeAdminSuccessReceiver { .. } => "change-admin-success-receiver",
            Self::KickoutSuccessful { .. } => "kickout-successful",
            Self::KickedOut { .. } => "kicked-out",
            Self::SomeoneKickedOut { .. } => "someone-kicked-out",
            Self::GroupLeftSuccess { .. } => "group-left-success",
            Self::UserLeftGrp { .. } => "user-left-grp",
            Self::GroupLeftFail { .. } => "group-left-fail",
            Self::DeleteGroupChatCreator { .. } => "delete-group-chat-creator",
            Self::DeleteGrpSuccessReceiver { .. } => "delete-grp-success-receiver",
            Self::SyncResult { .. } => "sync-result",
            Self::RequestFailed { .. } => "request-failed",
        }
    }
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
