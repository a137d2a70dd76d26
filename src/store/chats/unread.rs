//! What one person has not read yet of one chat.
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, Query},
};

use super::columns::is_mentioned;
use crate::{
    domain::{ChatId, Seq, UserId},
    store::{Fault, Store},
};
use entity::{mark, message};

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
            .column(message::Column::Mentions)
            .filter(message::Column::ChatId.eq(chat.0))
            .filter(message::Column::Seq.gt(after.0))
            .filter(message::Column::Seq.lte(upto.0))
            .filter(message::Column::SenderId.ne(user.0))
            .filter(message::Column::DeletedAt.is_null())
            .filter(Expr::col(message::Column::Seq).in_subquery(hidden).not())
            .order_by_asc(message::Column::Seq)
            .limit(self.unread_cap());
        let counted: Vec<Option<String>> = first.into_tuple().all(&self.reader).await?;
        let mentioned = counted.iter().filter(|column| is_mentioned(user, column.as_deref())).count();
        Ok(Unread { messages: counted.len() as i64, mentioned: mentioned as i64 })
    }
}
