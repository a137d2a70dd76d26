//! Which chats the index is behind in, and which of its rows are of no chat: a comparison of tables, piece by piece.
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationDef,
    prelude::Uuid,
};

use crate::{
    domain::ChatId,
    store::{Fault, Store},
};
use entity::{chat, search_progress};

/// So many chats are looked at with one statement.
const PIECE: u64 = 500;

/// A piece of the comparison.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Behind {
    /// Chats that the index does not have as they are.
    pub chats: Vec<ChatId>,
    /// Where the next piece begins, if there is one.
    pub next: Option<ChatId>,
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    last_seq: i64,
    rev: i64,
    seq: Option<i64>,
    known_rev: Option<i64>,
}

#[derive(FromQueryResult)]
struct Kept {
    chat_id: Uuid,
    id: Option<Uuid>,
}

impl Store {
    /// Compares chats with the index, after a chat.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn behind(&self, after: Option<ChatId>) -> Result<Behind, Fault> {
        let rows: Vec<Row> = chat::Entity::find()
            .select_only()
            .columns([chat::Column::Id, chat::Column::LastSeq, chat::Column::Rev])
            .column(search_progress::Column::Seq)
            .column_as(search_progress::Column::Rev, "known_rev")
            .join(JoinType::LeftJoin, progress())
            .filter(chat::Column::Id.gt(after.map_or(Uuid::nil(), |chat| chat.0)))
            .order_by_asc(chat::Column::Id)
            .limit(PIECE)
            .into_model()
            .all(&self.reader)
            .await?;
        let next = rows.last().filter(|_| rows.len() as u64 == PIECE).map(|row| ChatId(row.id));
        let is_behind = |row: &Row| match (row.seq, row.known_rev) {
            (Some(seq), Some(rev)) => row.last_seq > seq || row.rev > rev,
            _ => row.last_seq > 0,
        };
        Ok(Behind { chats: rows.into_iter().filter(is_behind).map(|row| ChatId(row.id)).collect(), next })
    }

    /// The same the other way round: chats in the index that are gone.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn indexed_without_chat(&self, after: Option<ChatId>) -> Result<Behind, Fault> {
        let of: RelationDef = search_progress::Entity::belongs_to(chat::Entity)
            .from(search_progress::Column::ChatId)
            .to(chat::Column::Id)
            .into();
        let rows: Vec<Kept> = search_progress::Entity::find()
            .select_only()
            .column(search_progress::Column::ChatId)
            .column(chat::Column::Id)
            .join(JoinType::LeftJoin, of)
            .filter(search_progress::Column::ChatId.gt(after.map_or(Uuid::nil(), |chat| chat.0)))
            .order_by_asc(search_progress::Column::ChatId)
            .limit(PIECE)
            .into_model()
            .all(&self.reader)
            .await?;
        let next = rows.last().filter(|_| rows.len() as u64 == PIECE).map(|row| ChatId(row.chat_id));
        let gone = rows.into_iter().filter(|row| row.id.is_none()).map(|row| ChatId(row.chat_id));
        Ok(Behind { chats: gone.collect(), next })
    }
}

/// How far the index has a chat.
pub(super) fn progress() -> RelationDef {
    chat::Entity::belongs_to(search_progress::Entity).from(chat::Column::Id).to(search_progress::Column::ChatId).into()
}
