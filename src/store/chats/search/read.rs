//! What the index is made of: messages that it does not have yet, and those that changed since it took them.
use std::collections::BTreeSet;

use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Select, prelude::Uuid};

use crate::{
    domain::ChatId,
    search::{HAS_FILE, said_by, terms},
    store::{Fault, Store, chats::columns::attachments},
};
use entity::{chat, message, search_progress, search_segment};

/// So many messages are read for one transaction at most.
pub(super) const PIECE: u64 = 512;

/// How far a chat is, or the index has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromQueryResult)]
pub(super) struct Position {
    pub(super) seq: i64,
    pub(super) rev: i64,
}

/// A message as the index takes it.
#[derive(FromQueryResult)]
pub(super) struct Said {
    pub(super) seq: i64,
    pub(super) rev: i64,
    pub(super) sent_at: i64,
    sender_id: Uuid,
    content: String,
    attachments: Option<String>,
    pub(super) deleted_at: Option<i64>,
}

impl Said {
    /// What it is found by.
    pub(super) fn terms(&self) -> BTreeSet<Vec<u8>> {
        let mut found = BTreeSet::from([said_by(self.sender_id.as_bytes())]);
        terms(&self.content, &mut found);
        for file in attachments(self.attachments.as_deref()) {
            found.insert(HAS_FILE.to_vec());
            terms(file.name.as_str(), &mut found);
        }
        found
    }
}

impl Store {
    /// Where a chat is; nothing, if it is gone.
    pub(super) async fn newest(&self, chat: ChatId) -> Result<Option<Position>, Fault> {
        let found = chat::Entity::find_by_id(chat.0)
            .select_only()
            .column_as(chat::Column::LastSeq, "seq")
            .column(chat::Column::Rev);
        Ok(found.into_model().one(&self.reader).await?)
    }

    /// How far the index has it.
    pub(super) async fn indexed(&self, chat: ChatId) -> Result<Option<Position>, Fault> {
        let found = search_progress::Entity::find_by_id(chat.0)
            .select_only()
            .columns([search_progress::Column::Seq, search_progress::Column::Rev]);
        Ok(found.into_model().one(&self.reader).await?)
    }

    /// Its segments in their order, and how many messages each has.
    pub(super) async fn segments(&self, chat: ChatId) -> Result<Vec<search_segment::Model>, Fault> {
        let rows = search_segment::Entity::find()
            .filter(search_segment::Column::ChatId.eq(chat.0))
            .order_by_asc(search_segment::Column::FirstSeq);
        Ok(rows.all(&self.reader).await?)
    }

    /// The first messages after a place.
    pub(super) async fn said_after(&self, chat: ChatId, seq: i64) -> Result<Vec<Said>, Fault> {
        let after = said().filter(message::Column::ChatId.eq(chat.0)).filter(message::Column::Seq.gt(seq));
        Ok(after.order_by_asc(message::Column::Seq).limit(PIECE).into_model().all(&self.reader).await?)
    }

    /// The first messages that changed since the index took them.
    pub(super) async fn changed_after(&self, chat: ChatId, known: Position) -> Result<Vec<Said>, Fault> {
        let changed = said()
            .filter(message::Column::ChatId.eq(chat.0))
            .filter(message::Column::Rev.gt(known.rev))
            .filter(message::Column::Seq.lte(known.seq));
        Ok(changed.order_by_asc(message::Column::Rev).limit(PIECE).into_model().all(&self.reader).await?)
    }
}

fn said() -> Select<message::Entity> {
    message::Entity::find().select_only().columns([
        message::Column::Seq,
        message::Column::Rev,
        message::Column::SentAt,
        message::Column::SenderId,
        message::Column::Content,
        message::Column::Attachments,
        message::Column::DeletedAt,
    ])
}
