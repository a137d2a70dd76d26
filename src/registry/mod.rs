//! Finds, starts and lets go of chat actors. Sharded by chat id, one shard per arbiter: a shard and its chats share a thread.
//! Nothing outside this room may assume that a chat is in this process.
mod busiest;
mod stats;
mod watch;

use std::{
    cmp::Reverse,
    sync::{Arc, OnceLock},
    time::{Duration, Instant},
};

use actix::prelude::*;
use futures_util::future::join_all;

use crate::{
    chat::{self, Chat, Command, Home, Idle, Passivate, Reread, Settle, Stamp},
    domain::{ChatId, IdMap, Refusal, Rules},
    measure::Times,
    presence::{Caller, Presence},
    store::{LeftGroup, Store},
    writer::Writer,
};
use busiest::Rates;
use watch::{Gone, Life};

pub use busiest::Busy;
pub use stats::Stats;

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
    ways: Arc<[Way]>,
    gone: Gone,
    tuning: Tuning,
}

/// The way to one shard, which may not have been opened yet.
struct Way {
    shard: OnceLock<Addr<Shard>>,
    home: Arc<Home>,
    stats: Arc<Stats>,
}

impl Way {
    fn refuse(&self, caller: &Caller, refusal: &Refusal) {
        self.stats.refused[refusal.code as usize].count();
        self.home.presence.refuse(caller, refusal);
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
            let home = Home::new(store.clone(), presence.clone(), writer, rules, mailbox_capacity, chats);
            stats.chat_capacity.set(mailbox_capacity as u64);
            Way { shard: OnceLock::new(), home: Arc::new(home), stats }
        };
        Self { ways: (0..shards).map(way).collect(), gone: Gone::default(), tuning: tuning.share_of(shards) }
    }

    /// Opens the next shard on `arbiter`: it and its chats share that thread with whatever else runs there.
    pub fn open_shard(&self, arbiter: &ArbiterHandle) {
        let open = |way: &Way| {
            let (home, stats, tuning) = (way.home.clone(), way.stats.clone(), self.tuning);
            let life = Life(self.gone.clone());
            Shard::start_in_arbiter(arbiter, move |ctx| {
                ctx.set_mailbox_capacity(tuning.mailbox_capacity);
                let (live, swept, rates) = (IdMap::default(), Instant::now(), Rates::default());
                Shard { home, tuning, live, swept, sweeping: None, rates, _life: life, stats }
            })
        };
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
    pub fn reread(&self, chat: ChatId) {
        self.way(chat).send(Outdated { chat, left: None });
    }

    /// The same for a group that somebody left whose account ended: those who remain hear of it.
    pub fn part(&self, left: LeftGroup) {
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
    /// Waits until everything that chats here were told to do so far is stored and answered, or refused.
    pub async fn settled(&self) {
        join_all(self.open().map(|shard| shard.send(SettleAll))).await;
    }
}

/// Answered once all chats of a shard have settled what they were told before.
#[derive(Message)]
#[rtype(result = "()")]
struct SettleAll;

/// The chat with this id must look at the database again, if it lives, and tell who left.
#[derive(Message)]
#[rtype(result = "()")]
struct Outdated {
    chat: ChatId,
    left: Option<LeftGroup>,
}

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
struct Route {
    chat: ChatId,
    command: Command,
    /// When it was sent, if it is timed.
    sent: Option<Instant>,
}

/// A live chat as its shard knows it.
struct Live {
    chat: Addr<Chat>,
    /// Commands routed to it so far.
    routed: u64,
    /// `routed` when rates were last taken.
    rated: u64,
    last: Instant,
}

/// The chats of one arbiter.
struct Shard {
    home: Arc<Home>,
    tuning: Tuning,
    live: IdMap<ChatId, Live>,
    /// When the shard last looked for chats to let go.
    swept: Instant,
    /// What makes it look regularly.
    sweeping: Option<SpawnHandle>,
    rates: Rates,
    _life: Life,
    stats: Arc<Stats>,
}

impl Shard {
    fn find_or_start(&mut self, id: ChatId) -> &mut Live {
        let (home, stats) = (&self.home, &self.stats);
        self.live.entry(id).or_insert_with(|| {
            stats.started.count();
            Live { chat: Chat::start(id, home.clone()), routed: 0, rated: 0, last: Instant::now() }
        })
    }

    /// Passes a command on. If it is timed, a stamp follows it.
    fn pass(&mut self, id: ChatId, command: Command, timed: Option<Instant>) {
        let live = self.find_or_start(id);
        live.routed += 1;
        live.last = Instant::now();
        match live.chat.try_send(command) {
            Ok(()) => {
                stamp(&live.chat, timed);
                self.stats.passed.count();
            }
            Err(SendError::Full(command)) => self.refuse(&command.caller, &Refusal::busy()),
            Err(SendError::Closed(command)) => {
                self.live.remove(&id);
                self.stats.lost.count();
                self.refuse(&command.caller, &Refusal::unavailable());
            }
        }
    }

    /// In a chat's place.
    fn refuse(&self, caller: &Caller, refusal: &Refusal) {
        self.stats.chats.refused[refusal.code as usize].count();
        self.home.presence.refuse(caller, refusal);
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

/// Sends a stamp after a command that is timed.
fn stamp(chat: &Addr<Chat>, timed: Option<Instant>) {
    if let Some(sent) = timed {
        chat.do_send(Stamp(sent));
    }
}

impl Actor for Shard {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        self.sweep_regularly(ctx);
    }
}

impl Handler<Route> for Shard {
    type Result = ();

    fn handle(&mut self, Route { chat, command, sent }: Route, ctx: &mut Self::Context) {
        self.stats.taken.count();
        let begun = self.stats.times.taken(sent);
        self.pass(chat, command, begun);
        if self.live.len() > self.tuning.max_live && self.swept.elapsed() > self.pause().min(Duration::from_secs(1)) {
            self.sweep(ctx);
        }
        self.stats.times.done(begun);
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

    fn handle(&mut self, Outdated { chat, left }: Outdated, _: &mut Self::Context) {
        match (self.live.get(&chat), left) {
            (Some(live), left) => live.chat.do_send(Reread { left }),
            (None, Some(left)) => chat::tell_left(&self.home.presence, &left),
            (None, None) => {}
        }
    }
}

impl Handler<Retune> for Shard {
    type Result = ();

    fn handle(&mut self, Retune(tuning): Retune, ctx: &mut Self::Context) {
        self.home.retune(tuning.rules, tuning.chat_mailbox_capacity);
        self.stats.chat_capacity.set(tuning.chat_mailbox_capacity as u64);
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
        let Some(live) = self.live.get(&idle.chat).filter(|live| live.routed == idle.routed) else { return };
        let early = live.last.elapsed() < self.tuning.idle_timeout;
        if early {
            self.stats.evicted.count()
        } else {
            self.stats.idle.count()
        };
        self.live.remove(&idle.chat);
    }
}
