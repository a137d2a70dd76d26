//! What is still to be said to clients that poll and whose session is over: their last poll may have been overtaken by what
//! ended it. Sessions leave it here, and the routes look here for polls that find no session.
use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use actix_http::{Method as HttpMethod, RequestHead};

use crate::protocol::engine::{Attempt, Frame, Method, Sid, Transport, check_live};

/// A polling client comes back within this time, or never.
pub const LAST_POLL: Duration = Duration::from_secs(30);

/// So many are kept; the oldest make room. Polls that were overtaken are milliseconds late.
const MOST: usize = 4096;

/// The last words to clients of one endpoint.
#[derive(Default)]
pub struct LastPackets(Mutex<Waiting>);

#[derive(Default)]
struct Waiting {
    words: HashMap<Sid, Words>,
    /// Until when each is kept, in the order in which they came, also those that are said.
    order: VecDeque<(Instant, Sid)>,
}

struct Words {
    frames: Vec<Frame>,
    until: Instant,
}

impl LastPackets {
    /// Keeps `frames`, as many as one poll brings, for the client of `sid`.
    pub fn keep(&self, sid: Sid, frames: Vec<Frame>, until: Instant) {
        let mut waiting = self.waiting();
        waiting.forget(Instant::now());
        waiting.order.push_back((until, sid));
        waiting.words.insert(sid, Words { frames, until });
    }

    /// The answer to the poll that `head` is, if it is one and there is one. It is said once.
    pub fn answer(&self, head: &RequestHead) -> Option<Vec<Frame>> {
        let attempt = Attempt::of(head.uri.query().unwrap_or_default());
        let polls =
            head.method == HttpMethod::GET && check_live(&attempt, Method::Get, false) == Ok(Transport::Polling);
        let sid = attempt.sid.filter(|_| polls)?.parse().ok()?;
        self.take(sid, Instant::now())
    }

    fn take(&self, sid: Sid, now: Instant) -> Option<Vec<Frame>> {
        let mut waiting = self.waiting();
        waiting.forget(now);
        waiting.words.remove(&sid).filter(|words| now < words.until).map(|words| words.frames)
    }

    /// Nothing that runs under the lock can leave it half done.
    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    /// Makes room for one more. One whose time is up goes when those are gone that came before it.
    fn forget(&mut self, now: Instant) {
        while let Some((until, sid)) = self.order.front()
            && (self.order.len() >= MOST || *until <= now)
        {
            self.words.remove(sid);
            self.order.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::engine::NOOP;

    #[test]
    fn last_packets_are_said_once_and_in_time() {
        let last_packets = LastPackets::default();
        let now = Instant::now();
        let one = Sid::random();
        let two = Sid::random();
        let three = Sid::random();
        last_packets.keep(one, vec![NOOP], now + LAST_POLL);
        last_packets.keep(two, vec![NOOP], now);
        last_packets.keep(three, vec![NOOP], now + LAST_POLL);
        assert_eq!(last_packets.take(one, now), Some(vec![NOOP]));
        assert_eq!(last_packets.take(one, now), None);
        assert_eq!(last_packets.take(two, now), None, "its time is up");
        assert_eq!(last_packets.take(three, now + LAST_POLL * 2), None);
        assert!(last_packets.waiting().order.is_empty(), "all are forgotten");
    }

    #[test]
    fn the_oldest_make_room() {
        let last_packets = LastPackets::default();
        let now = Instant::now();
        let sids: Vec<_> = (0..=MOST).map(|_| Sid::random()).collect();
        sids.iter().for_each(|sid| last_packets.keep(*sid, vec![NOOP], now + LAST_POLL));
        assert!(last_packets.waiting().words.len() <= MOST);
        assert_eq!(last_packets.take(sids[0], now), None);
        assert_eq!(last_packets.take(sids[MOST], now), Some(vec![NOOP]));
    }
}
