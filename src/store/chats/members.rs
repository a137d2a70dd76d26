//! Changes in a group, each in the transaction of the batch it came with.
use std::collections::HashSet;

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, OnConflict},
};

use super::{activity, counters::Counter, founding::member_row};
use crate::{
    domain::{Activity, Change, ChatId, GroupChange, Own, Rev, UserId, What},
    store::Fault,
};
use entity::{chat, mark, member, message, past_member, pin, reaction};

/// Makes one change true, if what it rests on is still so: an account may have ended since it was decided. `counter` is where
/// the chat stands with this change, `existing` are those who may be taken in. The transaction holds them, and the chat.
/// Says how often a new member's own view was changed before; `None`: it is not so any more.
pub(super) async fn apply(
    connection: &impl ConnectionTrait,
    changed: &GroupChange,
    counter: Counter,
    existing: &HashSet<UserId>,
) -> Result<Option<Own>, Fault> {
    let GroupChange { chat, change, by, whom, at } = changed;
    let chat = *chat;
    let Counter { seq: newest, rev } = counter;
    let mut own = Own(0);
    let (what, user) = match change {
        Change::Added { user, .. } if !existing.contains(user) => return Ok(None),
        Change::Added { user, .. } => {
            own = add(connection, chat, *user, counter).await?;
            (What::Added, *user)
        }
        Change::Removed(user) => {
            if is_admin(connection, chat, *user).await? {
                return Ok(None);
            }
            remove(connection, chat, *user).await?;
            (if *user == by.0 { What::Left } else { What::Removed }, *user)
        }
        Change::AdminChanged(user) => {
            if member::Entity::find_by_id((chat.0, user.0)).one(connection).await?.is_none() {
                return Ok(None);
            }
            number_rows(connection, chat, [*user, by.0], rev).await?;
            (What::AdminChanged, *user)
        }
        Change::Deleted => {
            delete(connection, chat).await?;
            return Ok(Some(own));
        }
    };
    let admin = if let Change::AdminChanged(user) = change { Some(*user) } else { None };
    number_roster(connection, chat, rev, admin).await?;
    let whom = (user, whom.clone());
    let entry = Activity { rev, after: newest, at: *at, what, by: by.clone(), whom };
    activity::record(connection, chat, &entry).await?;
    Ok(Some(own))
}

/// These members' places were changed last by `rev`.
pub(in crate::store) async fn number_rows(
    connection: &impl ConnectionTrait,
    chat: ChatId,
    users: impl IntoIterator<Item = UserId>,
    rev: Rev,
) -> Result<(), Fault> {
    member::Entity::update_many()
        .col_expr(member::Column::Rev, Expr::value(rev.0))
        .filter(member::Column::ChatId.eq(chat.0))
        .filter(member::Column::UserId.is_in(users.into_iter().map(|user| user.0)))
        .exec(connection)
        .await?;
    Ok(())
}

/// Who is in the chat was changed last by `rev`, and so was who leads it, if `admin` does from now on.
pub(in crate::store) async fn number_roster(
    connection: &impl ConnectionTrait,
    chat: ChatId,
    rev: Rev,
    admin: Option<UserId>,
) -> Result<(), Fault> {
    let mut update = chat::Entity::update_many()
        .col_expr(chat::Column::RosterRev, Expr::value(rev.0))
        .filter(chat::Column::Id.eq(chat.0));
    if let Some(admin) = admin {
        update = update
            .col_expr(chat::Column::AdminId, Expr::value(admin.0))
            .col_expr(chat::Column::InfoRev, Expr::value(rev.0));
    }
    update.exec(connection).await?;
    Ok(())
}

async fn is_admin(connection: &impl ConnectionTrait, chat: ChatId, user: UserId) -> Result<bool, Fault> {
    let chat = chat::Entity::find_by_id(chat.0).one(connection).await?;
    Ok(chat.is_some_and(|chat| chat.admin_id == Some(user.0)))
}

async fn add(connection: &impl ConnectionTrait, chat: ChatId, user: UserId, counter: Counter) -> Result<Own, Fault> {
    let last: Option<Option<i64>> = member::Entity::find()
        .select_only()
        .column_as(member::Column::Position.max(), "last")
        .filter(member::Column::ChatId.eq(chat.0))
        .into_tuple()
        .one(connection)
        .await?;
    let position = last.flatten().map_or(0, |last| last + 1);
    let before = past_member::Entity::find_by_id((user.0, chat.0)).one(connection).await?;
    let own = before.map_or(0, |past| past.own);
    let row =
        member::ActiveModel { rev: Set(counter.rev.0), own: Set(own), ..member_row(chat, user, position, counter.seq) };
    member::Entity::insert(row).exec_without_returning(connection).await?;
    Ok(Own(own))
}

/// What the member alone saw is not seen any more, but its count goes on should the member come back.
async fn remove(connection: &impl ConnectionTrait, chat: ChatId, user: UserId) -> Result<(), Fault> {
    let place = member::Entity::find_by_id((chat.0, user.0)).one(connection).await?;
    member::Entity::delete_by_id((chat.0, user.0)).exec(connection).await?;
    let own = place.map_or(0, |place| place.own);
    let was = past_member::ActiveModel { user_id: Set(user.0), chat_id: Set(chat.0), own: Set(own) };
    let known = OnConflict::columns([past_member::Column::UserId, past_member::Column::ChatId])
        .update_column(past_member::Column::Own)
        .to_owned();
    past_member::Entity::insert(was).on_conflict(known).exec_without_returning(connection).await?;
    Ok(())
}

/// The chat, and all that is kept of it.
pub(in crate::store) async fn delete(connection: &impl ConnectionTrait, chat: ChatId) -> Result<(), Fault> {
    message::Entity::delete_many().filter(message::Column::ChatId.eq(chat.0)).exec(connection).await?;
    reaction::Entity::delete_many().filter(reaction::Column::ChatId.eq(chat.0)).exec(connection).await?;
    mark::Entity::delete_many().filter(mark::Column::ChatId.eq(chat.0)).exec(connection).await?;
    pin::Entity::delete_many().filter(pin::Column::ChatId.eq(chat.0)).exec(connection).await?;
    activity::forget(connection, chat).await?;
    member::Entity::delete_many().filter(member::Column::ChatId.eq(chat.0)).exec(connection).await?;
    past_member::Entity::delete_many().filter(past_member::Column::ChatId.eq(chat.0)).exec(connection).await?;
    chat::Entity::delete_by_id(chat.0).exec(connection).await?;
    Ok(())
}
