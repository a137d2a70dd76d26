//! Single messages: what is known of one before it is changed, quoted or forwarded; those that are pinned or starred; who
//! reacted.
use std::slice;

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, RelationTrait, prelude::Uuid,
};

use super::{
    annotations::{Annotations, Viewer},
    rows::{Row, select_messages},
};
use crate::{
    domain::{ChatId, ClientId, Emoji, Kind, Marks, MessageId, Quoted, Reacted, Seq, StoredMessage, Timestamp, UserId},
    store::{Fault, NOBODY, Store, kinds::kind},
};
use entity::{chat, mark, member, message, pin, reaction, user};

/// A message with all that a change of it must know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The message.
    pub message: StoredMessage,
    /// All reactions to it, in their order.
    pub reactions: Vec<Reacted>,
    /// What the one who asks sees on it.
    pub marks: Marks,
    /// The message that it answers.
    pub quoted: Option<Quoted>,
}

/// So many of those who reacted with an emoji are shown.
const SHOWN: u64 = 1_000;

/// The place of a message among those that somebody starred.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Starred {
    /// Since when.
    pub at: Timestamp,
    /// Its chat.
    pub chat: ChatId,
    /// Its place there.
    pub seq: Seq,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StarredMessage {
    /// Its chat.
    pub chat: ChatId,
    /// What kind of chat.
    pub kind: Kind,
    /// The message.
    pub message: StoredMessage,
    /// What belongs to it.
    pub annotations: Annotations,
}

/// Messages that somebody starred, the latest starred first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StarredPage {
    /// As far as they can be seen.
    pub messages: Vec<StarredMessage>,
    /// The last that was looked at, if there are more.
    pub next: Option<Starred>,
}

impl Store {
    /// What stands at a place, if anything does.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn message(&self, chat: ChatId, seq: Seq) -> Result<Option<StoredMessage>, Fault> {
        message_at(&self.reader, chat, seq).await
    }

    /// Whether somebody is in a chat.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn is_member(&self, chat: ChatId, user: UserId) -> Result<bool, Fault> {
        Ok(member::Entity::find_by_id((chat.0, user.0)).one(&self.reader).await?.is_some())
    }

    /// The message that somebody sent under a key, if it is stored.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn said_under(
        &self,
        chat: ChatId,
        sender: UserId,
        client_id: &ClientId,
    ) -> Result<Option<(MessageId, Seq, Timestamp)>, Fault> {
        let found: Option<(Uuid, i64, i64)> = message::Entity::find()
            .select_only()
            .columns([message::Column::Id, message::Column::Seq, message::Column::SentAt])
            .filter(message::Column::ChatId.eq(chat.0))
            .filter(message::Column::SenderId.eq(sender.0))
            .filter(message::Column::ClientId.eq(client_id.as_str()))
            .into_tuple()
            .one(&self.reader)
            .await?;
        Ok(found.map(|(id, seq, at)| (MessageId(id), Seq(seq), Timestamp(at))))
    }

    /// The same with what a change of it by `user` must know.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn opened(&self, chat: ChatId, seq: Seq, user: UserId) -> Result<Option<Opened>, Fault> {
        match self.at_one_moment().await? {
            Some(moment) => {
                let opened = opened(&moment, chat, seq, user).await?;
                moment.rollback().await?;
                Ok(opened)
            }
            None => opened(&self.reader, chat, seq, user).await,
        }
    }

    /// The first of those who reacted with an emoji, with their names, in the order in which they did.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn reactors(&self, chat: ChatId, seq: Seq, emoji: &Emoji) -> Result<Vec<(UserId, String)>, Fault> {
        let user = reaction::Entity::belongs_to(user::Entity).from(reaction::Column::UserId).to(user::Column::Id);
        let rows: Vec<(Uuid, Option<String>)> = reaction::Entity::find()
            .select_only()
            .column(reaction::Column::UserId)
            .column(user::Column::Name)
            .join(JoinType::LeftJoin, user.into())
            .filter(reaction::Column::ChatId.eq(chat.0))
            .filter(reaction::Column::Seq.eq(seq.0))
            .filter(reaction::Column::Bare.eq(emoji.bare()))
            .order_by_asc(reaction::Column::Rev)
            .limit(SHOWN)
            .into_tuple()
            .all(&self.reader)
            .await?;
        Ok(rows.into_iter().map(|(user, name)| (UserId(user), name.unwrap_or_else(|| NOBODY.into()))).collect())
    }

    /// How many messages of a chat are pinned.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn count_pinned(&self, chat: ChatId) -> Result<usize, Fault> {
        count_pinned(&self.reader, chat).await
    }

    /// The pinned messages that somebody sees, the latest pinned first.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn pinned(&self, chat: ChatId, viewer: Viewer) -> Result<(Vec<StoredMessage>, Annotations), Fault> {
        let places = pin::Entity::find().select_only().column(pin::Column::Seq);
        let places = places.filter(pin::Column::ChatId.eq(chat.0)).into_query();
        let rows: Vec<Row> = select_messages()
            .filter(message::Column::ChatId.eq(chat.0))
            .filter(message::Column::Seq.in_subquery(places))
            .filter(message::Column::Seq.gte(viewer.first.0))
            .order_by_desc(message::Column::PinnedAt)
            .order_by_desc(message::Column::Rev)
            .into_model()
            .all(&self.reader)
            .await?;
        let messages: Vec<StoredMessage> = rows.into_iter().map(StoredMessage::from).collect();
        let annotations = self.annotations(chat, viewer, &messages).await?;
        Ok((messages, annotations))
    }

    /// What somebody starred in the chats that this person is in, or in one of them, after a place: at most so many. It is for the
    /// caller to leave out what is not to be seen.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn starred(
        &self,
        user: UserId,
        chat: Option<ChatId>,
        after: Option<Starred>,
        limit: u64,
    ) -> Result<StarredPage, Fault> {
        let place = mark::Entity::belongs_to(member::Entity)
            .from((mark::Column::ChatId, mark::Column::UserId))
            .to((member::Column::ChatId, member::Column::UserId));
        let mut query = mark::Entity::find()
            .column_as(member::Column::JoinedSeq, "joined_seq")
            .column_as(member::Column::SeesHistory, "sees_history")
            .column_as(member::Column::ClearedSeq, "cleared_seq")
            .column_as(chat::Column::Kind, "kind")
            .join(JoinType::InnerJoin, place.into())
            .join(JoinType::InnerJoin, member::Relation::Chat.def())
            .filter(mark::Column::UserId.eq(user.0))
            .filter(mark::Column::StarredAt.is_not_null())
            .filter(mark::Column::Hidden.eq(false))
            .order_by_desc(mark::Column::StarredAt)
            .order_by_desc(mark::Column::ChatId)
            .order_by_desc(mark::Column::Seq)
            .limit(limit + 1);
        if let Some(chat) = chat {
            query = query.filter(mark::Column::ChatId.eq(chat.0));
        }
        if let Some(Starred { at, chat, seq }) = after {
            let same_time = mark::Column::StarredAt.eq(at.0);
            let same_chat = Condition::all().add(same_time.clone()).add(mark::Column::ChatId.eq(chat.0));
            query = query.filter(
                Condition::any()
                    .add(mark::Column::StarredAt.lt(at.0))
                    .add(Condition::all().add(same_time).add(mark::Column::ChatId.lt(chat.0)))
                    .add(same_chat.add(mark::Column::Seq.lt(seq.0))),
            );
        }
        let mut rows: Vec<StarredRow> = query.into_model().all(&self.reader).await?;
        let has_more = rows.len() as u64 > limit;
        rows.truncate(limit as usize);
        let next = rows.last().filter(|_| has_more).map(StarredRow::place);
        Ok(StarredPage { messages: self.starred_messages(user, rows).await?, next })
    }

    async fn starred_messages(&self, user: UserId, rows: Vec<StarredRow>) -> Result<Vec<StarredMessage>, Fault> {
        let mut found = Vec::with_capacity(rows.len());
        for row in rows {
            let Starred { chat, seq, .. } = row.place();
            let first = self.first_seen(Seq(row.joined_seq), row.sees_history, Seq(row.cleared_seq));
            let viewer = Viewer { user, first, has_marks: true };
            let message = self.message(chat, seq).await?.filter(|message| message.seq >= first);
            if let Some(message) = message.filter(|message| message.deleted.is_none()) {
                let annotations = self.annotations(chat, viewer, slice::from_ref(&message)).await?;
                found.push(StarredMessage { chat, kind: kind(row.kind), message, annotations });
            }
        }
        Ok(found)
    }
}

