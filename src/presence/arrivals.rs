//! How far messages arrived, and who wrote at all, until the database knows it. Chats note it here; what writes it takes it.
use std::{
    collections::HashMap,
    mem,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::domain::{ChatId, IdHasher, Seq, UserId};

/// So many members are remembered; of more the database knows it later, or by the next arrival.
const MOST: usize = 1 << 16;

/// What is noted of a member of a chat of two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Arrival {
    /// How far messages arrived.
    pub upto: Seq,
    /// Whether the member said something.
    pub wrote: bool,
}

type Noted = HashMap<(ChatId, UserId), Arrival, IdHasher>;

/// What is noted of all members.
#[derive(Debug, Default)]
pub(super) struct Arrivals(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    waiting: Noted,
    /// Taken, and not known yet whether it is stored.
    taken: Noted,
}

impl Arrivals {
    /// Notes more of a member.
    pub(super) fn note(&self, chat: ChatId, user: UserId, more: Arrival) {
        let mut kept = self.kept();
        let is_full = kept.waiting.len() >= MOST;
        if !is_full || kept.waiting.contains_key(&(chat, user)) {
            kept.waiting.entry((chat, user)).or_default().add(more);
        }
    }

    /// What is noted of a member.
    pub(super) fn of(&self, chat: ChatId, user: UserId) -> Arrival {
        let kept = self.kept();
        let mut noted = Arrival::default();
        for part in [&kept.waiting, &kept.taken] {
            noted.add(part.get(&(chat, user)).copied().unwrap_or_default());
        }
        noted
    }

    /// Takes at most so much to be stored. Nothing more is taken before it is known what became of it.
    pub(super) fn take(&self, most: usize) -> Vec<((ChatId, UserId), Arrival)> {
        let mut kept = self.kept();
        if !kept.taken.is_empty() {
            return Vec::new();
        }
        let next: Vec<_> = kept.waiting.iter().take(most).map(|(member, arrival)| (*member, *arrival)).collect();
        for (member, arrival) in &next {
            kept.waiting.remove(member);
            kept.taken.insert(*member, *arrival);
        }
        next
    }

    /// Of how many members something is noted.
    pub(super) fn count(&self) -> usize {
        let kept = self.kept();
        kept.waiting.len() + kept.taken.len()
    }

    /// What was taken is stored, or is not and waits again.
    pub(super) fn settle(&self, is_stored: bool) {
        let mut kept = self.kept();
        let taken = mem::take(&mut kept.taken);
        for (member, arrival) in taken.into_iter().filter(|_| !is_stored) {
            kept.waiting.entry(member).or_default().add(arrival);
        }
    }

    /// Nothing that runs under the lock can leave it half done.
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Arrival {
    fn add(&mut self, more: Self) {
        self.upto = self.upto.max(more.upto);
        self.wrote |= more.wrote;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn upto(seq: i64) -> Arrival {
        Arrival { upto: Seq(seq), wrote: false }
    }

    #[test]
    fn the_furthest_is_known_until_it_is_stored_and_what_is_not_stored_waits_again() {
        let arrivals = Arrivals::default();
        let chat = ChatId::new();
        let user = UserId::new();
        arrivals.note(chat, user, upto(3));
        arrivals.note(chat, user, upto(2));
        assert_eq!(arrivals.take(8), [((chat, user), upto(3))]);
        arrivals.note(chat, user, upto(5));
        assert_eq!(arrivals.of(chat, user), upto(5));
        assert!(arrivals.take(8).is_empty(), "one after the other");
        arrivals.settle(false);
        assert_eq!(arrivals.take(8), [((chat, user), upto(5))]);
        assert_eq!(arrivals.of(chat, user), upto(5));
        arrivals.settle(true);
        assert_eq!(arrivals.of(chat, user), Arrival::default());
        assert!(arrivals.take(8).is_empty());
    }

    #[test]
    fn no_more_is_remembered_than_there_is_room_for() {
        let arrivals = Arrivals::default();
        let chat = ChatId::new();
        let first = UserId::new();
        arrivals.note(chat, first, upto(1));
        (1..MOST + 5).for_each(|_| arrivals.note(chat, UserId::new(), upto(1)));
        arrivals.note(chat, first, Arrival { upto: Seq(0), wrote: true });
        assert_eq!(arrivals.of(chat, first), Arrival { upto: Seq(1), wrote: true });
        assert_eq!(arrivals.kept().waiting.len(), MOST);
        assert_eq!(arrivals.take(7).len(), 7);
    }
}
