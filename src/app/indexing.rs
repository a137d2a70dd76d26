//! Has the store take messages into the index of words, behind those who say them, for as long as the server runs.
use std::{
    collections::{HashSet, VecDeque},
    future::pending,
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use actix_rt::time::{sleep, timeout};
use backon::{BackoffBuilder, ExponentialBuilder};

use crate::{
    domain::{ChatId, IdHasher},
    store::{Behind, Fault, Store},
};

/// What is said meanwhile goes into the index together.
const GATHER: Duration = Duration::from_millis(700);

/// From one step to the next: what else is to be stored comes in between.
const PAUSE: Duration = Duration::from_millis(5);

/// How often the tables are compared, for what other servers have stored and what was lost with an earlier process.
const COMPARE_EVERY: Duration = Duration::from_secs(10 * 60);

/// How long a stop waits for what was deleted or edited last.
const AT_STOP: Duration = Duration::from_secs(2);

/// How long whoever fills an index waits for a database that fails.
pub(super) const AFTER_FAULTS: ExponentialBuilder = ExponentialBuilder::new()
    .with_min_delay(Duration::from_millis(200))
    .with_max_delay(Duration::from_secs(10))
    .without_max_times()
    .with_jitter();

/// Fills the index. Cheap to clone.
#[derive(Clone)]
pub(super) struct Indexer {
    store: Store,
    is_enabled: bool,
    queue: Arc<Mutex<Queue>>,
    /// Held through a step, so that nobody believes to be done while one is under way.
    step: Arc<tokio::sync::Mutex<()>>,
}

/// The chats that the index is behind in. Bounded: what was stored here names so many at most, and the comparison of tables goes on only
/// when all that it found is done.
#[derive(Default)]
struct Queue {
    chats: VecDeque<ChatId>,
    known: HashSet<ChatId, IdHasher>,
    /// Since when there was always one.
    since: Option<Instant>,
}

impl Queue {
    fn add(&mut self, chat: ChatId) {
        if self.known.insert(chat) {
            self.chats.push_back(chat);
        }
        self.since.get_or_insert_with(Instant::now);
    }

    /// What was stored just now comes before what has waited for long already: something that was deleted may be in it.
    fn add_first(&mut self, chat: ChatId) {
        if self.known.insert(chat) {
            self.chats.push_front(chat);
        }
        self.since.get_or_insert_with(Instant::now);
    }

    fn take(&mut self) -> Option<ChatId> {
        let chat = self.chats.pop_front()?;
        self.known.remove(&chat);
        Some(chat)
    }
}

impl Indexer {
    pub(super) fn new(store: Store, is_enabled: bool) -> Self {
        // Until the tables are compared nobody knows that nothing is missing.
        let queue = Queue { since: is_enabled.then(Instant::now), ..Queue::default() };
        Self { store, is_enabled, queue: Arc::new(Mutex::new(queue)), step: Arc::default() }
    }

    /// Works until the server stops. The database may fail meanwhile.
    pub(super) async fn run(self) {
        if !self.is_enabled {
            self.remove_all().await;
            return pending().await;
        }
        let mut comparison = Some(None);
        let mut compared = Instant::now();
        let mut pauses = AFTER_FAULTS.build();
        loop {
            match self.turn(&mut comparison).await {
                Ok(true) => {
                    pauses = AFTER_FAULTS.build();
                    sleep(PAUSE).await;
                }
                Ok(false) => {
                    pauses = AFTER_FAULTS.build();
                    // Either way there is something to do.
                    let _ = timeout(COMPARE_EVERY.saturating_sub(compared.elapsed()), self.store.until_fresh()).await;
                    if compared.elapsed() >= COMPARE_EVERY {
                        comparison = Some(None);
                        compared = Instant::now();
                    }
                    sleep(GATHER).await;
                }
                Err(fault) => {
                    log::error!("the index of messages does not get on: {fault}");
                    sleep(pauses.next().unwrap_or(GATHER)).await;
                }
            }
        }
    }

    /// One step in one chat, or one piece of the comparison. Says whether there was something to do.
    async fn turn(&self, comparison: &mut Option<Option<ChatId>>) -> Result<bool, Fault> {
        if self.gather() {
            *comparison = Some(None);
        }
        let _step = self.step.lock().await;
        let next = self.queue().take();
        if let Some(chat) = next {
            return self.step(chat).await.map(|()| true);
        }
        let Some(after) = *comparison else {
            self.queue().since = None;
            return Ok(false);
        };
        let Behind { chats, next } = self.store.behind(after).await?;
        if after.is_none() {
            self.forget_gone().await?;
        }
        *comparison = next.map(Some);
        chats.into_iter().for_each(|chat| self.queue().add(chat));
        Ok(true)
    }

    /// Takes over what was stored here. Says whether there is more than that.
    fn gather(&self) -> bool {
        let (chats, are_more) = self.store.take_fresh();
        let mut queue = self.queue();
        chats.into_iter().for_each(|chat| queue.add_first(chat));
        are_more
    }

    async fn step(&self, chat: ChatId) -> Result<(), Fault> {
        match self.store.index(chat).await {
            Ok(indexed) => {
                self.store.stats().indexed.add(indexed.messages);
                if indexed.has_more {
                    self.queue().add(chat);
                }
                Ok(())
            }
            Err(fault) if fault.is_passing() => {
                self.queue().add(chat);
                Err(fault)
            }
            // What cannot be read is made anew.
            Err(fault) => {
                self.store.forget_indexed(chat).await?;
                Err(fault)
            }
        }
    }

    async fn forget_gone(&self) -> Result<(), Fault> {
        let mut after = None;
        loop {
            let Behind { chats, next } = self.store.indexed_without_chat(after).await?;
            for chat in chats {
                self.store.forget_indexed(chat).await?;
            }
            match next {
                Some(next) => after = Some(next),
                None => return Ok(()),
            }
        }
    }

    /// Nothing is kept that nobody keeps right.
    async fn remove_all(&self) {
        let mut pauses = AFTER_FAULTS.build();
        loop {
            let step = self.step.lock().await;
            let removed = self.store.forget_index().await;
            drop(step);
            match removed {
                Ok(false) => return,
                Ok(true) => sleep(PAUSE).await,
                Err(fault) => {
                    log::error!("the index of messages is not removed: {fault}");
                    sleep(pauses.next().unwrap_or(GATHER)).await;
                }
            }
        }
    }

    /// One more step in every chat that it is known of, the latest first, if there is time: what was deleted last is then gone from the files.
    pub(super) async fn finish(&self) {
        // Never given back: what a step has of the database must not outlive what the database runs on.
        match timeout(AT_STOP, self.step.clone().lock_owned()).await {
            Ok(last) => mem::forget(last),
            Err(_) => return log::warn!("the index of messages is at a step that does not end"),
        }
        if !self.is_enabled {
            return;
        }
        let all = async {
            self.gather();
            let mut chats = Vec::new();
            while let Some(chat) = self.queue().take() {
                chats.push(chat);
            }
            for chat in chats {
                if let Err(fault) = self.step(chat).await {
                    log::error!("the index of messages does not get on: {fault}");
                    return;
                }
            }
        };
        if timeout(AT_STOP, all).await.is_err() {
            log::info!("the index of messages goes on at the next start");
        }
    }

    /// How many chats wait, and for how long there was always one.
    pub(super) fn behind(&self) -> (usize, Duration) {
        let queue = self.queue();
        (queue.chats.len(), queue.since.map_or(Duration::ZERO, |since| since.elapsed()))
    }

    /// Nothing that runs under the lock can leave it half done.
    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
