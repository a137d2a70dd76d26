//! Which chats have the most to do. For operators who watch: it is found out when they ask, from a count that each shard
//! keeps of its chats anyway.
use std::time::{Duration, Instant};

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

impl Rates {
    /// The busiest of some chats by how many commands each has had since this was last asked. Those are not looked at, and
    /// go on being counted, if that is too short a while ago.
    pub(super) fn take(&mut self, commands: impl Iterator<Item = (ChatId, u64)>) -> Vec<Busy> {
        let span = self.taken.elapsed();
        if span >= SPAN {
            let had = commands.filter(|(_, commands)| *commands > 0);
            let rates = had.map(|(chat, commands)| Busy { chat, rate: commands as f64 / span.as_secs_f64() });
            *self = Self { taken: Instant::now(), busiest: most(rates.collect()) };
        }
        self.busiest.clone()
    }
}

/// The busiest of some chats, the busiest first.
pub(super) fn most(mut chats: Vec<Busy>) -> Vec<Busy> {
    chats.sort_unstable_by(|one, other| other.rate.total_cmp(&one.rate));
    chats.truncate(MOST);
    chats
}
