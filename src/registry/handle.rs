//! The way to the chats, for all who have something for them.
use std::sync::{Arc, OnceLock};

use actix::prelude::*;
use futures_util::future::join_all;

use super::{
    busiest::{Busy, most},
    liveness::{Alive, Liveness},
    messages::{Busiest, CountLive, Outdated, Renamed, Retune, Route, SettleAll},
    shard::Shard,
    stats::Stats,
    tuning::Tuning,
};
use crate::{
    chat::{self, Abreast, Command, Nodes, Rename, Shared},
    domain::{ChatId, FileId, Name, Refusal, UserId},
    measure::Times,
    presence::{Caller, Presence},
    store::{LeftGroup, Store},
    writer::Writer,
};

/// The way to every chat. Cheap to clone: all clones share one handle per shard.
#[derive(Clone)]
pub struct Registry {
    shards: Arc<[ShardHandle]>,
    liveness: Liveness,
    tuning: Tuning,
    /// Who knows what was heard of other nodes, if there are any.
    abreast: Arc<OnceLock<Recipient<Abreast>>>,
}

/// The way to one shard, which may not have been opened yet.
pub(super) struct ShardHandle {
    address: OnceLock<Addr<Shard>>,
    shared: Arc<Shared>,
    stats: Arc<Stats>,
}

impl ShardHandle {
    fn refuse(&self, caller: &Caller, refusal: &Refusal) {
        self.stats.refused[refusal.code as usize].count();
        self.shared.presence.refuse(caller, refusal);
    }

    pub(super) fn send<M>(&self, message: M)
    where
        M: Message<Result = ()> + Send + 'static,
        Shard: Handler<M>,
    {
        if let Some(address) = self.address.get() {
            address.do_send(message);
        }
    }
}

impl Registry {
    /// A registry of `shards` shards, at least one. Its chats can be reached as each shard is opened.
    pub fn new(shards: usize, store: &Store, presence: &Presence, writer: &Addr<Writer>, tuning: Tuning) -> Self {
        let times = Times::default();
        let chat_times = Times::default();
        let capacity = tuning.chat_mailbox_capacity;
        let shard = |_| {
            let chats = Arc::new(chat::Stats { times: chat_times.clone(), ..Default::default() });
            let stats = Arc::new(Stats { times: times.clone(), chats: chats.clone(), ..Default::default() });
            let writer = writer.clone().recipient();
            let shared = Shared::new(store.clone(), presence.clone(), writer, tuning.rules, capacity, chats);
            stats.chat_capacity.set(capacity as u64);
            ShardHandle { address: OnceLock::new(), shared: Arc::new(shared), stats }
        };
        let shards = (0..shards).map(shard);
        Self {
            tuning: tuning.share_of(shards.len()),
            shards: shards.collect(),
            liveness: Liveness::default(),
            abreast: Arc::default(),
        }
    }

    /// Opens the next shard on `arbiter`: it and its chats share that thread with whatever else runs there.
    pub fn open_shard(&self, arbiter: &ArbiterHandle) {
        let open = |shard: &ShardHandle| {
            let alive = Alive::of(&self.liveness);
            Shard::open(arbiter, shard.shared.clone(), shard.stats.clone(), self.tuning, alive)
        };
        // Workers may open their shards at the same moment: the one that another has opened is not opened twice.
        let is_opened_now = |shard: &&ShardHandle| {
            let mut is_new = false;
            let address = shard.address.get_or_init(|| {
                is_new = true;
                open(shard)
            });
            if let Some(abreast) = self.abreast.get().filter(|_| is_new) {
                let behind = address.clone().recipient();
                shard.shared.join(Nodes { abreast: abreast.clone(), behind });
            }
            is_new
        };
        self.shards.iter().find(is_opened_now);
    }

    /// Has chats go by other rules, and those that start from now on by other bounds. The shards' own mailboxes stay as
    /// they are. Passes a full mailbox by.
    pub fn retune(&self, tuning: Tuning) {
        let share = tuning.share_of(self.shards.len());
        self.shards.iter().for_each(|shard| shard.send(Retune(share)));
    }

    /// Sends a command to a chat, wherever it is. A full mailbox refuses the caller as busy.
    pub fn route(&self, chat: ChatId, command: Command) {
        let shard = self.shard_of(chat);
        let Some(address) = shard.address.get() else {
            return shard.refuse(&command.caller, &Refusal::unavailable());
        };
        let sent = Times::sample(shard.stats.sent.count());
        match address.try_send(Route { chat, command, sent }) {
            Ok(()) => {}
            Err(SendError::Full(Route { command, .. })) => shard.refuse(&command.caller, &Refusal::busy()),
            Err(SendError::Closed(Route { command, .. })) => shard.refuse(&command.caller, &Refusal::unavailable()),
        }
    }
}

impl Registry {
    /// The database was changed past a chat, which looks at it again. This is rare and must not be lost, so it passes a
    /// full mailbox by.
    pub fn reload(&self, chat: ChatId) {
        self.shard_of(chat).send(Outdated { chat, left: None });
    }

    /// The same for a group that somebody left whose account ended: those who remain hear of it.
    pub fn tell_departure(&self, left: LeftGroup) {
        self.shard_of(left.chat).send(Outdated { chat: left.chat, left: Some(left) });
    }

    /// A member of a chat is called otherwise. It passes a full mailbox by, as what must not be lost does.
    pub fn rename(&self, chat: ChatId, user: UserId, name: &Name, avatar: Option<FileId>) {
        self.shard_of(chat).send(Renamed { chat, rename: Rename { user, name: name.clone(), avatar } });
    }

    /// From now on there are other nodes. Shards that are open already are not told.
    pub fn join_nodes(&self, abreast: Recipient<Abreast>) {
        // It is said once.
        let _ = self.abreast.set(abreast);
    }

    pub(super) fn shards(&self) -> &[ShardHandle] {
        &self.shards
    }

    pub(super) fn place_of(&self, chat: ChatId) -> usize {
        // The lower half of an id is random.
        chat.0.as_u64_pair().1 as usize % self.shards.len()
    }

    pub(super) fn shard_of(&self, chat: ChatId) -> &ShardHandle {
        &self.shards[self.place_of(chat)]
    }

    pub(super) fn open(&self) -> impl Iterator<Item = &Addr<Shard>> {
        self.shards.iter().filter_map(|shard| shard.address.get())
    }

    /// How many chats live in this process.
    pub async fn live(&self) -> usize {
        let counts = join_all(self.open().map(|shard| shard.send(CountLive))).await;
        counts.into_iter().filter_map(Result::ok).sum()
    }

    /// What each shard counts.
    pub fn stats(&self) -> impl Iterator<Item = &Stats> {
        self.shards.iter().map(|shard| &*shard.stats)
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
        self.liveness.is_whole()
    }

    /// Waits until a shard is gone that was opened or is opened meanwhile.
    pub async fn until_one_is_gone(&self) {
        self.liveness.until_one_is_gone().await;
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
        self.shards[0].send(crate::writer::Provoke);
    }
}
