//! The actor that persists in the background. Chats tell it what they decided; it tells them what became of it.
//!
//! ```
//! use std::{sync::Arc, time::{Duration, Instant}};
//!
//! use actix::prelude::*;
//! use greenroom::{
//!     domain::{ChatId, Fact, Seq, Shown, Step, UserId},
//!     settings::{Database, Synchronous},
//!     store::Store,
//!     writer::{Committed, Flush, Record, Tuning, Writer},
//! };
//!
//! /// Stands in for a chat.
//! struct Asker;
//!
//! impl Actor for Asker {
//!     type Context = Context<Self>;
//! }
//!
//! impl Handler<Committed> for Asker {
//!     type Result = ();
//!
//!     fn handle(&mut self, Committed(verdicts, _): Committed, _: &mut Self::Context) {
//!         assert!(verdicts[0].is_ok());
//!     }
//! }
//!
//! # System::new().block_on(async {
//! # let folder = tempfile::tempdir().unwrap();
//! # let url = format!("sqlite://{}/chat.db", folder.path().display()).into();
//! # let store = Store::open(&Database { url, synchronous: Synchronous::Off }).await.unwrap();
//! let second = Duration::from_secs(1);
//! let tuning = Tuning { mailbox_capacity: 64, batch_size: 64, batch_delay: Duration::ZERO, retry_for: second };
//! let writer = Writer::start(&Arbiter::current(), store, tuning, Arc::default());
//! let read = Fact::Read { chat: ChatId::new(), user: UserId::new(), seq: Seq(1), shown: Shown::Moved };
//! let chat = Asker.start().recipient();
//! writer.do_send(Record { facts: vec![read], chat, since: Instant::now(), known: Step(0) });
//! writer.send(Flush).await.expect("all that was sent before is settled");
//! # });
//! ```
mod in_line;
mod retry;
mod stats;

use std::{
    collections::HashMap,
    convert::Infallible,
    mem,
    sync::Arc,
    time::{Duration, Instant},
};

use actix::prelude::*;
use tokio::sync::oneshot;

use crate::{
    domain::{Fact, IdHasher, Step},
    measure::Times,
    store::{Opened, Outcome, Store},
};
use retry::store_each;

pub use in_line::{Answer, Settled};
pub use stats::Stats;

/// What one chat decided in a row, to be remembered. Sent by the chat, which is told the outcome.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Record {
    /// What was decided, in this order.
    pub facts: Vec<Fact>,
    /// The chat that decided it.
    pub chat: Recipient<Committed>,
    /// When the first of it was decided: the time in which its caller must be answered runs from here.
    pub since: Instant,
    /// Where there are several nodes: what the chat had heard when it decided this.
    pub known: Step,
}

/// What became of one fact: the database took it, or its caller must be refused.
pub type Verdict = Result<Outcome, Unstored>;

/// Why something was not stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unstored {
    /// Too much waits already.
    Busy,
    /// The database could not take it in time, nor anything else.
    Late,
    /// The database was told to commit it, and did not say in time whether it did.
    Unknown,
    /// The database will never take it, whatever it takes besides.
    Never,
}

impl Unstored {
    /// Whether the database was too slow for it, or did not answer at all.
    pub fn is_late(self) -> bool {
        matches!(self, Self::Late | Self::Unknown)
    }
}

/// A chat's facts of one batch are settled; the verdicts stand in their order. Where there are several nodes it says what belongs to that.
#[derive(Message, Debug, Clone, PartialEq, Eq)]
#[rtype(result = "()")]
pub struct Committed(pub Vec<Verdict>, pub Option<Box<Stepped>>);

/// What belongs to it where there are several nodes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stepped {
    /// Which step it was in that chat.
    pub step: Step,
    /// Messages that were changed, as they were then, in the order of the verdicts.
    pub shown: Vec<Opened>,
}

/// Answers once every record sent before it is settled.
#[derive(Message, Debug)]
#[rtype(result = "()")]
pub struct Flush;

/// Held by the writer as long as it lives, so that whoever has the other end learns when it is gone.
#[derive(Message)]
#[rtype(result = "()")]
struct Watch {
    _alive: oneshot::Sender<Infallible>,
}

/// Self-message: write what has gathered.
#[derive(Message)]
#[rtype(result = "()")]
struct Commit;

/// How the writer gathers and how long it tries.
#[derive(Debug, Clone, Copy)]
pub struct Tuning {
    /// Records that may wait while a batch is being written; more are refused as busy.
    pub mailbox_capacity: usize,
    /// So many facts make a transaction full. The record that fills it goes in whole.
    pub batch_size: usize,
    /// The least time from the beginning of one batch to the beginning of the next. A record that comes after a longer
    /// rest is written at once.
    pub batch_delay: Duration,
    /// How long a batch is tried again before its callers are refused.
    pub retry_for: Duration,
}

/// Persists records in order, in batches: while one is being written the next gathers in the mailbox.
pub struct Writer {
    store: Store,
    tuning: Tuning,
    gathered: Vec<Record>,
    /// How many facts have gathered.
    facts: usize,
    /// Whether a `Commit` is on its way.
    commit_queued: bool,
    /// When the last batch was begun.
    begun: Option<Instant>,
    watches: Vec<Watch>,
    /// Where there are several nodes: who puts outcomes into the order of what the others do.
    settled: Option<Recipient<Settled>>,
    stats: Arc<Stats>,
}

