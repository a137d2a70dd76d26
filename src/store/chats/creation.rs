//! Chats and who is in them: new_chat, loading.
use std::{collections::BTreeSet, slice};

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::{bans, preferences, settings, users};
use crate::{
    domain::{
        ChatId, ChatNews, Description, FileId, Member, Name, News, Own, Rev, Roster, Seq, Step, Timestamp, UserId,
    },
    store::{
        Fault, NOBODY, Store,
        kinds::{GROUP, PERSONAL, SELF, kind},
        relations::{is_between, unwilling},
        sql::despite_deadlocks,
    },
};
use entity::{chat, member, user};

// One statement takes so many rows: databases bound the number of values.
const CHATS_AT_ONCE: usize = 500;
const MEMBERS_AT_ONCE: usize = 500;

/// A personal chat as its creator finds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Created {
    /// The chat.
    pub chat: ChatId,
    /// Whether this call made it; otherwise it was there already.
    pub new: bool,
}

/// Why there is no new chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotCreated {
    /// One of them has no account any more.
    Missing,
    /// One of two has blocked the other.
    Blocked,
    /// Somebody does not want to be taken in by whoever asks.
    Unwilling,
}

/// A chat as it is loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    /// Who is in, and as what.
    pub roster: Roster,
    /// The newest message.
    pub newest: Seq,
    /// Up to where several nodes have changed something here.
    pub step: Step,
}

/// The chat; of its members `only` those named, if any are.
pub(super) async fn load(
    on: &impl ConnectionTrait,
    id: ChatId,
    only: Option<&[UserId]>,
) -> Result<Option<Loaded>, Fault> {
    let Some(found) = chat::Entity::find_by_id(id.0).one(on).await? else { return Ok(None) };
    let mut rows = member::Entity::find().filter(member::Column::ChatId.eq(id.0));
    if let Some(only) = only.filter(|_| found.kind == GROUP) {
        rows = rows.filter(member::Column::UserId.is_in(only.iter().map(|user| user.0)));
    }
    let rows = rows.order_by_asc(member::Column::Position).find_also_related(user::Entity).all(on).await?;
    let banned = if found.kind == GROUP && only.is_none() { bans::banned(on, id).await? } else { BTreeSet::new() };
    let members = rows.into_iter().map(|(row, user)| place(&row, user.as_ref())).collect();
    let group = found.kind == GROUP;
    let roster = Roster {
        name: group.then(|| Name::stored(&found.name)),
        description: group.then(|| Description::stored(&found.description)),
        avatar: found.avatar_id.map(FileId),
        admin: found.admin_id.map(UserId),
        settings: settings::settings(&found),
        banned,
        rev: Rev(found.rev),
        info_rev: Rev(found.info_rev),
        roster_rev: Rev(found.roster_rev),
        ..Roster::new(kind(found.kind), members)
    };
    Ok(Some(Loaded { roster, newest: Seq(found.last_seq), step: Step(found.step) }))
}

