//! Places for new messages: each chat's counter moves by as many as it gets, in the transaction that stores them.
use std::sync::{Mutex, MutexGuard, PoisonError};

use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseBackend, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
    Select,
    prelude::Uuid,
    sea_query::{LockBehavior, LockType},
};

use super::creation::Loaded;
use crate::{
    domain::{ChatId, IdMap, Rev, Seq, Timestamp},
    store::{
        Fault, Store,
        sql::{Update, pieces},
    },
};
use entity::chat;

/// Chats whose counters are remembered. With more, all are forgotten and asked for again.
const MOST: usize = 1 << 16;

/// Where the counters of a chat stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::store) struct Counter {
    /// The newest message.
    pub seq: Seq,
    /// The last change.
    pub rev: Rev,
}

/// What one chat gets of a batch.
#[derive(Debug, Default)]
pub(super) struct Claim {
    /// How many new messages.
    pub places: i64,
    /// How many changes.
    pub changes: i64,
    /// When the last of them was taken.
    pub last: Option<Timestamp>,
}

/// Where the counters of chats stood after this process moved them last. Nearly always nobody has moved them since, so
/// that they need not be read: the database checks that they stand there still.
#[derive(Debug, Default)]
pub(in crate::store) struct Counters(Mutex<IdMap<ChatId, Counter>>);

impl Counters {
    /// Moves each chat's counter, and returns where each stood before. A chat that is not in the answer is not there any
    /// more. `None` if one did not stand where it was left: nothing of the transaction counts then.
    pub(super) async fn claim(
        &self,
        connection: &impl ConnectionTrait,
        claims: &IdMap<ChatId, Claim>,
    ) -> Result<Option<IdMap<ChatId, Counter>>, Fault> {
        let mut sorted: Vec<_> = claims.iter().map(|(id, claim)| (*id, claim)).collect();
        // Whoever else locks several chats meets this batch at the first of them, so neither has what the other waits for.
        sorted.sort_unstable_by_key(|(id, _)| *id);
        match self.all(claims.keys()) {
            Some(left) => Ok(moved_from(connection, &sorted, &left).await?.then_some(left)),
            None => moved(connection, &sorted).await.map(Some),
        }
    }

    /// The counters stand there now.
    pub(super) fn note(&self, newest: IdMap<ChatId, Counter>) {
        let mut counters = self.counters();
        if counters.len() + newest.len() > MOST {
            counters.clear();
        }
        counters.extend(newest);
    }

    /// Nothing is known of any counter.
    pub(super) fn forget(&self) {
        self.counters().clear();
    }

    /// Where the counters of these chats stand, if that is known of all.
    fn all<'a>(&self, chats: impl Iterator<Item = &'a ChatId>) -> Option<IdMap<ChatId, Counter>> {
        let counters = self.counters();
        chats.map(|id| counters.get(id).map(|newest| (*id, *newest))).collect()
    }

    /// Nothing that runs under the lock can leave it half done.
    fn counters(&self) -> MutexGuard<'_, IdMap<ChatId, Counter>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const SET: &str =
    "last_seq = last_seq + claimed, rev = rev + changes, last_message_at = COALESCE(said_at, last_message_at)";

/// For batches of messages alone, which are nearly all: they do not pay for changes.
const PLACES_FROM_THERE: Update<4> = Update {
    table: "chat",
    given: ["claimant", "claimed", "said_at", "stood"],
    set: "last_seq = last_seq + claimed, last_message_at = COALESCE(said_at, last_message_at)",
    matching: "id = claimant AND last_seq = stood",
    returning: "",
};

const FROM_THERE: Update<6> = Update {
    table: "chat",
    given: ["claimant", "claimed", "changes", "said_at", "stood", "stood_rev"],
    set: SET,
    matching: "id = claimant AND last_seq = stood AND rev = stood_rev",
    returning: "",
};

const FROM_ANYWHERE: Update<4> = Update {
    table: "chat",
    given: ["claimant", "claimed", "changes", "said_at"],
    set: SET,
    matching: "id = claimant",
    returning: "id, last_seq, rev",
};

