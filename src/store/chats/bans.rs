//! Those who may not come into a group.
use std::collections::BTreeSet;

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Select,
    prelude::Uuid,
    sea_query::{JoinType, OnConflict},
};

use crate::{
    domain::{ChatId, Timestamp, UserId},
    store::{Fault, NOBODY, Store},
};
use entity::{ban, user};

/// Somebody who may not come in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Banned {
    /// Who.
    pub user: UserId,
    /// By the name of now.
    pub name: String,
    /// By whom.
    pub by: UserId,
    /// Since when.
    pub at: Timestamp,
}

#[derive(FromQueryResult)]
struct Row {
    user_id: Uuid,
    name: Option<String>,
    by_id: Uuid,
    at: i64,
}

impl Store {
    /// Those who may not come into a group, the latest first.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn bans(&self, group: ChatId) -> Result<Vec<Banned>, Fault> {
        let who = ban::Entity::belongs_to(user::Entity).from(ban::Column::UserId).to(user::Column::Id);
        let rows: Vec<Row> = of(group)
            .column_as(user::Column::Name, "name")
            .join(JoinType::LeftJoin, who.into())
            .order_by_desc(ban::Column::At)
            .order_by_asc(ban::Column::UserId)
            .into_model()
            .all(&self.reader)
            .await?;
        let banned = rows.into_iter().map(|row| Banned {
            user: UserId(row.user_id),
            name: row.name.unwrap_or_else(|| NOBODY.into()),
            by: UserId(row.by_id),
            at: Timestamp(row.at),
        });
        Ok(banned.collect())
    }
}

/// Their ids.
pub(super) async fn banned(on: &impl ConnectionTrait, group: ChatId) -> Result<BTreeSet<UserId>, Fault> {
    let ids = of(group).select_only().column(ban::Column::UserId).into_tuple::<Uuid>().all(on).await?;
    Ok(ids.into_iter().map(UserId).collect())
}

fn of(group: ChatId) -> Select<ban::Entity> {
    ban::Entity::find().filter(ban::Column::ChatId.eq(group.0))
}

/// If an attempt came true whose answer was lost, the ban is there.
pub(super) async fn put(
    connection: &impl ConnectionTrait,
    group: ChatId,
    user: UserId,
    by: UserId,
    at: Timestamp,
) -> Result<(), Fault> {
    let row = ban::ActiveModel { chat_id: Set(group.0), user_id: Set(user.0), by_id: Set(by.0), at: Set(at.0) };
    let known =
        OnConflict::columns([ban::Column::ChatId, ban::Column::UserId]).update_column(ban::Column::At).to_owned();
    ban::Entity::insert(row).on_conflict(known).exec_without_returning(connection).await?;
    Ok(())
}

pub(super) async fn lift(connection: &impl ConnectionTrait, group: ChatId, user: UserId) -> Result<(), Fault> {
    ban::Entity::delete_by_id((group.0, user.0)).exec(connection).await?;
    Ok(())
}

/// All of them go with the group.
pub(super) async fn forget(connection: &impl ConnectionTrait, group: ChatId) -> Result<(), Fault> {
    ban::Entity::delete_many().filter(ban::Column::ChatId.eq(group.0)).exec(connection).await?;
    Ok(())
}