impl Store {
    /// Who is in the chat and its newest message; `None` if there is no such chat.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn chat(&self, id: ChatId) -> Result<Option<Loaded>, Fault> {
        match self.at_one_moment().await? {
            Some(moment) => {
                let loaded = load(&moment, id, None).await?;
                moment.rollback().await?;
                Ok(loaded)
            }
            None => load(&self.reader, id, None).await,
        }
    }

    /// The chat of two people, if there is one.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn personal_chat(&self, one: UserId, other: UserId) -> Result<Option<ChatId>, Fault> {
        self.personal_chat_on(&self.reader, one, other).await
    }

    pub(in crate::store) async fn personal_chat_on(
        &self,
        connection: &impl ConnectionTrait,
        one: UserId,
        other: UserId,
    ) -> Result<Option<ChatId>, Fault> {
        let found = chat::Entity::find()
            .select_only()
            .column(chat::Column::Id)
            .filter(chat::Column::PairKey.eq(pair_key(one, other)))
            .into_tuple()
            .one(connection)
            .await?;
        Ok(found.map(ChatId))
    }

    /// Finds or makes the chat of two people. The unique pair decides who of two was first.
    ///
    /// # Errors
    /// A fault of the database. Nothing is changed then.
    pub async fn create_personal_chat(&self, one: UserId, other: UserId) -> Result<Result<Created, NotCreated>, Fault> {
        if let Some(chat) = self.personal_chat(one, other).await? {
            return Ok(Ok(Created { chat, new: false }));
        }
        match self.create_if_all_agree(NewChat::Personal(one, other), &[one, other]).await {
            Err(Fault::Duplicate(reason)) => match self.personal_chat(one, other).await? {
                Some(chat) => Ok(Ok(Created { chat, new: false })),
                None => Err(Fault::Refused(reason)),
            },
            created => Ok(created?.map(|chat| Created { chat, new: true })),
        }
    }

    /// Makes a group; the first of `members` is its admin, who takes in the others.
    ///
    /// # Errors
    /// A fault of the database. Nothing is changed then.
    pub async fn create_group(
        &self,
        name: &Name,
        description: &Description,
        members: &[UserId],
    ) -> Result<Result<ChatId, NotCreated>, Fault> {
        let new_chat =
            NewChat::Group { name: name.clone(), description: description.clone(), members: members.to_vec() };
        self.create_if_all_agree(new_chat, members).await
    }

    /// Users are locked in the order of their ids, but MariaDB also locks what is beside a new row.
    async fn create_if_all_agree(
        &self,
        new_chat: NewChat,
        members: &[UserId],
    ) -> Result<Result<ChatId, NotCreated>, Fault> {
        despite_deadlocks("a new chat", || self.try_to_create(&new_chat, members)).await
    }

    async fn try_to_create(&self, new_chat: &NewChat, members: &[UserId]) -> Result<Result<ChatId, NotCreated>, Fault> {
        let mut transaction = self.begin_told().await?;
        let existing = users::lock(&transaction, members).await?;
        if !members.iter().all(|member| existing.contains(member)) {
            return Ok(Err(NotCreated::Missing));
        }
        match new_chat {
            NewChat::Personal(one, other) if is_between(&*transaction, *one, *other).await? => {
                return Ok(Err(NotCreated::Blocked));
            }
            NewChat::Group { members, .. } if !agree(&transaction, members).await? => {
                return Ok(Err(NotCreated::Unwilling));
            }
            _ => {}
        }
        let ids = insert(&transaction, slice::from_ref(new_chat)).await?;
        let Some(chat) = ids.first().copied() else { return Ok(Err(NotCreated::Missing)) };
        let by = members.first().copied().unwrap_or_default();
        transaction.tell(News::Chat(ChatNews::founded(chat, by, members)), None);
        transaction.commit().await?;
        Ok(Ok(chat))
    }

    /// Makes any number of chats in one transaction, or none; the ids come in the order of the chats. That the members
    /// are there is for the caller to know, who has just made them.
    ///
    /// # Errors
    /// [`Fault::Duplicate`] if two people have a chat already, and any other fault of the database. No chat is made then.
    pub async fn create_chats(&self, chats: &[NewChat]) -> Result<Vec<ChatId>, Fault> {
        let transaction = self.begin().await?;
        let ids = insert(&transaction, chats).await?;
        transaction.commit().await?;
        Ok(ids)
    }
}

/// Whether all others let the first of them take them in.
async fn agree(on: &DatabaseTransaction, members: &[UserId]) -> Result<bool, Fault> {
    match members.split_first() {
        Some((by, others)) if !others.is_empty() => Ok(unwilling(on, *by, others).await?.is_empty()),
        _ => Ok(true),
    }
}

async fn insert(on: &DatabaseTransaction, chats: &[NewChat]) -> Result<Vec<ChatId>, Fault> {
    let ids: Vec<ChatId> = chats.iter().map(|_| ChatId::new()).collect();
    for some in ids.iter().zip(chats).collect::<Vec<_>>().chunks(CHATS_AT_ONCE) {
        let rows = some.iter().map(|(id, chat)| chat.row(**id));
        chat::Entity::insert_many(rows).exec_without_returning(on).await?;
        let rows: Vec<_> = some.iter().flat_map(|(id, chat)| chat.member_rows(**id)).collect();
        for rows in rows.chunks(MEMBERS_AT_ONCE) {
            member::Entity::insert_many(rows.to_vec()).exec_without_returning(on).await?;
        }
    }
    Ok(ids)
}

