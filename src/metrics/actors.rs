//! The actors by class: how many live, what waits for them, how long it waits, how long they take, and what they refuse.
use std::{fmt, sync::Arc};

use prometheus_client::{collector::Collector, encoding::DescriptorEncoder, registry::Unit};

use super::page::{Page, counter, gauge};
use crate::{
    client::Chatroom,
    domain::Code,
    events::code_name,
    measure::Times,
    registry::{self, Registry},
    socket::{Reason, SocketServer},
    writer,
};

/// The classes of actors, as settings and metrics name them, in the order of a message's journey.
const CLASSES: [&str; 4] = ["session", "registry", "chat", "writer"];

/// What is watched of the actors.
pub struct Actors {
    /// The sessions.
    pub socket_server: SocketServer,
    /// What sessions refuse.
    pub chatroom: Chatroom,
    /// The shards and their chats.
    pub registry: Registry,
    /// The writer.
    pub writer: Arc<writer::Stats>,
    /// Commands that a shard's mailbox holds.
    pub registry_capacity: usize,
    /// Records that the writer's mailbox holds.
    pub writer_capacity: usize,
}

impl Actors {
    fn sum(&self, count: impl Fn(&registry::Stats) -> u64) -> u64 {
        self.registry.stats().map(count).sum()
    }

    fn live(&self) -> [u64; 4] {
        let stats = self.socket_server.stats();
        let shards = self.registry.stats().count() as u64;
        [stats.polling() + stats.websocket(), shards, self.sum(registry::Stats::live), 1]
    }

    fn started(&self) -> [u64; 4] {
        let stats = self.socket_server.stats();
        let shards = self.registry.stats().count() as u64;
        [stats.opened_polling() + stats.opened_websocket(), shards, self.sum(|shard| shard.started.get()), 1]
    }

    fn stopped(&self) -> Vec<([(&'static str, &'static str); 2], u64)> {
        let stats = self.socket_server.stats();
        let sessions = Reason::ALL.map(|reason| (labels("session", reason.as_str()), stats.ended(reason)));
        let chats = [
            (labels("chat", "idle_timeout"), self.sum(|shard| shard.idle.get())),
            (labels("chat", "max_live"), self.sum(|shard| shard.evicted.get())),
            (labels("chat", "lost"), self.sum(|shard| shard.lost.get())),
        ];
        sessions.into_iter().chain(chats).collect()
    }

    fn depths(&self) -> [u64; 4] {
        let recorded = self.sum(|shard| shard.chats.recorded.get());
        [
            self.socket_server.waiting().frames as u64,
            self.sum(registry::Stats::depth),
            self.sum(registry::Stats::chats_depth),
            recorded.saturating_sub(self.writer.taken.get()),
        ]
    }

    fn capacities(&self) -> [u64; 4] {
        let chat = self.registry.stats().next().map_or(0, |shard| shard.chat_capacity.get());
        let session = self.socket_server.bounds().mailbox_capacity as u64;
        [session, self.registry_capacity as u64, chat, self.writer_capacity as u64]
    }

    /// All shards share their times, and so do all chats.
    fn times(&self) -> impl Iterator<Item = (&'static str, &Times)> {
        let shard = self.registry.stats().next();
        let times = [
            Some(&self.socket_server.stats().times),
            shard.map(|shard| &shard.times),
            shard.map(|shard| &shard.chats.times),
            Some(&self.writer.times),
        ];
        CLASSES.into_iter().zip(times).filter_map(|(class, times)| Some((class, times?)))
    }

    fn refused(&self, code: Code) -> [u64; 4] {
        let at = code as usize;
        [
            self.chatroom.stats().refused[at].get(),
            self.sum(|shard| shard.refused[at].get()),
            self.sum(|shard| shard.chats.refused[at].get()),
            self.sum(|shard| shard.chats.refused_by_writer[at].get()),
        ]
    }
}

impl Collector for Actors {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let mut page = Page(encoder);
        page.family("actors", None, "Live actors.", by_class(self.live(), gauge))?;
        page.family("actors_started", None, "Actors that were started.", by_class(self.started(), counter))?;
        let stopped = self.stopped().into_iter().map(|(labels, count)| (labels, counter(count)));
        page.family("actors_stopped", None, "Actors that stopped, by the reason for it.", stopped)?;
        page.family("mailbox_depth", None, DEPTH, by_class(self.depths(), gauge))?;
        page.family("mailbox_capacity", None, CAPACITY, by_class(self.capacities(), gauge))?;
        let waits = self.times().map(|(class, times)| ([("class", class)], times.waits.clone()));
        page.family("mailbox_wait", Some(Unit::Seconds), WAIT, waits)?;
        let turns = self.times().map(|(class, times)| ([("class", class)], times.turns.clone()));
        page.family("turn", Some(Unit::Seconds), TURN, turns)?;
        let refusals = Code::ALL.into_iter().flat_map(|code| {
            let counts = CLASSES.into_iter().zip(self.refused(code));
            counts.map(move |(class, count)| ([("class", class), ("code", code_name(code))], counter(count)))
        });
        page.family("refusals", None, REFUSALS, refusals)
    }
}

const DEPTH: &str = "Messages that wait in the mailboxes of a class, all together: frames, commands or records.";
const CAPACITY: &str =
    "Messages that one mailbox of a class holds. Full: a session's socket is not read, the others refuse as busy.";
const WAIT: &str =
    "How long messages wait in a mailbox. One in 64 is timed; of a session, the first of each 64 frames of its socket.";
const TURN: &str =
    "How long an actor takes for one message. One in 64 is timed; a turn of the writer is a batch, and each is timed.";
const REFUSALS: &str = "Requests that were refused, by code, and by the class that refused or whose mailbox was full.";

fn labels(class: &'static str, reason: &'static str) -> [(&'static str, &'static str); 2] {
    [("class", class), ("reason", reason)]
}

fn by_class<M>(
    values: [u64; 4],
    metric: impl Fn(u64) -> M,
) -> impl Iterator<Item = ([(&'static str, &'static str); 1], M)> {
    CLASSES.into_iter().zip(values).map(move |(class, value)| ([("class", class)], metric(value)))
}

impl fmt::Debug for Actors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Actors")
    }
}
