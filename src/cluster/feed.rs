//! The actor that hears what other nodes did, and puts what this node did into one order with it.
use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
    time::{Duration, Instant},
};

use actix::prelude::*;
use futures_util::stream;
use log::Level;
use tokio::sync::{
    mpsc::UnboundedReceiver,
    oneshot,
    watch::{self, Receiver, Sender},
};

use super::{
    bus::Bus,
    deeds::Deeds,
    order::Order,
    soft::{self, Far},
    stats::Stats,
    watched::Watched,
};
use crate::{
    domain::{Batch, ChatNews, News, NodeId},
    measure::tell,
    presence::Presence,
    registry::Registry,
    store::{Fault, Line, Look, Neighbour, Own, Store, in_time},
    writer::Settled,
};

/// Whoever waits for others to be heard waits no longer than this: what is known by then decides.
const ABREAST_WITHIN: Duration = Duration::from_secs(2);

/// How a node hears.
#[derive(Debug, Clone, Copy)]
pub struct Tuning {
    /// From one look to the next, if nobody gives a hint.
    pub poll: Duration,
    /// How long what was told is kept for others.
    pub keep: Duration,
}

/// Hears, and tells.
pub struct Feed {
    pub(super) store: Store,
    pub(super) line: Arc<Line>,
    pub(super) registry: Registry,
    pub(super) presence: Presence,
    deeds: Deeds,
    pub(super) bus: Option<Bus>,
    tuning: Tuning,
    pub(super) order: Order,
    pub(super) watched: Watched,
    pub(super) far: Far,
    pub(super) nodes: Vec<Neighbour>,
    /// Outcomes of this node's batches, until those have their turn.
    pub(super) settled: HashMap<i64, Settled>,
    /// Batches of this node whose outcomes the chats wait for.
    awaited: HashMap<i64, bool>,
    /// Outcomes that belong to no batch: each after the batch before it.
    pub(super) trailing: VecDeque<(i64, Settled)>,
    pub(super) last_settled: i64,
    /// Those who wait until all is heard.
    pub(super) abreast: Vec<Asked>,
    /// When the look began that is under way.
    looking: Option<Instant>,
    /// Whether another is wanted when it is done.
    look_again: bool,
    pub(super) looked: Instant,
    /// When a look succeeded last.
    pub(super) seen: Instant,
    /// Told whoever wants to know when this was.
    seen_at: Sender<Instant>,
    fatal: Sender<Option<String>>,
    stats: Arc<Stats>,
}

/// What a feed is made of.
pub(super) struct Parts {
    pub store: Store,
    pub line: Arc<Line>,
    pub own: UnboundedReceiver<Own>,
    pub registry: Registry,
    pub presence: Presence,
    pub tuning: Tuning,
    pub history: Vec<(NodeId, i64)>,
    pub stats: Arc<Stats>,
}

/// Somebody who waits until all is heard that was stored before the question.
pub(super) struct Asked {
    pub at: Instant,
    /// What that is, once somebody has looked.
    pub upto: Option<Vec<(NodeId, i64)>>,
    pub _answer: oneshot::Sender<()>,
}

/// What of it others may know at any time.
#[derive(Clone)]
pub(super) struct Signs {
    /// When a look succeeded last.
    pub seen: Receiver<Instant>,
    /// Why this node cannot go on.
    pub fatal: Receiver<Option<String>>,
}

impl Feed {
    /// Starts it on an arbiter. What is told up to `history` was told before this node was there.
    pub(super) fn start(arbiter: &ArbiterHandle, parts: Parts) -> (Addr<Self>, Signs) {
        let Parts { store, line, own, registry, presence, tuning, history, stats } = parts;
        let (seen_at, seen) = watch::channel(Instant::now());
        let (fatal, told_fatal) = watch::channel(None);
        let feed = Self::start_in_arbiter(arbiter, move |ctx| {
            ctx.add_stream(stream::unfold(own, async |mut own| own.recv().await.map(|batch| (batch, own))));
            let mut order = Order::default();
            order.begin(line.me, 0);
            for (node, number) in history {
                order.begin(node, number);
                line.hear(node, number);
            }
            let now = Instant::now();
            Self {
                deeds: Deeds { store: store.clone(), presence: presence.clone(), registry: registry.clone() },
                store,
                line,
                registry,
                presence,
                bus: None,
                tuning,
                order,
                watched: Watched::default(),
                far: Far::default(),
                nodes: Vec::new(),
                settled: HashMap::new(),
                awaited: HashMap::new(),
                trailing: VecDeque::new(),
                last_settled: 0,
                abreast: Vec::new(),
                looking: None,
                look_again: false,
                looked: now,
                seen: now,
                seen_at,
                fatal,
                stats,
            }
        });
        (feed, Signs { seen, fatal: told_fatal })
    }

    /// Looks for what others told, unless a look is under way: then once more after it.
    pub(super) fn look(&mut self, ctx: &mut Context<Self>) {
        if self.looking.is_some() {
            self.look_again = true;
            return;
        }
        let begun = Instant::now();
        self.looking = Some(begun);
        self.looked = begun;
        self.stats.looks.count();
        let store = self.store.clone();
        let me = self.line.me;
        let heard: HashMap<NodeId, i64> = self.order.nodes().collect();
        let look = async move {
            store.find_out().await?;
            store.look(me, |node| heard.get(&node).copied().unwrap_or_default()).await
        };
        let look = in_time(begun + ABREAST_WITHIN, look);
        ctx.spawn(look.into_actor(self).map(move |found, feed, ctx| feed.found(begun, found, ctx)));
    }