/// A chat that is to be made.
#[derive(Debug, Clone)]
pub enum NewChat {
    /// Of two people who have none yet.
    Personal(UserId, UserId),
    /// Of the first of the members, who is its admin, and the others.
    Group {
        /// Its name.
        name: Name,
        /// What it is for.
        description: Description,
        /// In joining order.
        members: Vec<UserId>,
    },
}

impl NewChat {
    fn row(&self, id: ChatId) -> chat::ActiveModel {
        match self {
            Self::Personal(one, other) => {
                chat::ActiveModel { pair_key: Set(Some(pair_key(*one, *other))), ..chat_row(id, PERSONAL) }
            }
            Self::Group { name, description, members } => chat::ActiveModel {
                name: Set(name.as_str().into()),
                description: Set(description.as_str().into()),
                admin_id: Set(members.first().map(|admin| admin.0)),
                ..chat_row(id, GROUP)
            },
        }
    }

    fn member_rows(&self, id: ChatId) -> Vec<member::ActiveModel> {
        let members = match self {
            Self::Personal(one, other) => vec![*one, *other],
            Self::Group { members, .. } => members.clone(),
        };
        members.into_iter().enumerate().map(|(at, user)| member_row(id, user, at as i64, Seq(0))).collect()
    }
}

/// The self chats of new users, within the transaction that verifies them.
pub(in crate::store) async fn create_self_chats(
    transaction: &impl ConnectionTrait,
    users: &[UserId],
) -> Result<(), Fault> {
    let chats = users.iter().map(|user| chat_row(user.self_chat(), SELF));
    chat::Entity::insert_many(chats).exec_without_returning(transaction).await?;
    let rows = users.iter().map(|user| member_row(user.self_chat(), *user, 0, Seq(0)));
    member::Entity::insert_many(rows).exec_without_returning(transaction).await?;
    Ok(())
}

pub(super) fn member_row(chat: ChatId, user: UserId, position: i64, joined: Seq) -> member::ActiveModel {
    member::ActiveModel {
        chat_id: Set(chat.0),
        user_id: Set(user.0),
        position: Set(position),
        joined_seq: Set(joined.0),
        read_seq: Set(joined.0),
        rev: Set(0),
        own: Set(0),
        delivered_seq: Set(0),
        shown_seq: Set(None),
        wrote: Set(false),
        role: Set(0),
        muted_until: Set(None),
        last_sent_at: Set(None),
        sees_history: Set(false),
        prefs_own: Set(0),
        silent_until: Set(None),
        archived: Set(false),
        pinned_at: Set(None),
        marked_unread: Set(false),
        hidden: Set(false),
        cleared_seq: Set(0),
        blocks: Set(false),
    }
}

fn chat_row(id: ChatId, kind: i16) -> chat::ActiveModel {
    let now = Timestamp::now().0;
    chat::ActiveModel {
        id: Set(id.0),
        kind: Set(kind),
        name: Set(String::new()),
        description: Set(String::new()),
        admin_id: Set(None),
        pair_key: Set(None),
        last_seq: Set(0),
        last_message_at: Set(now),
        created_at: Set(now),
        rev: Set(0),
        info_rev: Set(0),
        roster_rev: Set(0),
        ..settings::initial()
    }
}

/// A member as the chat knows it.
pub(super) fn place(row: &member::Model, user: Option<&user::Model>) -> Member {
    Member {
        user: UserId(row.user_id),
        name: Name::stored(user.map_or(NOBODY, |user| &user.name)),
        avatar: user.and_then(|user| user.avatar_id).map(FileId),
        joined: Seq(row.joined_seq),
        read: Seq(row.read_seq),
        rev: Rev(row.rev),
        own: Own(row.own),
        delivered: Seq(row.delivered_seq),
        shown: row.shown_seq.map(Seq),
        wrote: row.wrote,
        role: settings::role(row.role),
        muted_until: row.muted_until.map(Timestamp),
        last_sent: row.last_sent_at.map(Timestamp),
        sees_history: row.sees_history,
        preferences: preferences::preferences(row),
        blocks: row.blocks,
    }
}

/// The same for both orders of the two.
fn pair_key(one: UserId, other: UserId) -> String {
    format!("{}:{}", one.min(other), one.max(other))
}
