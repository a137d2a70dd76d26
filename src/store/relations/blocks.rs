//! Who has blocked whom, and who does not want to be taken into a group by whom.
use std::collections::HashSet;

use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, StatementBuilder,
    prelude::Uuid,
    sea_query::{ExprTrait, OnConflict},
};

use super::watched::{lets_be_added, of_pair};
use crate::{
    domain::{News, Timestamp, UserId},
    store::{Fault, NOBODY, Store},
};
use entity::{block, user};

/// Somebody who is blocked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocked {
    /// Who.
    pub user: UserId,
    /// By the name of now.
    pub name: String,
    /// Since when.
    pub at: Timestamp,
}

/// What became of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blocking {
    /// It is so.
    Done,
    /// That user has blocked as many as may be.
    Full,
    /// The two have a chat: it is for the chat to decide.
    HasChat,
}

#[derive(FromQueryResult)]
struct Row {
    blocked_id: Uuid,
    name: Option<String>,
    at: i64,
}

impl Store {
    /// Those whom somebody has blocked, the latest first.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn blocks(&self, user: UserId) -> Result<Vec<Blocked>, Fault> {
        let who = block::Entity::belongs_to(user::Entity).from(block::Column::BlockedId).to(user::Column::Id);
        let rows: Vec<Row> = block::Entity::find()
            .column_as(user::Column::Name, "name")
            .join(JoinType::LeftJoin, who.into())
            .filter(block::Column::UserId.eq(user.0))
            .order_by_desc(block::Column::At)
            .order_by_asc(block::Column::BlockedId)
            .into_model()
            .all(&self.reader)
            .await?;
        let blocked = rows.into_iter().map(|row| Blocked {
            user: UserId(row.blocked_id),
            name: row.name.unwrap_or_else(|| NOBODY.into()),
            at: Timestamp(row.at),
        });
        Ok(blocked.collect())
    }

    /// Blocks somebody with whom `user` has no chat, or does so no more.
    ///
    /// # Errors
    /// A fault of the database. Nothing is changed then.
    pub async fn block(&self, user: UserId, blocked: UserId, on: bool, most: usize) -> Result<Blocking, Fault> {
        let mut transaction = self.begin_told().await?;
        // Whoever founds a chat of the two waits for this, or this for that.
        let both = user::Entity::find().filter(user::Column::Id.is_in([user.0, blocked.0]));
        both.order_by_asc(user::Column::Id).lock_exclusive().all(&*transaction).await?;
        if self.personal_chat_on(&*transaction, user, blocked).await?.is_some() {
            return Ok(Blocking::HasChat);
        }
        if !put(&*transaction, user, blocked, on, most, Timestamp::now()).await? {
            return Ok(Blocking::Full);
        }
        transaction.tell(News::Blocked { by: user, user: blocked, on }, None);
        transaction.commit().await?;
        Ok(Blocking::Done)
    }

    /// Those of `people` who do not want to be taken into a group by `by`, or have blocked `by`, or are blocked.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn unwilling(&self, by: UserId, people: &[UserId]) -> Result<HashSet<UserId>, Fault> {
        unwilling(&self.reader, by, people).await
    }
}

/// Blocks somebody, or does so no more. Says whether there was room for it.
pub(in crate::store) async fn put(
    connection: &impl ConnectionTrait,
    user: UserId,
    blocked: UserId,
    on: bool,
    most: usize,
    at: Timestamp,
) -> Result<bool, Fault> {
    if !on {
        block::Entity::delete_by_id((user.0, blocked.0)).exec(connection).await?;
        return Ok(true);
    }
    let others = block::Entity::find()
        .filter(block::Column::UserId.eq(user.0))
        .filter(block::Column::BlockedId.ne(blocked.0))
        .count(connection)
        .await?;
    if others >= most as u64 {
        return Ok(false);
    }
    let row = block::ActiveModel { user_id: Set(user.0), blocked_id: Set(blocked.0), at: Set(at.0) };
    let known = OnConflict::columns([block::Column::UserId, block::Column::BlockedId])
        .update_column(block::Column::BlockedId)
        .to_owned();
    block::Entity::insert(row).on_conflict(known).exec_without_returning(connection).await?;
    Ok(true)
}

/// Whether one of the two has blocked the other.
pub(in crate::store) async fn is_between(
    connection: &impl ConnectionTrait,
    one: UserId,
    other: UserId,
) -> Result<bool, Fault> {
    let blocks = |user: UserId, blocked: UserId| {
        Condition::all().add(block::Column::UserId.eq(user.0)).add(block::Column::BlockedId.eq(blocked.0))
    };
    let either = Condition::any().add(blocks(one, other)).add(blocks(other, one));
    Ok(block::Entity::find().filter(either).count(connection).await? > 0)
}

pub(in crate::store) async fn unwilling(
    connection: &impl ConnectionTrait,
    by: UserId,
    people: &[UserId],
) -> Result<HashSet<UserId>, Fault> {
    #[derive(FromQueryResult)]
    struct Unwilling {
        watched: Uuid,
    }
    let mut all = HashSet::new();
    for people in people.chunks(super::watched::AT_ONCE) {
        let mut query = of_pair(&[by], people);
        query.and_where(lets_be_added().not());
        let query = StatementBuilder::build(&query, &connection.get_database_backend());
        let rows = Unwilling::find_by_statement(query).all(connection).await?;
        all.extend(rows.into_iter().map(|row| UserId(row.watched)));
    }
    Ok(all)
}

/// With the account both go: whom it blocked, and who blocked it.
pub(in crate::store) async fn forget(connection: &impl ConnectionTrait, user: UserId) -> Result<(), Fault> {
    let either = Condition::any().add(block::Column::UserId.eq(user.0)).add(block::Column::BlockedId.eq(user.0));
    block::Entity::delete_many().filter(either).exec(connection).await?;
    Ok(())
}