    fn found(&mut self, begun: Instant, found: Result<Look, Fault>, ctx: &mut Context<Self>) {
        self.looking = None;
        match found {
            Ok(look) => {
                self.seen = begun;
                self.seen_at.send_replace(begun);
                self.see(look);
                let newest = self.order.newest(self.line.me);
                let asked = self.abreast.iter_mut().filter(|asked| asked.upto.is_none() && asked.at <= begun);
                asked.for_each(|asked| asked.upto = Some(newest.clone()));
                self.take_up();
                self.stats.lag.observe(begun.elapsed().as_secs_f64());
            }
            Err(fault) => {
                self.stats.looks_failed.count();
                let line = format_args!("other nodes not heard: {fault}");
                tell(Level::Error, "look at the feed", &fault.to_string(), line);
                self.answer();
            }
        }
        if self.line.is_lost() {
            self.fatal.send_replace(Some("the other nodes have taken this one for gone".into()));
        }
        let has_new = self.abreast.iter().any(|asked| asked.upto.is_none());
        if std::mem::take(&mut self.look_again) || has_new {
            self.look(ctx);
        }
    }

    fn see(&mut self, look: Look) {
        let Look { nodes, heard, forgotten, has_more } = look;
        if let Some(node) = forgotten.first() {
            let why = format!("the database has forgotten what node {node} told, as after a failover");
            self.fatal.send_replace(Some(why));
            return;
        }
        if !nodes.iter().any(|node| node.id == self.line.me) {
            self.fatal.send_replace(Some("the other nodes have taken this one for gone".into()));
        }
        self.order.see(nodes.iter().map(|node| node.id));
        let gone: Vec<NodeId> =
            self.order.nodes().map(|(node, _)| node).filter(|node| !nodes.iter().any(|of| of.id == *node)).collect();
        for node in gone {
            self.order.forget(node);
            self.line.forget(node);
        }
        for heard in heard {
            match heard.batch {
                Some(batch) => self.order.come(heard.node, heard.number, batch),
                None => {
                    // Nobody knows what it did, so all look again.
                    self.stats.refused.count();
                    self.order.come(heard.node, heard.number, Batch::default());
                    self.presence.renew_all();
                }
            }
        }
        self.look_again |= has_more;
        self.stats.nodes.set(nodes.iter().filter(|node| !node.has_left).count() as u64);
        self.nodes = nodes;
    }

    /// Tells all that may be told.
    pub(super) fn take_up(&mut self) {
        let me = self.line.me;
        loop {
            let (settled, awaited) = (&self.settled, &self.awaited);
            let is_ready = |node: NodeId, number: i64| {
                node != me || awaited.get(&number) != Some(&true) || settled.contains_key(&number)
            };
            let Some((node, number, batch)) = self.order.next(is_ready) else { break };
            if node == me {
                self.stats.own_batches.count();
                let is_awaited = self.awaited.remove(&number).unwrap_or_default();
                self.tell(batch.news, is_awaited, true);
                if let Some(settled) = self.settled.remove(&number) {
                    self.registry.answer(settled.told);
                }
            } else {
                self.stats.batches.count();
                self.line.hear(node, number);
                self.tell(batch.news, false, false);
            }
            self.pass_trailing();
        }
        self.answer();
        self.stats.waiting.set(self.order.waiting() as u64);
        self.stats.watched.set(self.watched.count() as u64);
    }

    pub(super) fn pass_trailing(&mut self) {
        let heard = self.order.heard(self.line.me);
        while self.trailing.front().is_some_and(|(after, _)| *after <= heard) {
            self.trailing.pop_front().into_iter().for_each(|(_, settled)| self.registry.answer(settled.told));
        }
    }

    /// What one batch did. If chats here decided it they tell of it themselves.
    fn tell(&mut self, news: Vec<News>, is_decided_here: bool, is_own: bool) {
        let mut of_chats = Vec::new();
        for news in news {
            match news {
                News::Chat(news) => {
                    self.note_newcomers(&news);
                    // Chats here tell of what they decided, and who made a chat tells of that.
                    if is_decided_here || (is_own && news.is_foundation()) {
                        continue;
                    }
                    let is_watched = self.watched.has(news.chat);
                    if !is_watched {
                        self.stats.passed_by.count();
                        self.watched.pass(news.clone(), Instant::now());
                    }
                    of_chats.push((news, is_watched));
                }
                deed if !is_own || matches!(deed, News::Departed { .. }) => self.deeds.carry_out(deed),
                _ => {}
            }
        }
        if !of_chats.is_empty() {
            self.registry.hear(of_chats);
        }
    }

    fn note_newcomers(&mut self, news: &ChatNews) {
        for user in news.newcomers() {
            if self.watched.knows(user) {
                self.watched.add(user, news.chat);
            }
        }
    }

    /// Those for whom all is heard that they wait for know it now, as do those who have waited for long enough: one that is dropped
    /// is answered.
    fn answer(&mut self) {
        let order = &self.order;
        self.abreast.retain(|asked| {
            let is_heard = asked.upto.as_ref().is_some_and(|upto| order.has_heard(upto));
            !is_heard && asked.at.elapsed() <= ABREAST_WITHIN
        });
    }
}

impl Actor for Feed {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Self::Context) {
        ctx.run_interval(self.tuning.poll, |feed, ctx| {
            if feed.looked.elapsed() >= feed.tuning.poll / 2 {
                feed.look(ctx);
            }
        });
        ctx.run_interval(10 * soft::EVERY, |feed, _| feed.far.expire(&feed.presence));
        self.look(ctx);
    }
}

impl StreamHandler<Own> for Feed {
    fn handle(&mut self, Own { number, batch, is_awaited }: Own, _: &mut Self::Context) {
        if let Some(bus) = &self.bus {
            bus.hint(number);
        }
        self.awaited.insert(number, is_awaited);
        self.order.come(self.line.me, number, batch);
        self.take_up();
    }
}
