//! The chats that somebody here is in: what others do there is told here, whatever lives here. A chat too many starts for nothing;
//! none is missing.
use std::{
    collections::{HashSet, VecDeque},
    time::{Duration, Instant},
};

use crate::domain::{ChatId, ChatNews, IdHasher, IdMap, UserId};

/// So long is kept what passed by: longer than any socket takes to connect.
const KEPT: Duration = Duration::from_secs(10);

/// Who is here, and which chats that makes worth hearing of.
#[derive(Default)]
pub(super) struct Watched {
    users: IdMap<UserId, HashSet<ChatId, IdHasher>>,
    chats: IdMap<ChatId, usize>,
    /// What was told of chats that nobody here was in.
    passed_by: VecDeque<(Instant, ChatNews)>,
}

impl Watched {
    /// Whether somebody here is in a chat.
    pub(super) fn has(&self, chat: ChatId) -> bool {
        self.chats.contains_key(&chat)
    }

    /// How many chats that are.
    pub(super) fn count(&self) -> usize {
        self.chats.len()
    }

    /// Somebody is here since then, and is in these chats. Returns what passed by meanwhile of those that nobody else was in.
    pub(super) fn watch(&mut self, user: UserId, chats: &[ChatId], since: Instant) -> Vec<ChatNews> {
        let mut new: HashSet<ChatId, IdHasher> = HashSet::default();
        for chat in chats.iter().copied().chain(self.came_into(user, since)).collect::<Vec<_>>().iter() {
            if self.users.entry(user).or_default().insert(*chat) {
                let count = self.chats.entry(*chat).or_default();
                *count += 1;
                if *count == 1 {
                    new.insert(*chat);
                }
            }
        }
        let missed = self.passed_by.iter().filter(|(at, news)| *at >= since && new.contains(&news.chat));
        missed.map(|(_, news)| news.clone()).collect()
    }

    /// The chats that somebody came into since then, while it was not known that this one is here.
    fn came_into(&self, user: UserId, since: Instant) -> impl Iterator<Item = ChatId> {
        let passed = self.passed_by.iter().filter(move |(at, news)| *at >= since && news.brings(user));
        passed.map(|(_, news)| news.chat)
    }

    /// Somebody who is here came into a chat.
    pub(super) fn add(&mut self, user: UserId, chat: ChatId) {
        self.watch(user, &[chat], Instant::now());
    }

    /// Whether somebody is here.
    pub(super) fn knows(&self, user: UserId) -> bool {
        self.users.contains_key(&user)
    }

    /// Somebody is not here any more.
    pub(super) fn leave(&mut self, user: UserId) {
        for chat in self.users.remove(&user).unwrap_or_default() {
            if let Some(count) = self.chats.get_mut(&chat) {
                *count -= 1;
                if *count == 0 {
                    self.chats.remove(&chat);
                }
            }
        }
    }

    /// Something passed by.
    pub(super) fn pass(&mut self, news: ChatNews, now: Instant) {
        while self.passed_by.front().is_some_and(|(at, _)| now.duration_since(*at) > KEPT) {
            self.passed_by.pop_front();
        }
        self.passed_by.push_back((now, news));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Step;

    fn news(chat: ChatId, step: i64) -> ChatNews {
        ChatNews { chat, step: Step(step), parts: Vec::new() }
    }

    #[test]
    fn what_passes_by_while_somebody_connects_is_told_afterwards() {
        let mut watched = Watched::default();
        let (ann, chat, other) = (UserId::new(), ChatId::new(), ChatId::new());
        let begun = Instant::now();
        watched.pass(news(chat, 1), begun);
        let joined = begun + Duration::from_millis(5);
        watched.pass(news(chat, 2), joined);
        watched.pass(news(other, 1), joined);
        assert_eq!(watched.watch(ann, &[chat], joined), [news(chat, 2)]);
        assert!(watched.has(chat) && !watched.has(other));
    }

    #[test]
    fn a_chat_is_watched_as_long_as_somebody_is_here() {
        let mut watched = Watched::default();
        let (ann, bob, chat) = (UserId::new(), UserId::new(), ChatId::new());
        watched.watch(ann, &[chat], Instant::now());
        watched.watch(ann, &[chat], Instant::now());
        watched.watch(bob, &[chat], Instant::now());
        watched.leave(ann);
        assert!(watched.has(chat));
        watched.leave(bob);
        assert!(!watched.has(chat) && watched.count() == 0 && !watched.knows(bob));
    }
}
