//! The line of a node: what others hear of is written by one transaction at a time, numbered 1, 2, 3 … without gaps. Who sees one
//! number can see all before it.
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicI64, Ordering::Relaxed},
    },
    time::Instant,
};

use arc_swap::ArcSwap;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QuerySelect, TransactionTrait,
};
use tokio::{
    sync::{Mutex as Turns, OwnedMutexGuard, mpsc::UnboundedSender},
    time::timeout_at,
};

use super::body;
use crate::{
    domain::{Batch, NodeId, Rules},
    settings::DEADLINES,
    store::{Fault, Store},
};
use entity::feed;

/// Something that this node wrote, in the order of its numbers.
#[derive(Debug)]
pub struct Own {
    /// Its number.
    pub number: i64,
    /// What was done.
    pub batch: Batch,
    /// Whether chats here wait for its verdicts: then they tell of it themselves.
    pub is_awaited: bool,
}

/// The place of this node's next transaction.
#[derive(Debug)]
pub(in crate::store) struct Place {
    pub(in crate::store) next: i64,
    /// Whether the transaction with this number came true is not known.
    unknown: bool,
}

/// What this node writes for others.
pub struct Line {
    /// Which node this is.
    pub me: NodeId,
    place: Arc<Turns<Place>>,
    /// Up to where the others were heard.
    heard: Mutex<HashMap<NodeId, i64>>,
    own: UnboundedSender<Own>,
    is_lost: AtomicBool,
    newest: AtomicI64,
    rules: ArcSwap<Rules>,
}

impl Line {
    /// The line of `me`; whatever it writes goes to `own` too. What is judged anew goes by `rules`.
    pub fn new(me: NodeId, own: UnboundedSender<Own>, rules: Rules) -> Self {
        let rules = ArcSwap::from_pointee(rules);
        let place = Arc::new(Turns::new(Place { next: 1, unknown: false }));
        Self {
            me,
            place,
            heard: Mutex::default(),
            own,
            is_lost: AtomicBool::new(false),
            newest: AtomicI64::new(0),
            rules,
        }
    }

    /// From now on what is judged anew goes by these.
    pub fn retune(&self, rules: Rules) {
        self.rules.store(Arc::new(rules));
    }

    pub(in crate::store) fn rules(&self) -> Rules {
        **self.rules.load()
    }

    /// Another node was heard up to a number: what is written from now on rests on that.
    pub fn hear(&self, node: NodeId, number: i64) {
        self.heard().insert(node, number);
    }

    /// Up to where others were heard, in no order.
    pub fn heard_so_far(&self) -> Vec<(NodeId, i64)> {
        self.heard().iter().map(|(node, number)| (*node, *number)).collect()
    }

    /// Nothing is kept of a node that is gone.
    pub fn forget(&self, node: NodeId) {
        self.heard().remove(&node);
    }

    /// Whether this node is none any more for the others, who have swept its row.
    pub fn is_lost(&self) -> bool {
        self.is_lost.load(Relaxed)
    }

    fn heard(&self) -> std::sync::MutexGuard<'_, HashMap<NodeId, i64>> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(in crate::store) async fn turn(&self, until: Instant) -> Result<OwnedMutexGuard<Place>, Fault> {
        let late = |_| Fault::Unavailable("the transactions before it took too long".into());
        timeout_at(until.into(), self.place.clone().lock_owned()).await.map_err(late)
    }

    /// The number that was told last.
    pub fn newest(&self) -> i64 {
        self.newest.load(Relaxed)
    }

    fn tell(&self, own: Own) {
        self.newest.store(own.number, Relaxed);
        // Whoever listens is gone only with the process.
        let _ = self.own.send(own);
    }
}

impl Store {
    /// From now on others hear of what is written here.
    pub fn form_line(&self, line: Line) {
        assert!(self.line.set(Arc::new(line)).is_ok(), "a node has one line");
    }

    /// Whether other servers can use the database too.
    pub fn is_shared(&self) -> bool {
        self.opened.is_none()
    }

    /// The line of this node, if it is one of several.
    pub fn line(&self) -> Option<&Arc<Line>> {
        self.line.get()
    }

    /// For several queries about what other nodes may change at this very moment; there are none if there are no other nodes.
    pub(in crate::store) async fn at_one_moment(&self) -> Result<Option<DatabaseTransaction>, Fault> {
        if self.line().is_none() {
            return Ok(None);
        }
        Ok(Some(self.snapshot().await?))
    }

