//! Which chats have the most to do. For operators who watch: it is found out when they ask, from a count that each shard
//! keeps of its chats anyway.
use std::time::{Duration, Instant};

use actix::prelude::*;
use futures_util::future::join_all;

use super::{Registry, Shard};
use crate::domain::ChatId;

/// So many chats are named at most.
const MOST: usize = 20;

/// Rates are taken over this time at least, however often somebody asks.
const SPAN: Duration = Duration::from_millis(900);

/// A chat and what it has to do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Busy {
    /// Which chat.
    pub chat: ChatId,
    /// Commands per second since somebody last asked.
    pub rate: f64,
}

/// Answered with the busiest chats of a shard.
#[derive(Message)]
#[rtype(result = "Vec<Busy>")]
pub(super) struct Busiest;

/// The rates that were last found, and when.
pub(super) struct Rates {
    taken: Instant,
    busiest: Vec<Busy>,
}

impl Default for Rates {
    fn default() -> Self {
        Self { taken: Instant::now(), busiest: Vec::new() }
    }
}

impl Registry {
    /// The busiest chats in this process, the busiest first. Costs each shard a look at all its chats.
    pub async fn busiest(&self) -> Vec<Busy> {
        let found = join_all(self.open().map(|shard| shard.send(Busiest))).await;
        most(found.into_iter().filter_map(Result::ok).flatten().collect())
    }
}

impl Handler<Busiest> for Shard {
    type Result = MessageResult<Busiest>;

    fn handle(&mut self, _: Busiest, _: &mut Self::Context) -> Self::Result {
        let span = self.rates.taken.elapsed();
        if span >= SPAN {
            let rates = self.live.iter_mut().filter(|(_, live)| live.routed > live.rated).map(|(chat, live)| {
                let commands = live.routed - live.rated;
                live.rated = live.routed;
                Busy { chat: *chat, rate: commands as f64 / span.as_secs_f64() }
            });
            self.rates = Rates { taken: Instant::now(), busiest: most(rates.collect()) };
        }
        MessageResult(self.rates.busiest.clone())
    }
}

fn most(mut chats: Vec<Busy>) -> Vec<Busy> {
    chats.sort_unstable_by(|one, other| other.rate.total_cmp(&one.rate));
    chats.truncate(MOST);
    chats
}
