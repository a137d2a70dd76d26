//! What messages hold. A message and its hold on its files are one transaction, and so is their end.
use std::collections::{BTreeMap, BTreeSet, HashSet};

use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    prelude::Uuid,
    sea_query::{Expr, ExprTrait, Query, SelectStatement},
};

use super::{GONE, THERE};
use crate::{
    domain::{ChatId, File, FileId, MessageId, Posted, Seq, Timestamp},
    store::{
        Fault,
        sql::{Insert, pieces},
    },
};
use entity::{file, message_file};

/// Files named in one statement.
const AT_ONCE: usize = 500;

const HOLDS: Insert<3> = Insert { table: "message_file", columns: ["file_id", "chat_id", "seq"] };

/// Those of the messages that are about to be stored that bring along what is not there any more: they are not stored. What is there stays
/// until the transaction ends. Nearly no message brings anything along: then nothing is asked.
pub(in crate::store) async fn lacking<'a>(
    connection: &impl ConnectionTrait,
    posts: impl Iterator<Item = &'a Posted>,
) -> Result<HashSet<MessageId>, Fault> {
    let wanted: Vec<(MessageId, Uuid)> =
        posts.flat_map(|posted| brought(posted).map(|file| (posted.id, file.id.0))).collect();
    let all: Vec<Uuid> = wanted.iter().map(|(_, file)| *file).collect::<BTreeSet<_>>().into_iter().collect();
    let mut there = HashSet::new();
    for ids in all.chunks(AT_ONCE) {
        let found: Vec<Uuid> = file::Entity::find()
            .select_only()
            .column(file::Column::Id)
            .filter(file::Column::Id.is_in(ids.iter().copied()))
            .filter(file::Column::State.eq(THERE))
            .order_by_asc(file::Column::Id)
            .lock_exclusive()
            .into_tuple()
            .all(connection)
            .await?;
        there.extend(found);
    }
    Ok(wanted.into_iter().filter(|(_, file)| !there.contains(file)).map(|(message, _)| message).collect())
}

/// Messages that have their places hold their files. What another change of the same transaction has freed before is held again.
pub(in crate::store) async fn hold(
    connection: &impl ConnectionTrait,
    messages: &[(&Posted, Seq)],
) -> Result<(), Fault> {
    let rows: Vec<(FileId, ChatId, Seq)> =
        messages.iter().flat_map(|(posted, seq)| brought(posted).map(|file| (file.id, posted.chat, *seq))).collect();
    for piece in pieces(&rows) {
        let values = piece.iter().map(|(file, chat, seq)| [file.0.into(), chat.0.into(), seq.0.into()]);
        connection.execute_raw(HOLDS.statement(connection.get_database_backend(), values)).await?;
    }
    let mut times: BTreeMap<Uuid, i32> = BTreeMap::new();
    rows.iter().for_each(|(file, ..)| *times.entry(file.0).or_default() += 1);
    for (id, times) in times {
        file::Entity::update_many()
            .col_expr(file::Column::InMessages, Expr::col(file::Column::InMessages).add(times))
            .col_expr(file::Column::State, Expr::value(THERE))
            .col_expr(file::Column::DueAt, Expr::value(None::<i64>))
            .filter(file::Column::Id.eq(id))
            .exec(connection)
            .await?;
    }
    Ok(())
}

fn brought(posted: &Posted) -> impl Iterator<Item = &File> {
    posted.extras.iter().flat_map(|extras| &extras.attachments)
}

/// A message holds its files no more.
pub(in crate::store) async fn free(
    connection: &impl ConnectionTrait,
    chat: ChatId,
    seq: Seq,
    files: &[FileId],
    now: Timestamp,
) -> Result<(), Fault> {
    if files.is_empty() {
        return Ok(());
    }
    let ids = || file::Column::Id.is_in(files.iter().map(|file| file.0));
    file::Entity::update_many()
        .col_expr(file::Column::InMessages, Expr::col(file::Column::InMessages).sub(1))
        .filter(ids())
        .exec(connection)
        .await?;
    end_unheld(connection, ids(), now).await?;
    message_file::Entity::delete_many()
        .filter(message_file::Column::ChatId.eq(chat.0))
        .filter(message_file::Column::Seq.eq(seq.0))
        .exec(connection)
        .await?;
    Ok(())
}

/// No message of a chat holds anything any more.
pub(in crate::store) async fn free_chat(
    connection: &impl ConnectionTrait,
    chat: ChatId,
    now: Timestamp,
) -> Result<(), Fault> {
    let held = || file::Column::Id.in_subquery(held_in(chat));
    let here: SelectStatement = Query::select()
        .expr(Expr::cust("COUNT(*)"))
        .from(message_file::Entity)
        .and_where(message_file::Column::ChatId.eq(chat.0))
        .and_where(
            Expr::col((message_file::Entity, message_file::Column::FileId)).equals((file::Entity, file::Column::Id)),
        )
        .take();
    file::Entity::update_many()
        .col_expr(file::Column::InMessages, Expr::col(file::Column::InMessages).sub(here))
        .filter(held())
        .exec(connection)
        .await?;
    end_unheld(connection, held(), now).await?;
    message_file::Entity::delete_many().filter(message_file::Column::ChatId.eq(chat.0)).exec(connection).await?;
    Ok(())
}

fn held_in(chat: ChatId) -> SelectStatement {
    let held = message_file::Entity::find().select_only().column(message_file::Column::FileId);
    held.filter(message_file::Column::ChatId.eq(chat.0)).into_query()
}

/// With the last message that held it a file is gone, for its uploader too.
async fn end_unheld(connection: &impl ConnectionTrait, which: Expr, now: Timestamp) -> Result<(), Fault> {
    file::Entity::update_many()
        .col_expr(file::Column::State, Expr::value(GONE))
        .col_expr(file::Column::DueAt, Expr::value(Some(now.0)))
        .filter(which)
        .filter(file::Column::InMessages.lte(0))
        .filter(file::Column::InPictures.lte(0))
        .exec(connection)
        .await?;
    Ok(())
}
