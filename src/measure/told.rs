//! Lines of the log that anybody can cause as often as they like, such as those about refused requests. Each is counted, and
//! told at most once a minute for each kind and place, with the number of those that were not.
use std::{
    collections::{BTreeMap, HashMap},
    fmt, mem,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use log::Level;

/// At most so often is the same told of the same place.
const PAUSE: Duration = Duration::from_secs(60);
/// Places of one kind that are told apart; further ones are told of together.
const MOST_PLACES: usize = 256;
const ELSEWHERE: &str = "elsewhere";

/// All rooms share it, as they share the log.
static TOLD: Told = Told::new();

/// What was told, and how often it came again.
pub struct Told(Mutex<BTreeMap<&'static str, Kind>>);

struct Kind {
    level: Level,
    total: u64,
    places: HashMap<Box<str>, Place>,
}

struct Place {
    /// When it was told of last.
    told: Instant,
    untold: u64,
}

impl Told {
    /// Nothing was told yet.
    pub const fn new() -> Self {
        Self(Mutex::new(BTreeMap::new()))
    }

    /// Counts one more of `kind` at `place`. If it is to be told now: how many were not told before it.
    pub fn count(&self, level: Level, kind: &'static str, place: &str, now: Instant) -> Option<u64> {
        let mut kinds = self.kinds();
        let kind = kinds.entry(kind).or_insert_with(|| Kind { level, total: 0, places: HashMap::new() });
        kind.total += 1;
        let is_apart = kind.places.contains_key(place) || kind.places.len() < MOST_PLACES;
        let place = if is_apart { place } else { ELSEWHERE };
        let Some(known) = kind.places.get_mut(place) else {
            kind.places.insert(place.into(), Place { told: now, untold: 0 });
            return Some(0);
        };
        if now.saturating_duration_since(known.told) < PAUSE {
            known.untold += 1;
            return None;
        }
        known.told = now;
        Some(mem::take(&mut known.untold))
    }

    /// Tells how many came since the last line about them, where that is a minute ago, and forgets places where it is quiet.
    pub fn sum_up(&self) {
        for (level, line) in self.sums(Instant::now()) {
            log::log!(level, "{line}");
        }
    }

    /// The lines are written when the lock is free again: a log that is slow must not hold up those who count.
    fn sums(&self, now: Instant) -> Vec<(Level, String)> {
        let mut sums = Vec::new();
        for (name, kind) in self.kinds().iter_mut() {
            kind.places.retain(|place, known| {
                if now.saturating_duration_since(known.told) < PAUSE {
                    return true;
                }
                known.told = now;
                let more = mem::take(&mut known.untold);
                if more > 0 {
                    sums.push((kind.level, format!("{name}, {place}: {more} more")));
                }
                more > 0
            });
        }
        sums
    }

    /// Everything that was counted, told or not, by kind.
    pub fn totals(&self) -> Vec<(&'static str, u64)> {
        self.kinds().iter().map(|(name, kind)| (*name, kind.total)).collect()
    }

    /// Nothing that runs under the lock can leave it half done.
    fn kinds(&self) -> MutexGuard<'_, BTreeMap<&'static str, Kind>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Told {
    fn default() -> Self {
        Self::new()
    }
}

/// One more of `kind`, which comes from `place`: an address as limits count addresses, or what else tells it apart. The log
/// has `line`, unless it had one of this kind and place within the last minute.
pub fn tell(level: Level, kind: &'static str, place: &str, line: impl fmt::Display) {
    match TOLD.count(level, kind, place, Instant::now()) {
        None => {}
        Some(0) => log::log!(level, "{line}"),
        Some(untold) => log::log!(level, "{line} ({untold} more since the last such line)"),
    }
}

/// The same for something that was refused to a stranger, of whom no more is known than the address.
pub fn tell_refused(kind: &'static str, place: &str) {
    tell(Level::Info, kind, place, format_args!("refused: {kind}, from {place}"));
}

/// Tells what [`tell`] has kept to itself for a minute. To be called now and then.
pub fn sum_up() {
    TOLD.sum_up();
}

/// What [`tell`] has counted since the start of the process, by kind.
pub fn totals() -> Vec<(&'static str, u64)> {
    TOLD.totals()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HALF_A_MINUTE: Duration = Duration::from_secs(30);

    fn count(told: &Told, kind: &'static str, place: &str, now: Instant) -> Option<u64> {
        told.count(Level::Info, kind, place, now)
    }

    #[test]
    fn the_same_of_the_same_place_is_told_once_a_minute_with_the_count_of_the_rest() {
        let told = Told::new();
        let start = Instant::now();
        assert_eq!(count(&told, "a", "1", start), Some(0));
        for _ in 0..1000 {
            assert_eq!(count(&told, "a", "1", start + HALF_A_MINUTE), None);
        }
        assert_eq!(
            (count(&told, "a", "2", start), count(&told, "b", "1", start)),
            (Some(0), Some(0)),
            "others are not"
        );
        assert_eq!(count(&told, "a", "1", start + PAUSE), Some(1000));
        assert_eq!(count(&told, "a", "1", start + PAUSE), None);
        assert_eq!(told.totals(), [("a", 1004), ("b", 1)]);
    }

    #[test]
    fn what_was_kept_back_is_told_when_its_minute_is_over_though_nothing_more_comes() {
        let told = Told::new();
        let start = Instant::now();
        for _ in 0..3 {
            count(&told, "a", "1", start);
        }
        count(&told, "a", "2", start);
        assert_eq!(told.sums(start + HALF_A_MINUTE), []);
        assert_eq!(told.sums(start + PAUSE), [(Level::Info, "a, 1: 2 more".to_owned())]);
        assert_eq!(told.sums(start + PAUSE + HALF_A_MINUTE), []);
        assert_eq!(count(&told, "a", "1", start + PAUSE + HALF_A_MINUTE), None, "the sum was a line too");
        assert_eq!(told.sums(start + PAUSE * 2), [(Level::Info, "a, 1: 1 more".to_owned())]);
        assert_eq!(told.sums(start + PAUSE * 3), []);
        assert_eq!(count(&told, "a", "1", start + PAUSE * 3), Some(0), "it was forgotten");
    }

    #[test]
    fn a_million_places_take_bounded_memory_and_bounded_lines() {
        let told = Told::new();
        let start = Instant::now();
        let lines = (0..1_000_000).filter(|n| count(&told, "a", &n.to_string(), start).is_some()).count();
        assert_eq!(lines, MOST_PLACES + 1);
        assert_eq!(told.kinds()["a"].places.len(), MOST_PLACES + 1);
        let sums = told.sums(start + PAUSE);
        assert_eq!(sums, [(Level::Info, format!("a, elsewhere: {} more", 1_000_000 - MOST_PLACES - 1))]);
    }
}