/// What stands at a place, if anything does.
async fn message_at(on: &impl ConnectionTrait, chat: ChatId, seq: Seq) -> Result<Option<StoredMessage>, Fault> {
    let row: Option<Row> = select_messages()
        .filter(message::Column::ChatId.eq(chat.0))
        .filter(message::Column::Seq.eq(seq.0))
        .into_model()
        .one(on)
        .await?;
    Ok(row.map(StoredMessage::from))
}

/// The same with what a change of it by `user` must know.
pub(super) async fn opened(
    on: &impl ConnectionTrait,
    chat: ChatId,
    seq: Seq,
    user: UserId,
) -> Result<Option<Opened>, Fault> {
    let Some(message) = message_at(on, chat, seq).await? else { return Ok(None) };
    let reactions = if message.reactions.is_empty() { Vec::new() } else { reacted(on, chat, seq).await? };
    let marks = mark::Entity::find_by_id((chat.0, seq.0, user.0)).one(on).await?;
    let quoted = match message.reply_to {
        Some(original) => message_at(on, chat, original).await?.map(|original| original.quoted()),
        None => None,
    };
    Ok(Some(Opened { message, reactions, marks: marks.map(Marks::from).unwrap_or_default(), quoted }))
}

async fn reacted(on: &impl ConnectionTrait, chat: ChatId, seq: Seq) -> Result<Vec<Reacted>, Fault> {
    let rows = reaction::Entity::find()
        .filter(reaction::Column::ChatId.eq(chat.0))
        .filter(reaction::Column::Seq.eq(seq.0))
        .order_by_asc(reaction::Column::Rev)
        .all(on)
        .await?;
    let reacted = |row: reaction::Model| Reacted { emoji: Emoji::stored(&row.emoji), user: UserId(row.user_id) };
    Ok(rows.into_iter().map(reacted).collect())
}

/// How many messages of a chat are pinned.
pub(super) async fn count_pinned(on: &impl ConnectionTrait, chat: ChatId) -> Result<usize, Fault> {
    let pinned = pin::Entity::find().filter(pin::Column::ChatId.eq(chat.0)).count(on).await?;
    Ok(usize::try_from(pinned).unwrap_or(usize::MAX))
}

#[derive(FromQueryResult)]
struct StarredRow {
    chat_id: Uuid,
    seq: i64,
    starred_at: Option<i64>,
    joined_seq: i64,
    sees_history: bool,
    cleared_seq: i64,
    kind: i16,
}

impl StarredRow {
    fn place(&self) -> Starred {
        let at = Timestamp(self.starred_at.unwrap_or_default());
        Starred { at, chat: ChatId(self.chat_id), seq: Seq(self.seq) }
    }
}
