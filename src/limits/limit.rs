//! One limit: so many per span and key. The arithmetic is governor's (GCRA); the table is ours, so that it is bounded,
//! can be looked at without counting, and can forget a key.
use std::{hash::Hash, num::NonZeroU32, sync::Arc, time::Duration};

use arc_swap::ArcSwapOption;
use governor::{Quota, RateLimiter, clock::Clock, middleware::NoOpMiddleware};

use super::table::{Counting, Looking, Table};
use crate::settings::Rate;

/// It was too often. Nothing was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooMany {
    /// When the same may work.
    pub retry_after: Duration,
}

impl TooMany {
    /// For headers and events: whole seconds, never too few.
    pub fn seconds(self) -> u64 {
        self.retry_after.as_millis().div_ceil(1000).max(1) as u64
    }
}

/// What tells limits how much time has passed.
#[derive(Clone)]
pub struct Watch(Arc<dyn Fn() -> Duration + Send + Sync>);

impl Watch {
    /// A watch that shows what `read` returns.
    pub fn new(read: impl Fn() -> Duration + Send + Sync + 'static) -> Self {
        Self(Arc::new(read))
    }
}

impl Clock for Watch {
    type Instant = Duration;

    fn now(&self) -> Duration {
        (self.0)()
    }
}

type Limiter<S> = RateLimiter<u64, S, Watch, NoOpMiddleware<Duration>>;

struct Counted {
    rate: Rate,
    table: Arc<Table>,
    counting: Limiter<Counting>,
    looking: Limiter<Looking>,
    watch: Watch,
}

impl Counted {
    fn new(rate: Rate, watch: &Watch) -> Self {
        let least = NonZeroU32::MIN;
        let pause = rate.per / NonZeroU32::new(rate.count).unwrap_or(least).get();
        let quota = Quota::with_period(pause.max(Duration::from_nanos(1))).unwrap_or(Quota::per_second(least));
        let quota = quota.allow_burst(NonZeroU32::new(rate.burst).unwrap_or(least));
        let table = Arc::new(Table::default());
        let counting = RateLimiter::new(quota, Counting(table.clone()), watch.clone());
        let looking = RateLimiter::new(quota, Looking(table.clone()), watch.clone());
        Self { rate, table, counting, looking, watch: watch.clone() }
    }
}

/// So many per span and key, or no limit.
pub struct Limit(ArcSwapOption<Counted>);

impl Limit {
    pub(super) fn new(rate: Option<Rate>, watch: &Watch) -> Self {
        Self(ArcSwapOption::from_pointee(rate.map(|rate| Counted::new(rate, watch))))
    }

    /// Goes by another rate from now on, and counts anew; what stays the same goes on counting.
    pub(super) fn retune(&self, rate: Option<Rate>, watch: &Watch) {
        if self.0.load().as_ref().map(|counted| counted.rate) != rate {
            self.0.store(rate.map(|rate| Arc::new(Counted::new(rate, watch))));
        }
    }

    /// Counts one more, unless that is too many.
    pub fn check(&self, key: impl Hash) -> Result<(), TooMany> {
        let counted = self.0.load();
        let Some(counted) = counted.as_ref() else { return Ok(()) };
        if counted.table.is_crowded(|| counted.watch.now()) {
            counted.counting.retain_recent();
            counted.table.recount();
        }
        judge(&counted.counting, counted.table.digest(key), &counted.watch)
    }

    /// Whether one more would be too many, without counting it.
    pub fn look(&self, key: impl Hash) -> Result<(), TooMany> {
        let counted = self.0.load();
        let Some(counted) = counted.as_ref() else { return Ok(()) };
        judge(&counted.looking, counted.table.digest(key), &counted.watch)
    }

    /// Starts anew for this key.
    pub fn forget(&self, key: impl Hash) {
        if let Some(counted) = self.0.load().as_ref() {
            counted.table.forget(counted.table.digest(key));
        }
    }
}

fn judge<S>(limiter: &Limiter<S>, key: u64, watch: &Watch) -> Result<(), TooMany>
where
    S: governor::state::keyed::KeyedStateStore<u64>,
{
    limiter.check_key(&key).map_err(|until| TooMany { retry_after: until.wait_time_from(watch.now()) })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

    use super::*;

    fn limit(rate: &str) -> (Limit, Arc<AtomicU64>) {
        let seconds = Arc::new(AtomicU64::new(0));
        let read = seconds.clone();
        let watch = Watch::new(move || Duration::from_secs(read.load(SeqCst)));
        (Limit::new(Some(rate.parse().unwrap()), &watch), seconds)
    }

    #[test]
    fn after_the_last_one_comes_a_pause_and_then_one_more() {
        let (limit, seconds) = limit("3 per 1m");
        for _ in 0..3 {
            limit.check("a").unwrap();
        }
        assert_eq!(limit.check("a").unwrap_err().seconds(), 20);
        limit.check("b").unwrap();
        seconds.store(20, SeqCst);
        limit.check("a").unwrap();
        assert!(limit.check("a").is_err());
    }

    #[test]
    fn looking_counts_nothing_and_forgetting_starts_anew() {
        let (limit, _) = limit("1 per 1h");
        for _ in 0..3 {
            limit.look("a").unwrap();
        }
        limit.check("a").unwrap();
        assert!(limit.look("a").is_err());
        limit.forget("a");
        limit.check("a").unwrap();
    }

    #[test]
    fn no_limit_never_refuses() {
        let none = Limit::new(None, &Watch::new(Duration::default));
        assert!((0..10_000).all(|_| none.check("a").is_ok() && none.look("a").is_ok()));
    }

    #[test]
    fn the_same_rate_goes_on_counting_and_another_begins_anew() {
        let (limit, _) = limit("1 per 1h");
        let watch = Watch::new(Duration::default);
        limit.check("a").unwrap();
        limit.retune(Some("1 per 1h".parse().unwrap()), &watch);
        limit.check("a").unwrap_err();
        limit.retune(Some("2 per 1h".parse().unwrap()), &watch);
        limit.check("a").unwrap();
        limit.check("a").unwrap();
        limit.check("a").unwrap_err();
        limit.retune(None, &watch);
        limit.check("a").unwrap();
    }

    #[test]
    fn a_million_keys_take_bounded_memory_and_a_counted_key_stays_counted() {
        let (limit, _) = limit("1 per 1h");
        limit.check("victim").unwrap();
        for key in 0..1_000_000u32 {
            let _ = limit.check(key);
        }
        assert!(limit.0.load().as_ref().unwrap().table.len() <= Table::MOST + Table::SHARED);
        assert!(limit.check("victim").is_err());
    }

    #[test]
    fn what_is_long_ago_makes_room() {
        let (limit, seconds) = limit("1 per 1m");
        for key in 0..Table::MOST {
            limit.check(key).unwrap();
        }
        seconds.store(3600, SeqCst);
        limit.check("new").unwrap();
        assert_eq!(limit.0.load().as_ref().unwrap().table.len(), 1);
    }
}
