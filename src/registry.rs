//! Finds, starts and lets go of chat actors. Sharded by chat id, one shard per arbiter: a shard and its chats share a thread.
//! Nothing outside this file may assume that a chat is in this process.
use std::{
    cmp::Reverse,
    collections::HashMap,
    hash::{BuildHasher, BuildHasherDefault, DefaultHasher},
    sync::{Arc, OnceLock},
    time::{Duration, Instant},
};

use actix::{dev::ToEnvelope, prelude::*};
use futures_util::future::join_all;

use crate::{
    chat::{Chat, Command, Home, Idle, Passivate, Reread, Settle},
    domain::{ChatId, Refusal, Rules},
    presence::Presence,
    store::Store,
    writer::Writer,
};

/// How many chats live, and for how long without a command.
#[derive(Debug, Clone, Copy)]
pub struct Tuning {
    /// Commands that may wait for one shard; more are refused as busy.
    pub mailbox_capacity: usize,
    /// Commands that may wait for one chat; more are refused as busy.
    pub chat_mailbox_capacity: usize,
    /// A chat that got no command for so long is let go.
    pub idle_timeout: Duration,
    /// With more live chats than this on all shards together, the longest idle are let go early.
    pub max_live: usize,
    /// What the operator allows chats to do.
    pub rules: Rules,
}

impl Tuning {
    /// What one of so many shards goes by.
    fn share_of(self, shards: usize) -> Self {
        Self { max_live: self.max_live.div_ceil(shards), ..self }
    }
}

/// The way to every chat. Cheap to clone: all clones share one handle per shard.
#[derive(Clone)]
pub struct Registry {
    shards: Arc<[OnceLock<Addr<Shard>>]>,
    home: Arc<Home>,
    tuning: Tuning,
}

impl Registry {
    /// A registry of `shards` shards, at least one. Its chats can be reached as each shard is opened.
    pub fn new(shards: usize, store: &Store, presence: &Presence, writer: &Addr<Writer>, tuning: Tuning) -> Self {
        let (rules, mailbox_capacity) = (tuning.rules, tuning.chat_mailbox_capacity);
        let writer = writer.clone().recipient();
        let home = Arc::new(Home::new(store.clone(), presence.clone(), writer, rules, mailbox_capacity));
        let tuning = tuning.share_of(shards);
        Self { shards: (0..shards).map(|_| OnceLock::new()).collect(), home, tuning }
    }

    /// Opens the next shard on `arbiter`: it and its chats share that thread with whatever else runs there.
    pub fn open_shard(&self, arbiter: &ArbiterHandle) {
        let (home, tuning) = (self.home.clone(), self.tuning);
        let shard = Shard::start_in_arbiter(arbiter, move |ctx| {
            ctx.set_mailbox_capacity(tuning.mailbox_capacity);
            Shard { home, tuning, live: HashMap::new(), swept: Instant::now(), sweeping: None }
        });
        // What finds no free place is not reachable, and ends.
        let _ = self.shards.iter().try_fold(shard, |shard, place| place.set(shard).map_or_else(Ok, |()| Err(())));
    }

    /// Has chats go by other rules, and those that start from now on by other bounds. The shards' own mailboxes stay as
    /// they are. Passes a full mailbox by.
    pub fn retune(&self, tuning: Tuning) {
        let share = tuning.share_of(self.shards.len());
        self.open().for_each(|shard| shard.do_send(Retune(share)));
    }

    /// Sends a command to a chat, wherever it is. A full mailbox refuses the caller as busy.
    pub fn route<C>(&self, chat: ChatId, command: C)
    where
        C: Command,
        Chat: Handler<C>,
        Context<Chat>: ToEnvelope<Chat, C>,
    {
        let Some(shard) = self.shard(chat) else { return command.caller().refuse(&Refusal::unavailable()) };
        match shard.try_send(Route { chat, command }) {
            Ok(()) => {}
            Err(SendError::Full(Route { command, .. })) => command.caller().refuse(&Refusal::busy()),
            Err(SendError::Closed(Route { command, .. })) => command.caller().refuse(&Refusal::unavailable()),
        }
    }
}

impl Registry {
    /// The database was changed past a chat, which looks at it again. This is rare and must not be lost, so it passes a
    /// full mailbox by.
    pub fn reread(&self, chat: ChatId) {
        if let Some(shard) = self.shard(chat) {
            shard.do_send(Outdated(chat));
        }
    }

    fn shard(&self, chat: ChatId) -> Option<&Addr<Shard>> {
        let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one(chat);
        self.shards[hash as usize % self.shards.len()].get()
    }

    fn open(&self) -> impl Iterator<Item = &Addr<Shard>> {
        self.shards.iter().filter_map(OnceLock::get)
    }

    /// How many chats live in this process.
    pub async fn live(&self) -> usize {
        let counts = join_all(self.open().map(|shard| shard.send(Census))).await;
        counts.into_iter().filter_map(Result::ok).sum()
    }
}

impl Registry {
    /// Waits until everything that chats here were told to do so far is stored and answered, or refused.
    pub async fn settled(&self) {
        join_all(self.open().map(|shard| shard.send(SettleAll))).await;
    }
}

