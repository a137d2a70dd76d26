//! The index without a chat, or without anything.
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect, QueryTrait, prelude::Uuid,
};

use crate::{
    domain::ChatId,
    store::{Fault, Store},
};
use entity::{search_block, search_progress, search_segment};

/// So many chats are forgotten with one transaction.
const PIECE: u64 = 20;

/// Nothing is known of a chat any more.
pub(in crate::store::chats) async fn forget(connection: &impl ConnectionTrait, chat: ChatId) -> Result<(), Fault> {
    let segments = search_segment::Entity::find()
        .select_only()
        .column(search_segment::Column::Id)
        .filter(search_segment::Column::ChatId.eq(chat.0))
        .into_query();
    let blocks = search_block::Column::SegmentId.in_subquery(segments);
    search_block::Entity::delete_many().filter(blocks).exec(connection).await?;
    let segments = search_segment::Column::ChatId.eq(chat.0);
    search_segment::Entity::delete_many().filter(segments).exec(connection).await?;
    search_progress::Entity::delete_by_id(chat.0).exec(connection).await?;
    Ok(())
}

impl Store {
    /// Removes the index of a chat.
    ///
    /// # Errors
    /// A fault of the database. Nothing is changed then.
    pub async fn forget_indexed(&self, chat: ChatId) -> Result<(), Fault> {
        let transaction = self.begin().await?;
        forget(&transaction, chat).await?;
        Ok(transaction.commit().await?)
    }

    /// Removes the index of some chats. Says whether there may be more.
    ///
    /// # Errors
    /// A fault of the database. What was removed before is gone.
    pub async fn forget_index(&self) -> Result<bool, Fault> {
        let chats: Vec<Uuid> = search_progress::Entity::find()
            .select_only()
            .column(search_progress::Column::ChatId)
            .limit(PIECE)
            .into_tuple()
            .all(&self.reader)
            .await?;
        let transaction = self.begin().await?;
        for chat in &chats {
            forget(&transaction, ChatId(*chat)).await?;
        }
        transaction.commit().await?;
        Ok(!chats.is_empty())
    }

    /// How many chats are in the index.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn count_indexed(&self) -> Result<u64, Fault> {
        Ok(search_progress::Entity::find().count(&self.reader).await?)
    }
}
