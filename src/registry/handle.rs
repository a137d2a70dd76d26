//! The way to the chats, for all who have something for them.
use std::sync::{Arc, OnceLock};

use actix::prelude::*;
use futures_util::future::join_all;

use super::{
    busiest::{Busy, most},
    messages::{Busiest, Census, Outdated, Retune, Route, SettleAll},
    shard::Shard,
    stats::Stats,
    tuning::Tuning,
    watch::{Gone, Life},
};
use crate::{
    chat::{self, Command, Shared},
    domain::{ChatId, Refusal},
    measure::Times,
    presence::{Caller, Presence},
    store::{LeftGroup, Store},
    writer::Writer,
};

/// The way to every chat. Cheap to clone: all clones share one handle per shard.
#[derive(Clone)]
pub struct Registry {
    ways: Arc<[Way]>,
    gone: Gone,
    tuning: Tuning,
}

/// The way to one shard, which may not have been opened yet.
struct Way {
    shard: OnceLock<Addr<Shard>>,
    shared: Arc<Shared>,
    stats: Arc<Stats>,
}

impl Way {
    fn refuse(&self, caller: &Caller, refusal: &Refusal) {
        self.stats.refused[refusal.code as usize].count();
        self.shared.presence.refuse(caller, refusal);
    }

    fn send<M>(&self, message: M)
    where
        M: Message<Result = ()> + Send + 'static,
        Shard: Handler<M>,
    {
        if let Some(shard) = self.shard.get() {
            shard.do_send(message);
        }
    }
}

impl Registry {
    /// A registry of `shards` shards, at least one. Its chats can be reached as each shard is opened.
    pub fn new(shards: usize, store: &Store, presence: &Presence, writer: &Addr<Writer>, tuning: Tuning) -> Self {
        let (times, chat_times) = (Times::default(), Times::default());
        let (rules, mailbox_capacity) = (tuning.rules, tuning.chat_mailbox_capacity);
        let way = |_| {
            let chats = Arc::new(chat::Stats { times: chat_times.clone(), ..Default::default() });
            let stats = Arc::new(Stats { times: times.clone(), chats: chats.clone(), ..Default::default() });
            let writer = writer.clone().recipient();
            let shared = Shared::new(store.clone(), presence.clone(), writer, rules, mailbox_capacity, chats);
            stats.chat_capacity.set(mailbox_capacity as u64);
            Way { shard: OnceLock::new(), shared: Arc::new(shared), stats }
        };
        Self { ways: (0..shards).map(way).collect(), gone: Gone::default(), tuning: tuning.share_of(shards) }
    }

    /// Opens the next shard on `arbiter`: it and its chats share that thread with whatever else runs there.
    pub fn open_shard(&self, arbiter: &ArbiterHandle) {
        let open =
            |way: &Way| Shard::open(arbiter, way.shared.clone(), way.stats.clone(), self.tuning, Life::of(&self.gone));
        // Workers may open their shards at the same moment: the place that another has taken is not taken twice.
        let place = |way: &&Way| {
            let mut placed = false;
            way.shard.get_or_init(|| {
                placed = true;
                open(way)
            });
            placed
        };
        self.ways.iter().find(place);
    }

    /// Has chats go by other rules, and those that start from now on by other bounds. The shards' own mailboxes stay as
    /// they are. Passes a full mailbox by.
    pub fn retune(&self, tuning: Tuning) {
        let share = tuning.share_of(self.ways.len());
        self.ways.iter().for_each(|way| way.send(Retune(share)));
    }

    /// Sends a command to a chat, wherever it is. A full mailbox refuses the caller as busy.
    pub fn route(&self, chat: ChatId, command: Command) {
        let way = self.way(chat);
        let Some(shard) = way.shard.get() else {
            return way.refuse(&command.caller, &Refusal::unavailable());
        };
        let sent = Times::sample(way.stats.sent.count());
        match shard.try_send(Route { chat, command, sent }) {
            Ok(()) => {}
            Err(SendError::Full(Route { command, .. })) => way.refuse(&command.caller, &Refusal::busy()),
            Err(SendError::Closed(Route { command, .. })) => way.refuse(&command.caller, &Refusal::unavailable()),
        }
    }
}

impl Registry {
    /// The database was changed past a chat, which looks at it again. This is rare and must not be lost, so it passes a
    /// full mailbox by.
    pub fn reload(&self, chat: ChatId) {
        self.way(chat).send(Outdated { chat, left: None });
    }

    /// The same for a group that somebody left whose account ended: those who remain hear of it.
    pub fn tell_departure(&self, left: LeftGroup) {
        self.way(left.chat).send(Outdated { chat: left.chat, left: Some(left) });
    }

    fn way(&self, chat: ChatId) -> &Way {
        // The lower half of an id is random.
        &self.ways[chat.0.as_u64_pair().1 as usize % self.ways.len()]
    }

    fn open(&self) -> impl Iterator<Item = &Addr<Shard>> {
        self.ways.iter().filter_map(|way| way.shard.get())
    }

    /// How many chats live in this process.
    pub async fn live(&self) -> usize {
        let counts = join_all(self.open().map(|shard| shard.send(Census))).await;
        counts.into_iter().filter_map(Result::ok).sum()
    }

    /// What each shard counts.
    pub fn stats(&self) -> impl Iterator<Item = &Stats> {
        self.ways.iter().map(|way| &*way.stats)
    }
}

impl Registry {
    /// The busiest chats in this process, the busiest first. Costs each shard a look at all its chats.
    pub async fn busiest(&self) -> Vec<Busy> {
        let found = join_all(self.open().map(|shard| shard.send(Busiest))).await;
        most(found.into_iter().filter_map(Result::ok).flatten().collect())
    }

    /// Whether no shard that was opened is gone.
    pub fn is_whole(&self) -> bool {
        self.gone.is_whole()
    }

    /// Waits until a shard is gone that was opened or is opened meanwhile.
    pub async fn until_one_is_gone(&self) {
        self.gone.until_one_is_gone().await;
    }

    /// Waits until everything that chats here were told to do so far is stored and answered, or refused.
    pub async fn settled(&self) {
        join_all(self.open().map(|shard| shard.send(SettleAll))).await;
    }
}

#[cfg(test)]
impl Registry {
    /// Makes the first shard panic.
    pub(crate) fn provoke(&self) {
        self.ways[0].send(crate::writer::Provoke);
    }
}
