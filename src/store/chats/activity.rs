//! A group's own record: who came, left, and was made what. The newest entries are kept.
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::settings;
use crate::{
    domain::{Activity, ChatId, Fields, Name, Rev, Seq, Timestamp, UserId, What},
    store::{Fault, Store},
};
use entity::activity;

/// So many entries are kept of each group.
const KEPT: u64 = 1_000;

/// How what happened is numbered in the table, with what else there is to say of it.
fn numbers(what: What) -> (i16, i16) {
    match what {
        What::Added => (0, 0),
        What::Left => (1, 0),
        What::Removed => (2, 0),
        What::AdminChanged => (3, 0),
        What::Banned => (4, 0),
        What::RoleSet(role) => (5, settings::number(role)),
        What::Muted => (6, 0),
        What::Unmuted => (7, 0),
        What::Edited(Fields(fields)) => (8, fields),
        What::Joined => (9, 0),
    }
}

fn what(number: i16, detail: i16) -> What {
    match number {
        0 => What::Added,
        2 => What::Removed,
        3 => What::AdminChanged,
        4 => What::Banned,
        5 => What::RoleSet(settings::role(detail)),
        6 => What::Muted,
        7 => What::Unmuted,
        8 => What::Edited(Fields(detail)),
        9 => What::Joined,
        _ => What::Left,
    }
}

pub(in crate::store) async fn record(
    connection: &impl ConnectionTrait,
    chat: ChatId,
    entry: &Activity,
) -> Result<(), Fault> {
    let (by, by_name) = &entry.by;
    let (whom, whom_name) = &entry.whom;
    let (what, detail) = numbers(entry.what);
    let row = activity::ActiveModel {
        chat_id: Set(chat.0),
        rev: Set(entry.rev.0),
        after_seq: Set(entry.after.0),
        at: Set(entry.at.0),
        what: Set(what),
        detail: Set(detail),
        by_id: Set(by.0),
        by_name: Set(by_name.to_string()),
        user_id: Set(whom.0),
        user_name: Set(whom_name.to_string()),
    };
    activity::Entity::insert(row).exec_without_returning(connection).await?;
    let oldest: Option<i64> = activity::Entity::find()
        .select_only()
        .column(activity::Column::Rev)
        .filter(activity::Column::ChatId.eq(chat.0))
        .order_by_desc(activity::Column::Rev)
        .offset(KEPT)
        .limit(1)
        .into_tuple()
        .one(connection)
        .await?;
    if let Some(oldest) = oldest {
        activity::Entity::delete_many()
            .filter(activity::Column::ChatId.eq(chat.0))
            .filter(activity::Column::Rev.lte(oldest))
            .exec(connection)
            .await?;
    }
    Ok(())
}

/// All of it goes with the group.
pub(super) async fn forget(connection: &impl ConnectionTrait, chat: ChatId) -> Result<(), Fault> {
    activity::Entity::delete_many().filter(activity::Column::ChatId.eq(chat.0)).exec(connection).await?;
    Ok(())
}

impl Store {
    /// What happened before a change, or until now, to those who see messages from `first` on: at most so many, the newest
    /// first. One more tells that there are more.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn activity(
        &self,
        chat: ChatId,
        first: Seq,
        before: Option<Rev>,
        limit: u64,
    ) -> Result<Vec<Activity>, Fault> {
        let mut query = activity::Entity::find()
            .filter(activity::Column::ChatId.eq(chat.0))
            .filter(activity::Column::AfterSeq.gte(first.0 - 1))
            .order_by_desc(activity::Column::Rev)
            .limit(limit + 1);
        if let Some(before) = before {
            query = query.filter(activity::Column::Rev.lt(before.0));
        }
        let rows = query.all(&self.reader).await?;
        Ok(rows.into_iter().map(entry).collect())
    }
}

/// What happened under a number, if it is in the record.
pub(super) async fn at_rev(on: &impl ConnectionTrait, chat: ChatId, rev: Rev) -> Result<Option<Activity>, Fault> {
    Ok(activity::Entity::find_by_id((chat.0, rev.0)).one(on).await?.map(entry))
}

fn entry(row: activity::Model) -> Activity {
    Activity {
        rev: Rev(row.rev),
        after: Seq(row.after_seq),
        at: Timestamp(row.at),
        what: what(row.what, row.detail),
        by: (UserId(row.by_id), Name::stored(&row.by_name)),
        whom: (UserId(row.user_id), Name::stored(&row.user_name)),
    }
}
