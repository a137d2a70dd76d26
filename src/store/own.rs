//! All that a user said, for the user's own export.
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{Fault, Store};
use crate::domain::{ChatId, MessageId, Seq, Timestamp, UserId};
use entity::{message, user};

/// One message of the user's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnMessage {
    /// Where it was said.
    pub chat: ChatId,
    /// Its place there.
    pub seq: Seq,
    /// Its id.
    pub id: MessageId,
    /// What was said.
    pub content: String,
    /// When.
    pub sent_at: Timestamp,
}

impl Store {
    /// Messages of a user after a place, in the order of chats and places, those of chats that the user left included.
    /// Nothing is sorted by sender, so a whole export reads every message of the server once.
    pub async fn own_messages(
        &self,
        user: UserId,
        after: Option<(ChatId, Seq)>,
        limit: u64,
    ) -> Result<Vec<OwnMessage>, Fault> {
        let later = after.map(|(chat, seq)| {
            let same = Condition::all().add(message::Column::ChatId.eq(chat.0)).add(message::Column::Seq.gt(seq.0));
            Condition::any().add(message::Column::ChatId.gt(chat.0)).add(same)
        });
        let rows = message::Entity::find()
            .filter(Condition::all().add(message::Column::SenderId.eq(user.0)).add_option(later))
            .order_by_asc(message::Column::ChatId)
            .order_by_asc(message::Column::Seq)
            .limit(limit)
            .all(&self.reader)
            .await?;
        let own = rows.into_iter().map(|row| OwnMessage {
            chat: ChatId(row.chat_id),
            seq: Seq(row.seq),
            id: MessageId(row.id),
            content: row.content,
            sent_at: Timestamp(row.sent_at),
        });
        Ok(own.collect())
    }

    /// When a user signed up first.
    pub async fn signed_up_at(&self, user: UserId) -> Result<Option<Timestamp>, Fault> {
        Ok(user::Entity::find_by_id(user.0).one(&self.reader).await?.map(|row| Timestamp(row.created_at)))
    }
}
