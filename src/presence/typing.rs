//! Who types in a chat, as far as others heard of it. Pure: its chat keeps it, and says what time it is.
use std::time::Instant;

use super::ConnectionId;
use crate::domain::{TypingRules, UserId};

/// Those of whom others heard that they type. A member stands here once, and those who are forgotten by others go with the
/// next one that comes, so there are never more than there are members.
#[derive(Debug, Default)]
pub struct Typists(Vec<Typist>);

#[derive(Debug)]
struct Typist {
    user: UserId,
    /// The socket that said so last.
    connection: ConnectionId,
    /// When others were told last.
    told: Instant,
}

impl Typists {
    /// Whether nobody types.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Somebody types, or types on. Says whether others are to hear it.
    pub fn begin(&mut self, user: UserId, connection: ConnectionId, now: Instant, rules: &TypingRules) -> bool {
        let knows = |typist: &Typist| now.saturating_duration_since(typist.told) < rules.expires.max(rules.pause);
        self.0.retain(knows);
        match self.0.iter_mut().find(|typist| typist.user == user) {
            Some(typist) => {
                typist.connection = connection;
                let is_due = now.saturating_duration_since(typist.told) >= rules.pause;
                if is_due {
                    typist.told = now;
                }
                is_due
            }
            None => {
                self.0.push(Typist { user, connection, told: now });
                true
            }
        }
    }

    /// Somebody stopped. Says whether others are to hear it: those who forgot it by themselves need not.
    pub fn end(&mut self, user: UserId, now: Instant, rules: &TypingRules) -> bool {
        let Some(at) = self.0.iter().position(|typist| typist.user == user) else { return false };
        now.saturating_duration_since(self.0.swap_remove(at).told) < rules.expires
    }

    /// The same for a socket that is gone, unless another of its user said later that it types.
    pub fn gone(&mut self, user: UserId, connection: ConnectionId, now: Instant, rules: &TypingRules) -> bool {
        let was_last = |typist: &Typist| typist.user == user && typist.connection == connection;
        self.0.iter().any(was_last) && self.end(user, now, rules)
    }

    /// Others hear what somebody typed, and forget that it was being typed.
    pub fn said(&mut self, user: UserId) {
        self.0.retain(|typist| typist.user != user);
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::HashMap, time::Duration};

    use proptest::prelude::*;

    use super::*;

    const RULES: TypingRules =
        TypingRules { expires: Duration::from_secs(6), pause: Duration::from_secs(3), members: 64 };

    #[derive(Debug, Clone, Copy)]
    enum Deed {
        Begin,
        End,
        Gone,
        Say,
    }

    fn deed() -> impl Strategy<Value = (Deed, usize, u64, u64)> {
        let deed =
            prop_oneof![Just(Deed::Begin), Just(Deed::Begin), Just(Deed::End), Just(Deed::Gone), Just(Deed::Say)];
        (deed, 0..3usize, 0..2u64, 0..4_000u64)
    }

    proptest! {
        /// What others hear of each person, whatever happens when: a beginning at most once per pause unless something ended
        /// it, an end once and only while they have not forgotten it.
        #[test]
        fn others_hear_of_each_person_no_more_than_they_need(deeds in proptest::collection::vec(deed(), 0..60)) {
            let users: Vec<UserId> = (0..3).map(|_| UserId::new()).collect();
            let connections = [1, 2].map(ConnectionId::numbered);
            let mut typists = Typists::default();
            // By person: when a beginning was told that nothing ended since, and by which socket it was said last.
            let mut model: HashMap<usize, (Instant, u64)> = HashMap::new();
            let mut now = Instant::now();
            for (deed, who, with, after) in deeds {
                now += Duration::from_millis(after);
                let known = model.get(&who).copied();
                let age = known.map(|(told, _)| now - told);
                let connection = connections[with as usize];
                match deed {
                    Deed::Begin => {
                        let told = age.is_none_or(|age| age >= RULES.pause);
                        prop_assert_eq!(typists.begin(users[who], connection, now, &RULES), told);
                        let since = if told { now } else { known.unwrap().0 };
                        model.insert(who, (since, with));
                    }
                    Deed::End => {
                        prop_assert_eq!(typists.end(users[who], now, &RULES), age.is_some_and(|age| age < RULES.expires));
                        model.remove(&who);
                    }
                    Deed::Gone => {
                        let was_last = known.is_some_and(|(_, last)| last == with);
                        let told = was_last && age.is_some_and(|age| age < RULES.expires);
                        prop_assert_eq!(typists.gone(users[who], connection, now, &RULES), told);
                        if was_last {
                            model.remove(&who);
                        }
                    }
                    Deed::Say => {
                        typists.said(users[who]);
                        model.remove(&who);
                    }
                }
                prop_assert!(typists.0.len() <= users.len());
            }
        }
    }
}
