//! The rows of the chats of a batch: locked in the order of their ids, and moved at its end.
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect, prelude::Uuid,
};

use crate::{
    domain::{ChatId, IdMap, NodeId, Rev, Seq, Step, Timestamp},
    store::{
        Fault,
        sql::{Update, pieces},
    },
};
use entity::chat;

/// Where a chat stands while a transaction holds it.
#[derive(Debug, Clone, Copy)]
pub(in crate::store) struct Held {
    pub seq: Seq,
    pub rev: Rev,
    pub step: Step,
    /// The step of the last change that decisions rest on.
    pub guard: Step,
    /// Whose the last step was.
    pub by: Option<(NodeId, i64)>,
}

/// Where it stands at the end.
#[derive(Debug, Clone, Copy)]
pub(in crate::store) struct Moved {
    pub seq: Seq,
    pub rev: Rev,
    pub step: Step,
    pub guard: Step,
    pub said_at: Option<Timestamp>,
}

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    last_seq: i64,
    rev: i64,
    step: i64,
    guard: i64,
    by_node: Option<Uuid>,
    by_number: i64,
}

const AT_ONCE: usize = 512;

/// Locks the chats. One that is not in the answer is not there any more.
pub(in crate::store) async fn lock(
    on: &DatabaseTransaction,
    mut chats: Vec<ChatId>,
) -> Result<IdMap<ChatId, Held>, Fault> {
    chats.sort_unstable();
    chats.dedup();
    let mut held = IdMap::default();
    for some in chats.chunks(AT_ONCE) {
        let rows = chat::Entity::find()
            .select_only()
            .columns([
                chat::Column::Id,
                chat::Column::LastSeq,
                chat::Column::Rev,
                chat::Column::Step,
                chat::Column::Guard,
                chat::Column::ByNode,
                chat::Column::ByNumber,
            ])
            .filter(chat::Column::Id.is_in(some.iter().map(|id| id.0)))
            .order_by_asc(chat::Column::Id)
            .lock_exclusive();
        held.extend(rows.into_model::<Row>().all(on).await?.into_iter().map(|row| {
            let by = row.by_node.map(|node| (NodeId(node), row.by_number));
            let (step, guard) = (Step(row.step), Step(row.guard));
            (ChatId(row.id), Held { seq: Seq(row.last_seq), rev: Rev(row.rev), step, guard, by })
        }));
    }
    Ok(held)
}

const MOVE: Update<8> = Update {
    table: "chat",
    given: ["moved", "to_seq", "to_rev", "to_step", "to_guard", "whose", "which", "said_at"],
    set: "last_seq = to_seq, rev = to_rev, step = to_step, guard = to_guard, by_node = whose, by_number = which, \
          last_message_at = COALESCE(said_at, last_message_at)",
    matching: "id = moved",
    returning: "",
};

/// The chats stand there now, by the transaction `number` of `node`.
pub(in crate::store) async fn set(
    on: &DatabaseTransaction,
    moved: &[(ChatId, Moved)],
    (node, number): (NodeId, i64),
) -> Result<(), Fault> {
    let backend = on.get_database_backend();
    for piece in pieces(moved) {
        let rows = piece.iter().map(|(id, Moved { seq, rev, step, guard, said_at })| {
            let said_at = said_at.map(|at| at.0).into();
            [
                id.0.into(),
                seq.0.into(),
                rev.0.into(),
                step.0.into(),
                guard.0.into(),
                node.0.into(),
                number.into(),
                said_at,
            ]
        });
        on.execute_raw(MOVE.statement(backend, rows)).await?;
    }
    Ok(())
}
