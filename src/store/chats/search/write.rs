//! What a step of the index changes: whole segments take the place of others, with how far the index has come, in one transaction.
use std::collections::BTreeMap;

use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Value,
    prelude::Uuid,
};

use super::read::Position;
use crate::{
    domain::ChatId,
    search::{Malformed, Segment},
    store::{
        Fault, Store,
        sql::{Insert, pieces},
    },
};
use entity::{chat, search_block, search_progress, search_segment};

/// Rows of one statement are some KiB each.
const ROWS: usize = 64;

const SEGMENTS: Insert<8> = Insert {
    table: "search_segment",
    columns: ["id", "chat_id", "first_seq", "last_seq", "messages", "first_at", "last_at", "times"],
};
const BLOCKS: Insert<3> = Insert { table: "search_block", columns: ["segment_id", "term", "data"] };

/// All that one step changes.
pub(super) struct Rewrite {
    chat: ChatId,
    known: Option<Position>,
    now: Position,
    dropped: Vec<Uuid>,
    added: BTreeMap<Uuid, (search_segment::Model, Segment)>,
}

impl Rewrite {
    pub(super) fn of(chat: ChatId, known: Option<Position>) -> Self {
        let now = known.unwrap_or(Position { seq: 0, rev: 0 });
        Self { chat, known, now, dropped: Vec::new(), added: BTreeMap::new() }
    }

    /// From now on the index has come so far.
    pub(super) fn to(self, now: Position) -> Self {
        Self { now, ..self }
    }

    pub(super) fn drop_row(&mut self, id: Uuid) {
        if self.added.remove(&id).is_none() {
            self.dropped.push(id);
        }
    }

    /// The segment of a row that this step adds, which is to become part of another one.
    pub(super) fn take(&self, id: Uuid) -> Option<Segment> {
        self.added.get(&id).map(|(_, segment)| segment.clone())
    }

    /// One without messages is none.
    pub(super) fn add(&mut self, segment: Segment) -> Option<search_segment::Model> {
        let row = row(Uuid::now_v7(), self.chat, &segment)?;
        self.added.insert(row.id, (row.clone(), segment));
        Some(row)
    }
}

impl Store {
    /// Makes it so. False if the index has moved meanwhile, or the chat is gone.
    pub(super) async fn rewrite(&self, rewrite: Rewrite) -> Result<bool, Fault> {
        let Rewrite { chat, known, now, dropped, added } = rewrite;
        let mut blocks: Vec<(Uuid, search_block::Model)> = Vec::new();
        let mut rows: Vec<search_segment::Model> = Vec::new();
        for (id, (row, segment)) in added {
            let data = segment.blocks().into_iter();
            blocks.extend(
                data.map(|block| (id, search_block::Model { segment_id: id, term: block.term, data: block.data })),
            );
            rows.push(row);
        }
        let transaction = self.begin().await?;
        if !advance(&transaction, chat, known, now).await? {
            return Ok(false);
        }
        if !dropped.is_empty() {
            let of = search_block::Column::SegmentId.is_in(dropped.iter().copied());
            search_block::Entity::delete_many().filter(of).exec(&transaction).await?;
            let those = search_segment::Column::Id.is_in(dropped.iter().copied());
            search_segment::Entity::delete_many().filter(those).exec(&transaction).await?;
        }
        let backend = transaction.get_database_backend();
        for piece in pieces(&rows) {
            transaction.execute_raw(SEGMENTS.statement(backend, piece.iter().map(segment_values))).await?;
        }
        for some in blocks.chunks(ROWS) {
            for piece in pieces(some) {
                transaction.execute_raw(BLOCKS.statement(backend, piece.iter().map(block_values))).await?;
            }
        }
        // Whoever deletes the chat has its row: either that is over, or what is written here is deleted too.
        let there = chat::Entity::find_by_id(chat.0).select_only().column(chat::Column::Id).lock_shared();
        if there.into_tuple::<Uuid>().one(&transaction).await?.is_none() {
            return Ok(false);
        }
        transaction.commit().await?;
        Ok(true)
    }

    pub(super) async fn read_segment(&self, row: &search_segment::Model) -> Result<Segment, Fault> {
        let blocks = search_block::Entity::find()
            .filter(search_block::Column::SegmentId.eq(row.id))
            .order_by_asc(search_block::Column::Term)
            .all(&self.reader)
            .await?;
        Segment::read(row.first_seq, &row.times, blocks.iter().map(|block| &block.data[..])).map_err(broken)
    }
}

/// Moves how far the index has come from where it was. False if it is not there.
async fn advance(
    connection: &impl ConnectionTrait,
    chat: ChatId,
    known: Option<Position>,
    now: Position,
) -> Result<bool, Fault> {
    let set = search_progress::ActiveModel { chat_id: Set(chat.0), seq: Set(now.seq), rev: Set(now.rev) };
    let Some(known) = known else {
        let added = search_progress::Entity::insert(set).exec_without_returning(connection).await;
        return match added.map_err(Fault::from) {
            Ok(_) => Ok(true),
            Err(Fault::Duplicate(_)) => Ok(false),
            Err(fault) => Err(fault),
        };
    };
    // MariaDB counts no rows that stay as they were.
    if known == now {
        return Ok(true);
    }
    let moved = search_progress::Entity::update_many()
        .set(set)
        .filter(search_progress::Column::ChatId.eq(chat.0))
        .filter(search_progress::Column::Seq.eq(known.seq))
        .filter(search_progress::Column::Rev.eq(known.rev))
        .exec(connection)
        .await?;
    Ok(moved.rows_affected == 1)
}

fn segment_values(row: &search_segment::Model) -> [Value; 8] {
    [
        row.id.into(),
        row.chat_id.into(),
        row.first_seq.into(),
        row.last_seq.into(),
        row.messages.into(),
        row.first_at.into(),
        row.last_at.into(),
        row.times.clone().into(),
    ]
}

fn block_values((_, block): &(Uuid, search_block::Model)) -> [Value; 3] {
    [block.segment_id.into(), block.term.clone().into(), block.data.clone().into()]
}

pub(super) fn broken(malformed: Malformed) -> Fault {
    Fault::Refused(malformed.to_string())
}

/// Where a segment stands that is not written yet.
fn row(id: Uuid, chat: ChatId, segment: &Segment) -> Option<search_segment::Model> {
    let (first_seq, last_seq) = segment.seqs()?;
    let (first_at, last_at) = segment.span()?;
    let messages = i32::try_from(segment.len()).ok()?;
    let times = segment.times();
    Some(search_segment::Model { id, chat_id: chat.0, first_seq, last_seq, messages, first_at, last_at, times })
}
