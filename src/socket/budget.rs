//! How many bytes may wait for one socket. Charged where a packet is handed over, discharged where it leaves.
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

/// The byte budget of one socket, shared by all who write to it.
#[derive(Debug)]
pub struct Budget {
    limit: usize,
    used: AtomicUsize,
    spent: AtomicBool,
}

/// What [`Budget::charge`] found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Charge {
    /// There was room, and it is taken.
    Fits,
    /// This packet is the first that found no room.
    Overflows,
    /// An earlier packet found no room; nothing is taken any more.
    Spent,
}

impl Budget {
    /// A budget of `limit` bytes.
    pub fn new(limit: usize) -> Budget {
        Budget { limit, used: AtomicUsize::new(0), spent: AtomicBool::new(false) }
    }

    /// Takes room for `bytes`. Where nothing waits there is room for anything: a client that reads is never cut off for
    /// one large answer. A budget that overflowed once stays spent, so nothing is delivered after a gap.
    pub(super) fn charge(&self, bytes: usize) -> Charge {
        if self.spent.load(Ordering::Relaxed) {
            return Charge::Spent;
        }
        let before = self.used.fetch_add(bytes, Ordering::Relaxed);
        if before == 0 || before + bytes <= self.limit {
            return Charge::Fits;
        }
        self.used.fetch_sub(bytes, Ordering::Relaxed);
        if self.spent.swap(true, Ordering::Relaxed) { Charge::Spent } else { Charge::Overflows }
    }

    /// Gives back the room of `bytes` that left.
    pub(super) fn discharge(&self, bytes: usize) {
        let before = self.used.fetch_sub(bytes, Ordering::Relaxed);
        debug_assert!(before >= bytes, "bytes left twice");
    }

    /// Bytes that wait now.
    pub fn used(&self) -> usize {
        self.used.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_is_exact_and_what_left_may_be_used_again() {
        let budget = Budget::new(10);
        assert_eq!((budget.charge(6), budget.charge(4)), (Charge::Fits, Charge::Fits));
        budget.discharge(6);
        assert_eq!((budget.charge(6), budget.used()), (Charge::Fits, 10));
    }

    #[test]
    fn one_overflow_is_told_once_and_nothing_fits_after_it() {
        let budget = Budget::new(10);
        assert_eq!(budget.charge(11), Charge::Fits, "nothing else waits");
        assert_eq!((budget.charge(1), budget.charge(1)), (Charge::Overflows, Charge::Spent));
        assert_eq!(budget.used(), 11);
    }
}
