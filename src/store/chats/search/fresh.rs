//! Which chats have something that the index does not have yet, as far as this server stored it.
use std::{
    collections::HashSet,
    sync::{Mutex, MutexGuard, PoisonError},
};

use tokio::sync::Notify;

use crate::{
    domain::{ChatId, IdHasher},
    store::Store,
};

/// Beyond so many chats it is only known that there are more.
const MOST: usize = 10_000;

/// Told of every commit, asked by whoever fills the index.
#[derive(Default)]
pub(in crate::store) struct Fresh {
    chats: Mutex<Chats>,
    some: Notify,
}

#[derive(Default)]
struct Chats {
    named: HashSet<ChatId, IdHasher>,
    /// Whether there were more.
    are_more: bool,
}

impl Fresh {
    /// Something was said or changed there.
    pub(in crate::store) fn note(&self, chats: impl Iterator<Item = ChatId>) {
        let mut known = self.chats();
        for chat in chats {
            if known.named.len() < MOST {
                known.named.insert(chat);
            } else {
                known.are_more = true;
            }
        }
        if !known.named.is_empty() {
            self.some.notify_one();
        }
    }

    /// Nothing that runs under the lock can leave it half done.
    fn chats(&self) -> MutexGuard<'_, Chats> {
        self.chats.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store {
    /// The chats that something was stored in since this was asked last, and whether there are more than are named.
    pub fn take_fresh(&self) -> (Vec<ChatId>, bool) {
        let mut known = self.fresh.chats();
        (known.named.drain().collect(), std::mem::take(&mut known.are_more))
    }

    /// Waits until something is stored anywhere.
    pub async fn until_fresh(&self) {
        self.fresh.some.notified().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_too_many_chats_it_is_known_that_there_are_more() {
        let fresh = Fresh::default();
        fresh.note((0..MOST).map(|_| ChatId::new()));
        assert!(!fresh.chats().are_more);
        fresh.note([ChatId::new()].into_iter());
        assert!(fresh.chats().are_more && fresh.chats().named.len() == MOST);
    }
}
