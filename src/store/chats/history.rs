//! What was said, page by page, newest first.
use sea_orm::{ColumnTrait, Order, QueryFilter, QueryOrder, QuerySelect};

use super::{
    annotations::{Annotations, Viewer},
    rows::{Row, select_messages, within},
};
use crate::{
    domain::{ChatId, Seq, StoredMessage},
    store::{Fault, Store},
};
use entity::message;

/// Part of a history: messages after `after` and before `before`.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    /// The chat.
    pub chat: ChatId,
    /// Exclusive.
    pub after: Seq,
    /// Exclusive.
    pub before: Seq,
    /// Whether the oldest of them are wanted, or the newest.
    pub oldest: bool,
    /// At most so many.
    pub limit: u64,
    /// Bytes of the whole page on the wire, roughly; at least one message comes whatever its size.
    pub bytes: usize,
    /// Who is to see it.
    pub viewer: Option<Viewer>,
}

/// One page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// Newest first.
    pub messages: Vec<StoredMessage>,
    /// Whether the span holds more messages, beyond the end that was not wanted.
    pub has_more: bool,
    /// What belongs to them for the one who is to see them.
    pub annotations: Annotations,
}

impl Store {
    /// The messages of a span, from the end that is wanted.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn page(&self, span: Span) -> Result<Page, Fault> {
        let order = if span.oldest { Order::Asc } else { Order::Desc };
        let mut rows: Vec<Row> = select_messages()
            .filter(message::Column::ChatId.eq(span.chat.0))
            .filter(message::Column::Seq.gt(span.after.0))
            .filter(message::Column::Seq.lt(span.before.0))
            .order_by(message::Column::Seq, order)
            .limit(span.limit + 1)
            .into_model()
            .all(&self.reader)
            .await?;
        let found = rows.len();
        rows.truncate(span.limit as usize);
        let mut messages = within(rows.into_iter().map(StoredMessage::from).collect(), &mut { span.bytes });
        let has_more = messages.len() < found;
        if span.oldest {
            messages.reverse();
        }
        let annotations = match span.viewer {
            Some(viewer) => self.annotations(span.chat, viewer, &messages).await?,
            None => Annotations::default(),
        };
        Ok(Page { messages, has_more, annotations })
    }
}
