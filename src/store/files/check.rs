//! Whether what holds files agrees with what is known of them. For the command line; it reads whole tables.
use std::collections::HashMap;

use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, FromQueryResult, JoinType, PaginatorTrait, QueryFilter, QuerySelect,
    QueryTrait,
    prelude::Uuid,
    sea_query::{Expr, ExprTrait},
};

use super::THERE;
use crate::{
    domain::FileId,
    store::{Fault, Store},
};
use entity::{chat, file, message, message_file, user};

/// What does not agree.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Disagreements {
    /// Files whose count of messages or pictures is another one than that of those that hold them.
    pub miscounted: Vec<FileId>,
    /// Holds on files that are not there.
    pub dangling: u64,
    /// Messages that tell of files and hold none.
    pub unheld: u64,
}

#[derive(FromQueryResult)]
struct Count {
    id: Uuid,
    times: i64,
}

impl Store {
    /// Looks at all that holds files.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn check_holds(&self) -> Result<Disagreements, Fault> {
        // Files come and go meanwhile: all of it is to be of one moment.
        let moment = self.snapshot().await?;
        let mut messages = counts(
            message_file::Entity::find()
                .select_only()
                .column_as(message_file::Column::FileId, "id")
                .column_as(Expr::cust("COUNT(*)"), "times")
                .group_by(message_file::Column::FileId)
                .into_model()
                .all(&moment)
                .await?,
        );
        let mut pictures = counts(
            user::Entity::find()
                .select_only()
                .column_as(user::Column::AvatarId, "id")
                .column_as(Expr::cust("COUNT(*)"), "times")
                .filter(user::Column::AvatarId.is_not_null())
                .group_by(user::Column::AvatarId)
                .into_model()
                .all(&moment)
                .await?,
        );
        let of_groups = chat::Entity::find()
            .select_only()
            .column_as(chat::Column::AvatarId, "id")
            .column_as(Expr::cust("COUNT(*)"), "times")
            .filter(chat::Column::AvatarId.is_not_null())
            .group_by(chat::Column::AvatarId)
            .into_model()
            .all(&moment)
            .await?;
        for (id, times) in counts(of_groups) {
            *pictures.entry(id).or_default() += times;
        }
        let known: Vec<(Uuid, i32, i32)> = file::Entity::find()
            .select_only()
            .columns([file::Column::Id, file::Column::InMessages, file::Column::InPictures])
            .into_tuple()
            .all(&moment)
            .await?;
        let wrong = known.into_iter().filter_map(|(id, in_messages, in_pictures)| {
            let held = (messages.remove(&id).unwrap_or_default(), pictures.remove(&id).unwrap_or_default());
            (held != (i64::from(in_messages), i64::from(in_pictures))).then_some(FileId(id))
        });
        let miscounted = wrong.collect();
        let found = Disagreements { miscounted, dangling: dangling(&moment).await?, unheld: unheld(&moment).await? };
        // Left to itself it would end when its connection is used again.
        moment.rollback().await?;
        Ok(found)
    }
}

async fn dangling(moment: &DatabaseTransaction) -> Result<u64, Fault> {
    let file = message_file::Entity::belongs_to(file::Entity).from(message_file::Column::FileId).to(file::Column::Id);
    let held = message_file::Entity::find().join(JoinType::LeftJoin, file.into());
    Ok(held.filter(file::Column::Id.is_null().or(file::Column::State.ne(THERE))).count(moment).await?)
}

async fn unheld(moment: &DatabaseTransaction) -> Result<u64, Fault> {
    let held = message_file::Entity::find()
        .select_only()
        .column(message_file::Column::Seq)
        .filter(
            Expr::col((message_file::Entity, message_file::Column::ChatId))
                .equals((message::Entity, message::Column::ChatId)),
        )
        .filter(
            Expr::col((message_file::Entity, message_file::Column::Seq))
                .equals((message::Entity, message::Column::Seq)),
        );
    Ok(message::Entity::find()
        .filter(message::Column::Attachments.is_not_null())
        .filter(Expr::exists(held.into_query()).not())
        .count(moment)
        .await?)
}

fn counts(rows: Vec<Count>) -> HashMap<Uuid, i64> {
    rows.into_iter().map(|row| (row.id, row.times)).collect()
}
