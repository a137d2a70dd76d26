//! Messages as they come from their table, with their senders' names.
use sea_orm::{EntityTrait, FromQueryResult, JoinType, QuerySelect, RelationDef, Select, prelude::Uuid};

use super::columns::{attachments, mentions, reactions};
use crate::{
    domain::{ClientId, MessageId, Rev, Seq, StoredMessage, Timestamp, UserId},
    store::NOBODY,
};
use entity::{message, user};

/// What a message takes in an answer beside its content, in bytes, roughly.
const FRAME: usize = 256;

#[derive(FromQueryResult)]
pub(super) struct Row {
    pub(super) chat_id: Uuid,
    pub(super) seq: i64,
    id: Uuid,
    sender_id: Uuid,
    content: String,
    client_id: Option<String>,
    sent_at: i64,
    rev: i64,
    edited_at: Option<i64>,
    edits: i32,
    deleted_at: Option<i64>,
    deleted_by: Option<Uuid>,
    reply_to: Option<i64>,
    forwarded: bool,
    mentions: Option<String>,
    reactions: Option<String>,
    pinned_at: Option<i64>,
    attachments: Option<String>,
    sender_name: Option<String>,
}

/// Messages with their senders' names, yet to be filtered.
pub(super) fn select_messages() -> Select<message::Entity> {
    message::Entity::find().column_as(user::Column::Name, "sender_name").join(JoinType::LeftJoin, sender())
}

/// As many of the messages as fit into `room`, which shrinks; the first fits whatever its size if there is any room.
pub(super) fn within(mut messages: Vec<StoredMessage>, room: &mut usize) -> Vec<StoredMessage> {
    let fit = messages.iter().take_while(|message| {
        let fits = *room > 0;
        *room = room.saturating_sub(weight(message));
        fits
    });
    let fit = fit.count();
    messages.truncate(fit);
    messages
}

/// What a message takes in an answer, in bytes, roughly.
fn weight(message: &StoredMessage) -> usize {
    let named: usize = message.reactions.iter().map(|reaction| reaction.users.len() + 2).sum();
    let files = message.attachments.iter().map(|file| FILE + escaped(file.name.as_str()));
    escaped(&message.content) + FRAME + (named + message.mentions.len()) * ID + files.sum::<usize>()
}

/// What an id takes, or an emoji with its count.
const ID: usize = 40;

/// What a file takes beside its name.
const FILE: usize = 400;

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

impl From<Row> for StoredMessage {
    fn from(row: Row) -> Self {
        Self {
            seq: Seq(row.seq),
            id: MessageId(row.id),
            sender: UserId(row.sender_id),
            sender_name: row.sender_name.unwrap_or_else(|| NOBODY.into()),
            content: row.content,
            client_id: row.client_id.as_deref().map(ClientId::stored),
            sent_at: Timestamp(row.sent_at),
            rev: Rev(row.rev),
            edited: row.edited_at.map(|at| (Timestamp(at), u32::try_from(row.edits).unwrap_or_default())),
            deleted: row.deleted_at.map(|at| (Timestamp(at), UserId(row.deleted_by.unwrap_or(row.sender_id)))),
            reply_to: row.reply_to.map(Seq),
            forwarded: row.forwarded,
            mentions: mentions(row.mentions.as_deref()),
            reactions: reactions(row.reactions.as_deref()),
            pinned_at: row.pinned_at.map(Timestamp),
            attachments: attachments(row.attachments.as_deref()),
        }
    }
}
