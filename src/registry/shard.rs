//! One shard: it starts its chats, passes commands on to them, and lets them go.
use std::{
    cmp::Reverse,
    mem,
    sync::Arc,
    time::{Duration, Instant},
};

use actix::prelude::*;
use futures_util::future::join_all;

use super::{
    busiest::Rates,
    liveness::Alive,
    messages::{Busiest, CountLive, Outdated, Renamed, Retune, Route, SettleAll},
    stats::Stats,
    tuning::Tuning,
};
use crate::{
    chat::{self, Chat, Command, Idle, Passivate, Reload, Settle, Shared, Stamp},
    domain::{ChatId, IdMap, Refusal},
    presence::Caller,
};

/// A live chat as its shard knows it.
pub(super) struct Live {
    pub(super) chat: Addr<Chat>,
    /// Commands and news routed to it so far.
    pub(super) routed: u64,
    /// `routed` when rates were last taken.
    rated: u64,
    last: Instant,
}

/// The chats of one arbiter.
pub(super) struct Shard {
    shared: Arc<Shared>,
    tuning: Tuning,
    pub(super) live: IdMap<ChatId, Live>,
    /// When the shard last looked for chats to let go.
    swept: Instant,
    /// What makes it look regularly.
    sweeping: Option<SpawnHandle>,
    rates: Rates,
    _alive: Alive,
    stats: Arc<Stats>,
}

impl Shard {
    /// Starts a shard on `arbiter`.
    pub(super) fn open(
        arbiter: &ArbiterHandle,
        shared: Arc<Shared>,
        stats: Arc<Stats>,
        tuning: Tuning,
        alive: Alive,
    ) -> Addr<Self> {
        Self::start_in_arbiter(arbiter, move |ctx| {
            ctx.set_mailbox_capacity(tuning.mailbox_capacity);
            let live = IdMap::default();
            let swept = Instant::now();
            let rates = Rates::default();
            Self { shared, tuning, live, swept, sweeping: None, rates, _alive: alive, stats }
        })
    }

    pub(super) fn find_or_start(&mut self, id: ChatId) -> &mut Live {
        let shared = &self.shared;
        let stats = &self.stats;
        self.live.entry(id).or_insert_with(|| {
            stats.started.count();
            Live { chat: Chat::start(id, shared.clone()), routed: 0, rated: 0, last: Instant::now() }
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
        self.shared.presence.refuse(caller, refusal);
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
            (Some(live), left) => live.chat.do_send(Reload { left }),
            (None, Some(left)) => chat::tell_departure(&self.shared.presence, &left),
            (None, None) => {}
        }
    }
}

impl Handler<Renamed> for Shard {
    type Result = ();

    fn handle(&mut self, Renamed { chat, rename }: Renamed, _: &mut Self::Context) {
        if let Some(live) = self.live.get(&chat) {
            live.chat.do_send(rename);
        }
    }
}

impl Handler<Retune> for Shard {
    type Result = ();

    fn handle(&mut self, Retune(tuning): Retune, ctx: &mut Self::Context) {
        self.shared.retune(tuning.rules, tuning.chat_mailbox_capacity);
        self.stats.chat_capacity.set(tuning.chat_mailbox_capacity as u64);
        self.tuning = tuning;
        self.sweep_regularly(ctx);
    }
}

impl Handler<CountLive> for Shard {
    type Result = usize;

    fn handle(&mut self, _: CountLive, _: &mut Self::Context) -> usize {
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

impl Handler<Busiest> for Shard {
    type Result = MessageResult<Busiest>;

    fn handle(&mut self, _: Busiest, _: &mut Self::Context) -> Self::Result {
        let counts =
            self.live.iter_mut().map(|(chat, live)| (*chat, live.routed - mem::replace(&mut live.rated, live.routed)));
        MessageResult(self.rates.take(counts))
    }
}

#[cfg(test)]
impl Handler<crate::writer::Provoke> for Shard {
    type Result = ();

    fn handle(&mut self, _: crate::writer::Provoke, _: &mut Self::Context) {
        panic!("provoked")
    }
}
