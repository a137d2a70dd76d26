//! The rows of new messages.
use sea_orm::{DatabaseBackend, Statement, Value};

use super::columns::{attachments_column, mentions_column};
use crate::{
    domain::{ClientId, Extras, Posted, Seq},
    store::sql::Insert,
};

/// Nearly all.
const PLAIN: Insert<7> =
    Insert { table: "message", columns: ["chat_id", "seq", "id", "sender_id", "content", "client_id", "sent_at"] };

/// Few messages have more than that, and those that do not are not to pay for it.
const WITH_EXTRAS: Insert<11> = Insert {
    table: "message",
    columns: [
        "chat_id",
        "seq",
        "id",
        "sender_id",
        "content",
        "client_id",
        "sent_at",
        "reply_to",
        "mentions",
        "forwarded",
        "attachments",
    ],
};

fn row(posted: &Posted, seq: Seq) -> [Value; 7] {
    [
        posted.chat.0.into(),
        seq.0.into(),
        posted.id.0.into(),
        posted.sender.0.into(),
        posted.content.as_str().into(),
        posted.client_id.as_ref().map(ClientId::as_str).into(),
        posted.sent_at.0.into(),
    ]
}

fn row_with_extras(posted: &Posted, seq: Seq) -> [Value; 11] {
    let none = Extras::default();
    let Extras { reply_to, mentions, forwarded, attachments, .. } = posted.extras.as_deref().unwrap_or(&none);
    let [chat, seq, id, sender, content, client_id, sent_at] = row(posted, seq);
    let reply_to = reply_to.map(|seq| seq.0).into();
    let mentions = mentions_column(mentions).into();
    let attachments = attachments_column(attachments).into();
    [chat, seq, id, sender, content, client_id, sent_at, reply_to, mentions, (*forwarded).into(), attachments]
}

/// Adds messages that have nothing besides.
pub(super) fn plain_rows(backend: DatabaseBackend, messages: &[(&Posted, Seq)]) -> Statement {
    PLAIN.statement(backend, messages.iter().map(|(posted, seq)| row(posted, *seq)))
}

/// Adds messages that have something besides.
pub(super) fn rows_with_extras(backend: DatabaseBackend, messages: &[(&Posted, Seq)]) -> Statement {
    WITH_EXTRAS.statement(backend, messages.iter().map(|(posted, seq)| row_with_extras(posted, *seq)))
}