    /// Finds out what became of a transaction whose commit had no answer, if there is one and nobody else is at it.
    ///
    /// # Errors
    /// A fault of the database: it is not known yet.
    pub async fn find_out(&self) -> Result<(), Fault> {
        let Some(line) = self.line() else { return Ok(()) };
        let Ok(mut place) = line.place.clone().try_lock_owned() else { return Ok(()) };
        self.settle(line, &mut place).await
    }

    /// Before anything else is written. The row waits for a transaction that may be under way: then it ended, or it never will
    /// come true.
    pub(in crate::store) async fn settle(&self, line: &Line, place: &mut Place) -> Result<(), Fault> {
        if !place.unknown {
            return Ok(());
        }
        let number = place.next;
        let empty = feed::ActiveModel { node_id: Set(line.me.0), number: Set(number), body: Set(Vec::new()) };
        let batch = match feed::Entity::insert(empty).exec_without_returning(&self.writer).await.map_err(Fault::from) {
            Ok(_) => Batch::default(),
            Err(Fault::Duplicate(_)) => self.written(line.me, number).await?,
            Err(fault @ Fault::Refused(_)) => {
                line.is_lost.store(true, Relaxed);
                return Err(fault);
            }
            Err(fault) => return Err(fault),
        };
        log::warn!("transaction {number} of this node had no answer, and {}", fate(&batch));
        place.unknown = false;
        place.next += 1;
        line.tell(Own { number, batch, is_awaited: false });
        Ok(())
    }

    async fn written(&self, me: NodeId, number: i64) -> Result<Batch, Fault> {
        let found: Option<Vec<u8>> = feed::Entity::find()
            .select_only()
            .column(feed::Column::Body)
            .filter(feed::Column::NodeId.eq(me.0))
            .filter(feed::Column::Number.eq(number))
            .into_tuple()
            .one(&self.writer)
            .await?;
        let body = found.ok_or_else(|| Fault::Unavailable("a row of the feed is gone".into()))?;
        body::read(&body).map_err(|error| Fault::Refused(error.to_string()))
    }

    /// Writes what a transaction did, commits it, and has the line go on.
    pub(in crate::store) async fn commit_numbered(
        &self,
        line: &Line,
        place: &mut Place,
        transaction: DatabaseTransaction,
        mut batch: Batch,
        is_awaited: bool,
        until: Instant,
    ) -> Result<i64, Fault> {
        let number = place.next;
        batch.after.extend(line.heard_so_far());
        latest(&mut batch.after, line.me);
        let row = feed::ActiveModel { node_id: Set(line.me.0), number: Set(number), body: Set(body::write(&batch)) };
        if let Err(fault) = feed::Entity::insert(row).exec_without_returning(&transaction).await.map_err(Fault::from) {
            if matches!(fault, Fault::Refused(_)) {
                line.is_lost.store(true, Relaxed);
            }
            return Err(fault);
        }
        // If this future is dropped on the way, nobody knows either.
        place.unknown = true;
        let commit = async { transaction.commit().await.map_err(|error| Fault::from(error).of_commit()) };
        let committed = timeout_at((until + DEADLINES.commit).into(), commit).await;
        let committed = committed.unwrap_or_else(|_| Err(Fault::Unanswered("there was no answer in time".into())));
        if let Err(fault) = committed {
            place.unknown = matches!(fault, Fault::Unanswered(_));
            return Err(fault);
        }
        place.unknown = false;
        place.next += 1;
        line.tell(Own { number, batch, is_awaited });
        Ok(number)
    }

    /// A transaction that will write, for what others hear of.
    pub(in crate::store) async fn begin_in_turn(&self) -> Result<DatabaseTransaction, Fault> {
        Ok(self.writer.begin().await?)
    }
}

fn fate(batch: &Batch) -> &'static str {
    if batch.news.is_empty() { "never came true" } else { "came true" }
}

/// The furthest number of each node but `me`, whose own numbers are in order anyway.
fn latest(after: &mut Vec<(NodeId, i64)>, me: NodeId) {
    after.retain(|(node, _)| *node != me);
    after.sort_unstable_by_key(|(node, number)| (*node, -number));
    after.dedup_by_key(|(node, _)| *node);
}
