//! What was said, page by page, newest first.
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationDef, Select,
    prelude::Uuid,
};

use crate::{
    domain::{ChatId, ClientId, MessageId, Seq, Timestamp, UserId},
    store::{Fault, NOBODY, Store},
};
use entity::{message, user};

/// What a message takes in an answer beside its content, in bytes, roughly.
const FRAME: usize = 256;

/// Part of a history: messages after `after` and before `before`.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    /// The chat.
    pub chat: ChatId,
    /// Exclusive.
    pub after: Seq,
    /// Exclusive.
    pub before: Seq,
    /// At most so many, the newest of them.
    pub limit: u64,
    /// Bytes of the whole page on the wire, roughly; at least one message comes whatever its size.
    pub bytes: usize,
}

/// A message as it is stored, with its sender's present name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Its place in the chat.
    pub seq: Seq,
    /// Its id.
    pub id: MessageId,
    /// Who said it.
    pub sender: UserId,
    /// The sender's name.
    pub sender_name: String,
    /// What was said.
    pub content: String,
    /// The sender's idempotency key.
    pub client_id: Option<ClientId>,
    /// When.
    pub sent_at: Timestamp,
}

/// One page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Newest first.
    pub messages: Vec<Stored>,
    /// Whether the span holds older messages.
    pub has_more: bool,
}

#[derive(FromQueryResult)]
pub(super) struct Row {
    pub(super) chat_id: Uuid,
    seq: i64,
    id: Uuid,
    sender_id: Uuid,
    content: String,
    client_id: Option<String>,
    sent_at: i64,
    sender_name: Option<String>,
}

impl Store {
    /// The newest messages of a span.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn page(&self, span: Span) -> Result<Page, Fault> {
        let mut rows: Vec<Row> = select_messages()
            .filter(message::Column::ChatId.eq(span.chat.0))
            .filter(message::Column::Seq.gt(span.after.0))
            .filter(message::Column::Seq.lt(span.before.0))
            .order_by_desc(message::Column::Seq)
            .limit(span.limit + 1)
            .into_model()
            .all(&self.reader)
            .await?;
        let found = rows.len();
        rows.truncate(span.limit as usize);
        let messages = within(rows.into_iter().map(Stored::from).collect(), &mut { span.bytes });
        Ok(Page { has_more: messages.len() < found, messages })
    }

    /// How many messages of a chat others than `user` sent after `after`, up to and including `upto`; at the cap, so many or
    /// more.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn unread(&self, chat: ChatId, user: UserId, after: Seq, upto: Seq) -> Result<i64, Fault> {
        let unread = message::Entity::find()
            .filter(message::Column::ChatId.eq(chat.0))
            .filter(message::Column::Seq.gt(after.0))
            .filter(message::Column::Seq.lte(upto.0))
            .filter(message::Column::SenderId.ne(user.0));
        let cap = self.unread_cap();
        let first = unread.select_only().column(message::Column::Seq).order_by_asc(message::Column::Seq).limit(cap);
        let counted: Vec<i64> = first.into_tuple().all(&self.reader).await?;
        Ok(counted.len() as i64)
    }
}

/// Messages with their senders' names, yet to be filtered.
pub(super) fn select_messages() -> Select<message::Entity> {
    message::Entity::find()
        .select_only()
        .columns([message::Column::ChatId, message::Column::Seq, message::Column::Id, message::Column::SenderId])
        .columns([message::Column::Content, message::Column::ClientId, message::Column::SentAt])
        .column_as(user::Column::Name, "sender_name")
        .join(JoinType::LeftJoin, sender())
}

/// As many of the messages as fit into `room`, which shrinks; the first fits whatever its size if there is any room.
pub(super) fn within(mut messages: Vec<Stored>, room: &mut usize) -> Vec<Stored> {
    let fit = messages.iter().take_while(|message| {
        let fits = *room > 0;
        *room = room.saturating_sub(escaped(&message.content) + FRAME);
        fits
    });
    let fit = fit.count();
    messages.truncate(fit);
    messages
}

/// What a text takes in JSON, in bytes: control characters take six, quotes and backslashes two.
fn escaped(text: &str) -> usize {
    let cost = |byte: u8| match byte {
        0..0x20 => 6,
        b'"' | b'\\' => 2,
        _ => 1,
    };
    text.bytes().map(cost).sum()
}

/// Messages name their sender without a foreign key: an account may end before its messages do.
fn sender() -> RelationDef {
    message::Entity::belongs_to(user::Entity).from(message::Column::SenderId).to(user::Column::Id).into()
}

impl From<Row> for Stored {
    fn from(row: Row) -> Self {
        Self {
            seq: Seq(row.seq),
            id: MessageId(row.id),
            sender: UserId(row.sender_id),
            sender_name: row.sender_name.unwrap_or_else(|| NOBODY.into()),
            content: row.content,
            client_id: row.client_id.as_deref().map(ClientId::stored),
            sent_at: Timestamp(row.sent_at),
        }
    }
}