impl Writer {
    /// Starts the writer on an arbiter of its own.
    pub fn start(arbiter: &ArbiterHandle, store: Store, tuning: Tuning, stats: Arc<Stats>) -> Addr<Self> {
        Self::start_in_arbiter(arbiter, move |ctx| {
            ctx.set_mailbox_capacity(tuning.mailbox_capacity);
            Self {
                store,
                tuning,
                gathered: Vec::new(),
                facts: 0,
                commit_queued: false,
                begun: None,
                watches: Vec::new(),
                settled: None,
                stats,
            }
        })
    }

    /// Waits until the writer is gone, which it never is unless it panicked: nothing can be stored from then on.
    pub async fn until_gone(writer: &Addr<Self>) {
        let (alive, gone) = oneshot::channel();
        writer.do_send(Watch { _alive: alive });
        // Nothing is ever sent: it is dropped with the writer.
        let _ = gone.await;
    }

    /// What is queued already is gathered before `Commit` runs.
    fn queue_commit(&self, ctx: &mut Context<Self>) {
        let rested = self.begun.map_or(Duration::MAX, |begun| begun.elapsed());
        match self.tuning.batch_delay.checked_sub(rested) {
            Some(rest) if !rest.is_zero() => drop(ctx.notify_later(Commit, rest)),
            _ => ctx.notify(Commit),
        }
    }

    /// Writes one batch; the mailbox waits meanwhile.
    fn commit(&mut self) -> impl ActorFuture<Self, Output = ()> + use<> {
        self.commit_queued = false;
        self.begun = Some(Instant::now());
        self.facts = 0;
        let batch = mem::take(&mut self.gathered);
        let store = self.store.clone();
        let stats = self.stats.clone();
        let retry_for = self.tuning.retry_for;
        let in_line = self.settled.clone().zip(self.store.line().cloned());
        async move {
            match in_line {
                Some((settled, line)) => in_line::settle(&store, &line, &settled, &stats, batch, retry_for).await,
                None => settle(&store, &stats, batch, retry_for).await,
            }
        }
        .into_actor(self)
    }
}

/// Stores a batch and tells each chat what became of its records: the very actor that sent them, which need not be the one
/// that stands for the chat now.
async fn settle(store: &Store, stats: &Stats, batch: Vec<Record>, retry_for: Duration) {
    if batch.is_empty() {
        return;
    }
    let begun = Instant::now();
    let until = batch.iter().map(|record| record.since).min().unwrap_or_else(Instant::now) + retry_for;
    let mut facts = Vec::with_capacity(batch.iter().map(|record| record.facts.len()).sum());
    let mut senders = Vec::with_capacity(batch.len());
    for record in batch {
        senders.push((record.chat, record.facts.len()));
        facts.extend(record.facts);
    }
    stats.begin(facts.len());
    let verdicts = store_each(store, stats, &facts, until, 0).await;
    let stored = verdicts.iter().filter(|verdict| verdict.is_ok()).count();
    stats.end(verdicts.len() - stored, stored);
    let mut verdicts = verdicts.into_iter();
    let mut by_chat: HashMap<Recipient<Committed>, Vec<Verdict>, IdHasher> = HashMap::default();
    for (chat, facts) in senders {
        by_chat.entry(chat).or_default().extend(verdicts.by_ref().take(facts));
    }
    for (chat, verdicts) in by_chat {
        chat.do_send(Committed(verdicts, None));
    }
    stats.times.done(Some(begun));
}

impl Actor for Writer {
    type Context = Context<Self>;
}

impl Handler<Record> for Writer {
    type Result = ();

    fn handle(&mut self, record: Record, ctx: &mut Self::Context) {
        if Times::is_sampled(self.stats.taken.count()) {
            self.stats.times.taken(Some(record.since));
        }
        self.facts += record.facts.len();
        self.gathered.push(record);
        if self.facts >= self.tuning.batch_size {
            ctx.wait(self.commit());
        } else if !mem::replace(&mut self.commit_queued, true) {
            self.queue_commit(ctx);
        }
    }
}

/// From now on outcomes go to the chats by way of another.
#[derive(Message)]
#[rtype(result = "()")]
pub struct SettleBy(pub Recipient<Settled>);

impl Handler<SettleBy> for Writer {
    type Result = ();

    fn handle(&mut self, SettleBy(settled): SettleBy, _: &mut Self::Context) {
        self.settled = Some(settled);
    }
}

impl Handler<Watch> for Writer {
    type Result = ();

    fn handle(&mut self, watch: Watch, _: &mut Self::Context) {
        self.watches.push(watch);
    }
}

/// Makes the actor panic that it is sent to.
#[cfg(test)]
#[derive(Message)]
#[rtype(result = "()")]
pub(crate) struct Provoke;

#[cfg(test)]
impl Handler<Provoke> for Writer {
    type Result = ();

    fn handle(&mut self, _: Provoke, _: &mut Self::Context) {
        panic!("provoked")
    }
}

impl Handler<Commit> for Writer {
    type Result = ();

    fn handle(&mut self, _: Commit, ctx: &mut Self::Context) {
        ctx.wait(self.commit());
    }
}

impl Handler<Flush> for Writer {
    type Result = AtomicResponse<Self, ()>;

    fn handle(&mut self, _: Flush, _: &mut Self::Context) -> Self::Result {
        AtomicResponse::new(Box::pin(self.commit()))
    }
}