/// Answered once all chats of a shard have settled what they were told before.
#[derive(Message)]
#[rtype(result = "()")]
struct SettleAll;

/// The chat with this id must look at the database again, if it lives.
#[derive(Message)]
#[rtype(result = "()")]
struct Outdated(ChatId);

/// A shard goes by this from now on.
#[derive(Message)]
#[rtype(result = "()")]
struct Retune(Tuning);

/// How many chats live on a shard.
#[derive(Message)]
#[rtype(result = "usize")]
struct Census;

/// `command` for the chat with this id.
#[derive(Message)]
#[rtype(result = "()")]
struct Route<C: Send + 'static> {
    chat: ChatId,
    command: C,
}

/// A live chat as its shard knows it.
struct Live {
    chat: Addr<Chat>,
    /// Commands routed to it so far.
    routed: u64,
    last: Instant,
}

/// The chats of one arbiter.
struct Shard {
    home: Arc<Home>,
    tuning: Tuning,
    live: HashMap<ChatId, Live>,
    /// When the shard last looked for chats to let go.
    swept: Instant,
    /// What makes it look regularly.
    sweeping: Option<SpawnHandle>,
}

impl Shard {
    fn find_or_start(&mut self, id: ChatId) -> &mut Live {
        let home = &self.home;
        self.live.entry(id).or_insert_with(|| Live {
            chat: Chat::start(id, home.clone()),
            routed: 0,
            last: Instant::now(),
        })
    }

    /// Asks chats that may be let go whether they are idle: those without a command for long, and the longest idle beyond `max_live`.
    fn sweep(&mut self, ctx: &mut Context<Self>) {
        self.swept = Instant::now();
        let mut ages: Vec<_> = self.live.iter().map(|(id, live)| (live.last.elapsed(), *id)).collect();
        ages.sort_unstable_by_key(|(age, _)| Reverse(*age));
        let excess = ages.len().saturating_sub(self.tuning.max_live);
        for (at, (age, id)) in ages.into_iter().enumerate() {
            if at >= excess && age < self.tuning.idle_timeout {
                break;
            }
            let live = &self.live[&id];
            live.chat.do_send(Passivate { routed: live.routed, registry: ctx.address().recipient() });
        }
    }

    fn sweep_regularly(&mut self, ctx: &mut Context<Self>) {
        if let Some(sweeping) = self.sweeping.take() {
            ctx.cancel_future(sweeping);
        }
        self.sweeping = Some(ctx.run_interval(self.pause(), Self::sweep));
    }

    /// At most so often is looked for chats to let go.
    fn pause(&self) -> Duration {
        (self.tuning.idle_timeout / 4).clamp(Duration::from_millis(50), Duration::from_secs(30))
    }
}

impl Actor for Shard {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        self.sweep_regularly(ctx);
    }
}

impl<C> Handler<Route<C>> for Shard
where
    C: Command,
    Chat: Handler<C>,
    Context<Chat>: ToEnvelope<Chat, C>,
{
    type Result = ();

    fn handle(&mut self, Route { chat, command }: Route<C>, ctx: &mut Self::Context) {
        let live = self.find_or_start(chat);
        live.routed += 1;
        live.last = Instant::now();
        match live.chat.try_send(command) {
            Ok(()) => {}
            Err(SendError::Full(command)) => command.caller().refuse(&Refusal::busy()),
            Err(SendError::Closed(command)) => {
                self.live.remove(&chat);
                command.caller().refuse(&Refusal::unavailable());
            }
        }
        if self.live.len() > self.tuning.max_live && self.swept.elapsed() > self.pause().min(Duration::from_secs(1)) {
            self.sweep(ctx);
        }
    }
}

impl Handler<SettleAll> for Shard {
    type Result = ResponseFuture<()>;

    fn handle(&mut self, _: SettleAll, _: &mut Self::Context) -> Self::Result {
        let chats: Vec<_> = self.live.values().map(|live| live.chat.send(Settle)).collect();
        Box::pin(async move { drop(join_all(chats).await) })
    }
}

impl Handler<Outdated> for Shard {
    type Result = ();

    fn handle(&mut self, Outdated(chat): Outdated, _: &mut Self::Context) {
        if let Some(live) = self.live.get(&chat) {
            live.chat.do_send(Reread);
        }
    }
}

impl Handler<Retune> for Shard {
    type Result = ();

    fn handle(&mut self, Retune(tuning): Retune, ctx: &mut Self::Context) {
        self.home.retune(tuning.rules, tuning.chat_mailbox_capacity);
        self.tuning = tuning;
        self.sweep_regularly(ctx);
    }
}

impl Handler<Census> for Shard {
    type Result = usize;

    fn handle(&mut self, _: Census, _: &mut Self::Context) -> usize {
        self.live.len()
    }
}

impl Handler<Idle> for Shard {
    type Result = ();

    /// Dropping the address lets the chat go; a command routed since the question keeps it.
    fn handle(&mut self, idle: Idle, _: &mut Self::Context) {
        if self.live.get(&idle.chat).is_some_and(|live| live.routed == idle.routed) {
            self.live.remove(&idle.chat);
        }
    }
}
