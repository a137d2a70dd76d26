//! Changes in a group, each in the transaction of the batch it came with.
use std::collections::HashSet;

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, OnConflict},
};

use super::founding::member_row;
use crate::{
    domain::{Change, ChatId, Seq, UserId},
    store::Fault,
};
use entity::{chat, member, message, past_member};

/// Makes one change true, if what it rests on is still so: an account may have ended since it was decided. `newest` is the
/// newest message at this point, `existing` are those who may be taken in. The transaction holds them, and the chat.
pub(super) async fn apply(
    connection: &impl ConnectionTrait,
    chat: ChatId,
    change: &Change,
    newest: Seq,
    existing: &HashSet<UserId>,
) -> Result<bool, Fault> {
    match change {
        Change::Added { user, .. } if !existing.contains(user) => return Ok(false),
        Change::Added { user, .. } => add(connection, chat, *user, newest).await?,
        Change::Removed(user) => {
            if is_admin(connection, chat, *user).await? {
                return Ok(false);
            }
            remove(connection, chat, *user).await?;
        }
        Change::AdminChanged(user) => {
            if member::Entity::find_by_id((chat.0, user.0)).one(connection).await?.is_none() {
                return Ok(false);
            }
            chat::Entity::update_many()
                .col_expr(chat::Column::AdminId, Expr::val(Some(user.0)))
                .filter(chat::Column::Id.eq(chat.0))
                .exec(connection)
                .await?;
        }
        Change::Deleted => delete(connection, chat).await?,
    }
    Ok(true)
}

async fn is_admin(connection: &impl ConnectionTrait, chat: ChatId, user: UserId) -> Result<bool, Fault> {
    let chat = chat::Entity::find_by_id(chat.0).one(connection).await?;
    Ok(chat.is_some_and(|chat| chat.admin_id == Some(user.0)))
}

async fn add(connection: &impl ConnectionTrait, chat: ChatId, user: UserId, joined: Seq) -> Result<(), Fault> {
    let last: Option<Option<i64>> = member::Entity::find()
        .select_only()
        .column_as(member::Column::Position.max(), "last")
        .filter(member::Column::ChatId.eq(chat.0))
        .into_tuple()
        .one(connection)
        .await?;
    let position = last.flatten().map_or(0, |last| last + 1);
    member::Entity::insert(member_row(chat, user, position, joined)).exec_without_returning(connection).await?;
    Ok(())
}

async fn remove(connection: &impl ConnectionTrait, chat: ChatId, user: UserId) -> Result<(), Fault> {
    member::Entity::delete_by_id((chat.0, user.0)).exec(connection).await?;
    let was = past_member::ActiveModel { user_id: Set(user.0), chat_id: Set(chat.0) };
    let known = OnConflict::columns([past_member::Column::UserId, past_member::Column::ChatId])
        .do_nothing_on([past_member::Column::UserId, past_member::Column::ChatId])
        .to_owned();
    past_member::Entity::insert(was).on_conflict(known).exec_without_returning(connection).await?;
    Ok(())
}

/// The chat, and all that is kept of it.
pub(in crate::store) async fn delete(connection: &impl ConnectionTrait, chat: ChatId) -> Result<(), Fault> {
    message::Entity::delete_many().filter(message::Column::ChatId.eq(chat.0)).exec(connection).await?;
    member::Entity::delete_many().filter(member::Column::ChatId.eq(chat.0)).exec(connection).await?;
    past_member::Entity::delete_many().filter(past_member::Column::ChatId.eq(chat.0)).exec(connection).await?;
    chat::Entity::delete_by_id(chat.0).exec(connection).await?;
    Ok(())
}
