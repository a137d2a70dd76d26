//! What one person has not read yet of one chat.
use std::collections::HashSet;

use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    prelude::Uuid,
    sea_query::{Expr, ExprTrait, Query},
};

use super::columns::is_mentioned;
use crate::{
    domain::{ChatId, Seq, UserId},
    store::{Fault, Store},
};
use entity::{block, mark, message};

/// Messages of others that somebody has not read and may see, counted up to a cap; at the cap, so many or more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Unread {
    /// How many.
    pub messages: i64,
    /// How many of those mention the one who has not read them, or everybody.
    pub mentioned: i64,
}

impl Store {
    /// What others than `user` said after `after`, up to and including `upto`.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn unread(&self, chat: ChatId, user: UserId, after: Seq, upto: Seq) -> Result<Unread, Fault> {
        let hidden = Query::select()
            .column(mark::Column::Seq)
            .from(mark::Entity)
            .and_where(mark::Column::ChatId.eq(chat.0))
            .and_where(mark::Column::UserId.eq(user.0))
            .and_where(mark::Column::Seq.gt(after.0))
            .and_where(mark::Column::Hidden.eq(true))
            .to_owned();
        let first = message::Entity::find()
            .select_only()
            .columns([message::Column::SenderId, message::Column::Mentions])
            .filter(message::Column::ChatId.eq(chat.0))
            .filter(message::Column::Seq.gt(after.0))
            .filter(message::Column::Seq.lte(upto.0))
            .filter(message::Column::SenderId.ne(user.0))
            .filter(message::Column::DeletedAt.is_null())
            .filter(Expr::col(message::Column::Seq).in_subquery(hidden).not())
            .order_by_asc(message::Column::Seq)
            .limit(self.unread_cap());
        let counted: Vec<(Uuid, Option<String>)> = first.into_tuple().all(&self.reader).await?;
        let by = counted.iter().filter(|(_, column)| is_mentioned(user, column.as_deref())).map(|(sender, _)| *sender);
        let mentioned = self.unless_blocked(user, by.collect()).await?;
        Ok(Unread { messages: counted.len() as i64, mentioned: mentioned as i64 })
    }

    /// How many of these senders the user has not blocked. Mentions are rare: without one nothing is asked.
    async fn unless_blocked(&self, user: UserId, senders: Vec<Uuid>) -> Result<usize, Fault> {
        if senders.is_empty() {
            return Ok(0);
        }
        let blocked: HashSet<Uuid> = block::Entity::find()
            .select_only()
            .column(block::Column::BlockedId)
            .filter(block::Column::UserId.eq(user.0))
            .into_tuple::<Uuid>()
            .all(&self.reader)
            .await?
            .into_iter()
            .collect();
        Ok(senders.iter().filter(|sender| !blocked.contains(sender)).count())
    }
}
