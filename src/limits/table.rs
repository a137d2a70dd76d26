//! What a limit remembers: one number per key, for a bounded number of keys.
use std::{
    hash::{BuildHasher, Hash, RandomState},
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

use dashmap::{DashMap, mapref::entry::Entry};
use governor::{
    nanos::Nanos,
    state::{StateStore, keyed::ShrinkableKeyedStateStore},
};

/// Keys are kept as digests under a seed of this process, so that nobody can choose keys that meet.
#[derive(Default)]
pub(super) struct Table {
    seed: RandomState,
    /// Digests are as good as random already.
    kept: DashMap<u64, Nanos, foldhash::fast::RandomState>,
    /// Entries, more or less: asking the map would lock all of it.
    count: AtomicUsize,
    /// The second in which the table was last tidied.
    tidied: AtomicU64,
}

impl Table {
    /// Keys of their own.
    pub(super) const MOST: usize = 1 << 16;
    /// Places that all further keys share. Sharing makes a limit stricter for them, and never looser for anybody.
    pub(super) const SHARED: usize = 1 << 12;

    pub(super) fn digest(&self, key: impl Hash) -> u64 {
        self.seed.hash_one(key)
    }

    pub(super) fn forget(&self, key: u64) {
        if self.kept.remove(&key).is_some() {
            self.count.fetch_sub(1, Relaxed);
        }
    }

    /// Whether it is time to look for entries that say nothing any more. At most once a second.
    pub(super) fn is_crowded(&self, now: impl FnOnce() -> Duration) -> bool {
        if self.count.load(Relaxed) < Self::MOST {
            return false;
        }
        let second = now().as_secs();
        self.tidied.swap(second, Relaxed) != second
    }

    pub(super) fn recount(&self) {
        self.count.store(self.kept.len(), Relaxed);
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.kept.len()
    }

    fn count<T, E>(&self, key: u64, judge: impl Fn(Option<Nanos>) -> Result<(T, Nanos), E>) -> Result<T, E> {
        if let Some(mut known) = self.kept.get_mut(&key) {
            let (verdict, next) = judge(Some(*known))?;
            *known = next;
            return Ok(verdict);
        }
        match self.kept.entry(self.place(key)) {
            Entry::Occupied(mut shared) => {
                let (verdict, next) = judge(Some(*shared.get()))?;
                shared.insert(next);
                Ok(verdict)
            }
            Entry::Vacant(free) => {
                let (verdict, next) = judge(None)?;
                free.insert(next);
                self.count.fetch_add(1, Relaxed);
                Ok(verdict)
            }
        }
    }

    fn look(&self, key: u64) -> Option<Nanos> {
        let found = self.kept.get(&key).or_else(|| self.kept.get(&self.place(key)));
        found.map(|known| *known)
    }

    fn place(&self, key: u64) -> u64 {
        if self.count.load(Relaxed) < Self::MOST { key } else { key % Self::SHARED as u64 }
    }
}

/// The table as a limit that counts sees it.
pub(super) struct Counting(pub(super) Arc<Table>);

impl StateStore for Counting {
    type Key = u64;

    fn measure_and_replace<T, F, E>(&self, key: &u64, judge: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        self.0.count(*key, judge)
    }
}

impl ShrinkableKeyedStateStore<u64> for Counting {
    fn retain_recent(&self, drop_below: Nanos) {
        self.0.kept.retain(|_, known| *known > drop_below);
    }

    fn shrink_to_fit(&self) {
        self.0.kept.shrink_to_fit();
    }

    fn len(&self) -> usize {
        self.0.kept.len()
    }

    fn is_empty(&self) -> bool {
        self.0.kept.is_empty()
    }
}

/// The same table, judged and left as it is.
pub(super) struct Looking(pub(super) Arc<Table>);

impl StateStore for Looking {
    type Key = u64;

    fn measure_and_replace<T, F, E>(&self, key: &u64, judge: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        judge(self.0.look(*key)).map(|(verdict, _)| verdict)
    }
}