/// Moves counters from where they were left. False if one of them is not there.
async fn moved_from(
    connection: &impl ConnectionTrait,
    claims: &[(ChatId, &Claim)],
    left: &IdMap<ChatId, Counter>,
) -> Result<bool, Fault> {
    let backend = connection.get_database_backend();
    let is_plain = claims.iter().all(|(_, claim)| claim.changes == 0);
    let stood = |id: &ChatId| left.get(id).copied().unwrap_or_default();
    for piece in pieces(claims) {
        let update = if is_plain {
            let rows = piece.iter().map(|(id, Claim { places, last, .. })| {
                [id.0.into(), (*places).into(), last.map(|at| at.0).into(), stood(id).seq.0.into()]
            });
            PLACES_FROM_THERE.statement(backend, rows)
        } else {
            let rows = piece.iter().map(|(id, Claim { places, changes, last })| {
                let Counter { seq, rev } = stood(id);
                let last = last.map(|at| at.0);
                [id.0.into(), (*places).into(), (*changes).into(), last.into(), seq.0.into(), rev.0.into()]
            });
            FROM_THERE.statement(backend, rows)
        };
        let done = connection.execute_raw(update).await?;
        if done.rows_affected() != piece.len() as u64 {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Moves counters from wherever they are.
async fn moved(
    connection: &impl ConnectionTrait,
    claims: &[(ChatId, &Claim)],
) -> Result<IdMap<ChatId, Counter>, Fault> {
    let backend = connection.get_database_backend();
    let mut before = IdMap::default();
    for piece in pieces(claims) {
        let rows = piece.iter().map(|(id, Claim { places, changes, last })| {
            [id.0.into(), (*places).into(), (*changes).into(), last.map(|at| at.0).into()]
        });
        let update = FROM_ANYWHERE.statement(backend, rows);
        let now = if backend == DatabaseBackend::MySql {
            connection.execute_raw(update).await?;
            counter_rows(connection, piece.iter().map(|(id, _)| id.0)).await?
        } else {
            let rows = connection.query_all_raw(update).await?;
            rows.iter().map(|row| CounterRow::from_query_result(row, "")).collect::<Result<_, _>>()?
        };
        let claimed: IdMap<ChatId, &Claim> = piece.iter().map(|(id, claim)| (*id, *claim)).collect();
        before.extend(now.into_iter().filter_map(|CounterRow { id, last_seq, rev }| {
            let id = ChatId(id);
            let Claim { places, changes, .. } = claimed.get(&id)?;
            Some((id, Counter { seq: Seq(last_seq - places), rev: Rev(rev - changes) }))
        }));
    }
    Ok(before)
}

/// A chat's counter.
#[derive(FromQueryResult)]
pub(super) struct CounterRow {
    pub id: Uuid,
    pub last_seq: i64,
    pub rev: i64,
}

async fn counter_rows(
    connection: &impl ConnectionTrait,
    chats: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<CounterRow>, Fault> {
    Ok(counters_of(chats).into_model().all(connection).await?)
}

/// The same, once whoever is about to move the counters has done so or has given it up. They stay there until this
/// transaction ends.
pub(super) async fn locked(
    connection: &impl ConnectionTrait,
    chats: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<CounterRow>, Fault> {
    // In the order of claims, for their reason. SQLite, which knows no such lock, lets in one writer at a time anyway.
    let locked = counters_of(chats).order_by_asc(chat::Column::Id).lock_exclusive();
    Ok(locked.into_model().all(connection).await?)
}

impl Store {
    /// The chat as [`Store::chat`] finds it, if nobody is about to store anything there. Fails at once if somebody is.
    ///
    /// # Errors
    /// A fault of the database, which is passing if somebody is about to store something there.
    pub async fn chat_at_rest(&self, id: ChatId) -> Result<Option<Loaded>, Fault> {
        let locked = counters_of([id.0]).lock_with_behavior(LockType::Update, LockBehavior::Nowait);
        // SQLite has no such lock, but a single connection that writes: this waits until it has done what it began.
        locked.into_model::<CounterRow>().one(&self.writer).await?;
        self.chat(id).await
    }
}

fn counters_of(chats: impl IntoIterator<Item = Uuid>) -> Select<chat::Entity> {
    let columns = [chat::Column::Id, chat::Column::LastSeq, chat::Column::Rev];
    chat::Entity::find().select_only().columns(columns).filter(chat::Column::Id.is_in(chats))
}
