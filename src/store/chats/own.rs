//! All that a user said, for the user's own export.
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, prelude::Uuid};

use super::columns::{attachments, emojis};
use crate::{
    domain::{ChatId, Emoji, File, MessageId, Own, Seq, Timestamp, UserId},
    store::{Fault, Store},
};
use entity::{chat, mark, member, message, past_member, user};

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
    /// The files that it brought along.
    pub attachments: Vec<File>,
}

/// What a user reacted with to one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnReactions {
    /// The message.
    pub seq: Seq,
    /// The last change of the user's marks on it.
    pub own: Own,
    /// The emojis; none any more, perhaps.
    pub emojis: Vec<Emoji>,
}

impl Store {
    /// The chats that a user is or was in, with the newest message of each, in the order of their ids.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn own_chats(&self, user: UserId) -> Result<Vec<(ChatId, Seq)>, Fault> {
        let is = member::Entity::find().select_only().column(member::Column::ChatId);
        let was = past_member::Entity::find().select_only().column(past_member::Column::ChatId);
        let found: Vec<(Uuid, i64)> = chat::Entity::find()
            .select_only()
            .columns([chat::Column::Id, chat::Column::LastSeq])
            .filter(
                Condition::any()
                    .add(chat::Column::Id.in_subquery(is.filter(member::Column::UserId.eq(user.0)).into_query()))
                    .add(chat::Column::Id.in_subquery(was.filter(past_member::Column::UserId.eq(user.0)).into_query())),
            )
            .order_by_asc(chat::Column::Id)
            .into_tuple()
            .all(&self.reader)
            .await?;
        Ok(found.into_iter().map(|(chat, newest)| (ChatId(chat), Seq(newest))).collect())
    }

    /// The first messages of a user in a chat after a place and up to another, at most so many, oldest first. All messages
    /// between the two places are looked at.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn own_messages(
        &self,
        user: UserId,
        chat: ChatId,
        after: Seq,
        upto: Seq,
        limit: u64,
    ) -> Result<Vec<OwnMessage>, Fault> {
        let rows = message::Entity::find()
            .filter(message::Column::ChatId.eq(chat.0))
            .filter(message::Column::Seq.gt(after.0))
            .filter(message::Column::Seq.lte(upto.0))
            .filter(message::Column::SenderId.eq(user.0))
            .filter(message::Column::DeletedAt.is_null())
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
            attachments: attachments(row.attachments.as_deref()),
        });
        Ok(own.collect())
    }

    /// What a user reacted with in a chat, by the number of the last change of the user's own after `after`: at most so many.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn own_reactions(
        &self,
        user: UserId,
        chat: ChatId,
        after: Own,
        limit: u64,
    ) -> Result<Vec<OwnReactions>, Fault> {
        let rows = mark::Entity::find()
            .filter(mark::Column::UserId.eq(user.0))
            .filter(mark::Column::ChatId.eq(chat.0))
            .filter(mark::Column::Own.gt(after.0))
            .order_by_asc(mark::Column::Own)
            .limit(limit)
            .all(&self.reader)
            .await?;
        let own = rows.into_iter().map(|row| OwnReactions {
            seq: Seq(row.seq),
            own: Own(row.own),
            emojis: emojis(row.reactions.as_deref()),
        });
        Ok(own.collect())
    }

    /// What a user starred, wherever that is, the latest first: at most so many.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn own_stars(&self, user: UserId, limit: u64) -> Result<Vec<(ChatId, Seq, Timestamp)>, Fault> {
        let rows: Vec<(Uuid, i64, i64)> = mark::Entity::find()
            .select_only()
            .columns([mark::Column::ChatId, mark::Column::Seq, mark::Column::StarredAt])
            .filter(mark::Column::UserId.eq(user.0))
            .filter(mark::Column::StarredAt.is_not_null())
            .order_by_desc(mark::Column::StarredAt)
            .limit(limit)
            .into_tuple()
            .all(&self.reader)
            .await?;
        Ok(rows.into_iter().map(|(chat, seq, at)| (ChatId(chat), Seq(seq), Timestamp(at))).collect())
    }

    /// When a user signed up first.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn signed_up_at(&self, user: UserId) -> Result<Option<Timestamp>, Fault> {
        Ok(user::Entity::find_by_id(user.0).one(&self.reader).await?.map(|row| Timestamp(row.created_at)))
    }
}
