//! Who is online for others, who watches whom, and what is to be told of it. Pure: it is told what time it is, what the database
//! decided, and gives what sockets are to hear.
use std::{
    collections::{BTreeSet, HashSet},
    mem,
    time::{Duration, Instant},
};

use super::{
    ConnectionId,
    watcher::{Look, Minute, Sighting, Watched, Watcher},
};
use crate::domain::{Audience, IdHasher, IdMap, LoginId, Privacy, PrivacyChange, Timestamp, UserId};

/// How many of those who went are remembered until the database knows. Of more it is not known when exactly they went.
const MOST_GONE: usize = 1 << 16;

/// Somebody who is online, or was a moment ago.
struct Person {
    sockets: usize,
    /// On how many other nodes.
    far: usize,
    privacy: Privacy,
    /// When the last socket went, if it did.
    left: Option<(Instant, Option<Minute>)>,
}

/// All who are online, and all who watch. What a socket watches is bounded, and goes with the socket.
#[derive(Default)]
pub(super) struct Watches {
    people: IdMap<UserId, Person>,
    /// Those without a socket, until they do not count as online any more.
    leaving: BTreeSet<(Instant, UserId)>,
    /// When those who went were there last, until the database knows.
    gone: IdMap<UserId, (LoginId, Timestamp)>,
    /// The sockets that watch, by their users.
    watchers: IdMap<UserId, Vec<Watcher>>,
    /// Who watches somebody.
    watched: IdMap<UserId, HashSet<UserId, IdHasher>>,
    /// Of whom it must be decided again who sees them: the one who is watched, and who watches.
    doubts: BTreeSet<(UserId, UserId)>,
    dirty: Vec<(UserId, ConnectionId)>,
    events: u64,
}

impl Watches {
    /// A socket of somebody was admitted.
    pub(super) fn came(&mut self, user: UserId, privacy: Privacy) {
        let Some(person) = self.people.get_mut(&user) else {
            self.people.insert(user, Person { sockets: 1, far: 0, privacy, left: None });
            self.gone.remove(&user);
            return self.changed(user);
        };
        if let Some((left, _)) = person.left.take() {
            self.leaving.remove(&(left, user));
            self.gone.remove(&user);
            person.privacy = privacy;
        }
        person.sockets += 1;
    }

    /// An admitted socket of somebody is gone, that was opened by `login`.
    pub(super) fn went(&mut self, user: UserId, login: LoginId, now: Instant, at: Timestamp) {
        let Some(person) = self.people.get_mut(&user) else { return };
        person.sockets = person.sockets.saturating_sub(1);
        if person.sockets == 0 && person.far == 0 {
            person.left = Some((now, Minute::of(at)));
            self.leaving.insert((now, user));
            if self.gone.len() < MOST_GONE {
                self.gone.insert(user, (login, at));
            }
        }
    }

    /// Somebody is on another node.
    pub(super) fn came_far(&mut self, user: UserId, privacy: Privacy) {
        let Some(person) = self.people.get_mut(&user) else {
            self.people.insert(user, Person { sockets: 0, far: 1, privacy, left: None });
            return self.changed(user);
        };
        person.far += 1;
        if let Some((left, _)) = person.left.take() {
            self.leaving.remove(&(left, user));
        }
    }

    /// Somebody is not on another node any more.
    pub(super) fn went_far(&mut self, user: UserId, now: Instant, at: Timestamp) {
        let Some(person) = self.people.get_mut(&user) else { return };
        person.far = person.far.saturating_sub(1);
        if person.sockets == 0 && person.far == 0 && person.left.is_none() {
            person.left = Some((now, Minute::of(at)));
            self.leaving.insert((now, user));
        }
    }

    /// Those who have a socket here, and what they let others know.
    pub(super) fn here(&self) -> Vec<(UserId, Privacy)> {
        let here = self.people.iter().filter(|(_, person)| person.sockets > 0);
        here.map(|(user, person)| (*user, person.privacy)).collect()
    }

    /// What somebody who is online lets others know.
    pub(super) fn privacy(&self, user: UserId) -> Option<Privacy> {
        self.people.get(&user).map(|person| person.privacy)
    }

    /// Those who went longer than `grace` ago do not count as online any more.
    pub(super) fn expire(&mut self, now: Instant, grace: Duration) {
        while let Some((left, user)) = self.leaving.first().copied()
            && now.saturating_duration_since(left) >= grace
        {
            self.leaving.pop_first();
            let at = self.people.remove(&user).and_then(|person| person.left).and_then(|(_, at)| at);
            self.of_each_watcher(user, |watched| watched.last_seen = at.or(watched.last_seen));
            self.changed(user);
        }
    }

    /// A socket watches these people from now on, and nobody else. It sees none of them before that is decided; what is asked
    /// for now is good up to the event that is returned.
    pub(super) fn watch(&mut self, user: UserId, connection: ConnectionId, people: &[UserId]) -> u64 {
        // What waits to be told goes by the socket, not by what it watches: it stands there once.
        let is_dirty = self.unwatch(user, connection);
        let mut ids = people.to_vec();
        ids.sort_unstable();
        ids.dedup();
        if !ids.is_empty() {
            for id in &ids {
                self.watched.entry(*id).or_default().insert(user);
            }
            let new = |user| Watched { user, is_seen: false, last_seen: None, told: Look::default(), doubted: 0 };
            let list = ids.into_iter().map(new).collect();
            self.watchers.entry(user).or_default().push(Watcher { connection, list, is_dirty });
        }
        self.events
    }

    /// A socket watches nobody any more. Says whether it stands among those to whom something may have to be told.
    pub(super) fn unwatch(&mut self, user: UserId, connection: ConnectionId) -> bool {
        let Some(sockets) = self.watchers.get_mut(&user) else { return false };
        let Some(at) = sockets.iter().position(|watcher| watcher.connection == connection) else { return false };
        let gone = sockets.swap_remove(at);
        for Watched { user: id, .. } in &gone.list {
            let id = *id;
            if sockets.iter().all(|other| other.find(id).is_none()) {
                self.doubts.remove(&(id, user));
                if let Some(by) = self.watched.get_mut(&id)
                    && by.remove(&user)
                    && by.is_empty()
                {
                    self.watched.remove(&id);
                }
            }
        }
        if sockets.is_empty() {
            self.watchers.remove(&user);
        }
        gone.is_dirty
    }

    /// It was decided whom of `people` a user may see, by what was asked for at `event`: those who are in `sights`.
    pub(super) fn decide(
        &mut self,
        user: UserId,
        people: &[UserId],
        event: u64,
        sights: &IdMap<UserId, Option<Timestamp>>,
    ) {
        let Some(sockets) = self.watchers.get_mut(&user) else { return };
        for watcher in sockets {
            for id in people {
                let Some(watched) = watcher.find_mut(*id).filter(|watched| watched.doubted <= event) else { continue };
                let sight = sights.get(id);
                watched.is_seen = sight.is_some();
                watched.last_seen = watched.last_seen.max(sight.copied().flatten().and_then(Minute::of));
                watcher.soil(user, &mut self.dirty);
            }
        }
    }

    /// How those look whom a socket watches. It counts as told.
    pub(super) fn show(&mut self, user: UserId, connection: ConnectionId) -> Vec<Sighting> {
        let Some(sockets) = self.watchers.get_mut(&user) else { return Vec::new() };
        let watcher = sockets.iter_mut().find(|watcher| watcher.connection == connection);
        let list = watcher.map(|watcher| &mut watcher.list).into_iter().flatten();
        list.map(|watched| {
            watched.told = look(&self.people, &self.gone, watched);
            watched.sighting()
        })
        .collect()
    }

    /// The chats of `some` with `others` got one fewer: it must be decided again who of the ones sees whom of the others.
    pub(super) fn part(&mut self, some: &[UserId], others: &[UserId]) {
        self.events += 1;
        for (seen, seeing) in [(some, others), (others, some)] {
            for watched in seen {
                let Some(by) = self.watched.get(watched) else { continue };
                let watch: Vec<UserId> = seeing.iter().filter(|user| by.contains(user)).copied().collect();
                watch.into_iter().for_each(|watcher| self.doubt(*watched, watcher));
            }
        }
    }

    /// The sockets of others that watch somebody.
    pub(super) fn watching(&self, watched: UserId) -> Vec<(UserId, ConnectionId)> {
        let by = self.watched.get(&watched).into_iter().flatten().filter(|user| **user != watched);
        let sockets = by.flat_map(|user| self.watchers.get(user).into_iter().flatten().map(|socket| (*user, socket)));
        sockets
            .filter(|(_, socket)| socket.find(watched).is_some())
            .map(|(user, socket)| (user, socket.connection))
            .collect()
    }

    /// Somebody lets others know something else from now on.
    pub(super) fn choose(&mut self, user: UserId, change: &PrivacyChange) {
        if let Some(person) = self.people.get_mut(&user) {
            person.privacy = person.privacy.with(change);
        }
        match change.presence {
            Some(Audience::Nobody) => self.hide(user),
            Some(_) => {
                self.events += 1;
                let by: Vec<UserId> = self.watched.get(&user).into_iter().flatten().copied().collect();
                by.into_iter().for_each(|watcher| self.doubt(user, watcher));
            }
            None => {}
        }
    }

    /// Nobody sees somebody any more.
    pub(super) fn hide(&mut self, user: UserId) {
        self.events += 1;
        let event = self.events;
        self.of_each_watcher(user, |watched| {
            watched.is_seen = false;
            watched.doubted = event;
        });
        self.changed(user);
    }

    /// Somebody who is watched, some of those who watch, of whom it must be decided again who of them may, and the event up to
    /// which that is good.
    pub(super) fn next_doubt(&mut self, most: usize) -> Option<(UserId, Vec<UserId>, u64)> {
        let (watched, _) = *self.doubts.first()?;
        let next = self.doubts.iter().take_while(|(user, _)| *user == watched).take(most);
        let watchers: Vec<UserId> = next.map(|(_, watcher)| *watcher).collect();
        for watcher in &watchers {
            self.doubts.remove(&(watched, *watcher));
        }
        Some((watched, watchers, self.events))
    }

    /// It could not be decided.
    pub(super) fn doubt_again(&mut self, watched: UserId, watchers: &[UserId]) {
        for watcher in watchers {
            if self.watched.get(&watched).is_some_and(|by| by.contains(watcher)) {
                self.doubts.insert((watched, *watcher));
            }
        }
    }

    /// The sockets to whom something may have to be told: what comes from now on waits for the next time.
    pub(super) fn take_dirty(&mut self) -> Vec<(UserId, ConnectionId)> {
        mem::take(&mut self.dirty)
    }

    /// What a socket has not been told yet of those whom it watches: the latest of each. It counts as told.
    pub(super) fn news(&mut self, user: UserId, connection: ConnectionId) -> Vec<Sighting> {
        let Some(sockets) = self.watchers.get_mut(&user) else { return Vec::new() };
        let Some(watcher) = sockets.iter_mut().find(|watcher| watcher.connection == connection) else {
            return Vec::new();
        };
        watcher.is_dirty = false;
        let mut news = Vec::new();
        for watched in &mut watcher.list {
            let now = look(&self.people, &self.gone, watched);
            if mem::replace(&mut watched.told, now) != now {
                news.push(watched.sighting());
            }
        }
        news
    }

    /// How many of those who went the database does not know of.
    pub(super) fn gone(&self) -> usize {
        self.gone.len()
    }

    /// When those were there last who went, for the database to know.
    pub(super) fn seen(&self) -> Vec<(UserId, LoginId, Timestamp)> {
        self.gone.iter().map(|(user, (login, at))| (*user, *login, *at)).collect()
    }

    /// The database knows this now.
    pub(super) fn forget_seen(&mut self, known: &[(UserId, LoginId, Timestamp)]) {
        for (user, login, at) in known {
            if self.gone.get(user) == Some(&(*login, *at)) {
                self.gone.remove(user);
            }
        }
    }

    /// How many sockets watch.
    pub(super) fn count(&self) -> usize {
        self.watchers.values().map(Vec::len).sum()
    }

    /// Whether nothing is kept.
    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        let nobody = self.people.is_empty() && self.leaving.is_empty() && self.gone.is_empty();
        let nothing = self.watchers.is_empty() && self.watched.is_empty() && self.doubts.is_empty();
        nobody && nothing && self.dirty.is_empty()
    }

    fn doubt(&mut self, watched: UserId, watcher: UserId) {
        self.doubts.insert((watched, watcher));
        for socket in self.watchers.get_mut(&watcher).into_iter().flatten() {
            if let Some(watched) = socket.find_mut(watched) {
                watched.doubted = self.events;
            }
        }
    }

    /// Something about somebody may look another way now.
    fn changed(&mut self, user: UserId) {
        for by in self.watched.get(&user).into_iter().flatten() {
            for watcher in self.watchers.get_mut(by).into_iter().flatten() {
                if watcher.find(user).is_some() {
                    watcher.soil(*by, &mut self.dirty);
                }
            }
        }
    }

    fn of_each_watcher(&mut self, user: UserId, mut change: impl FnMut(&mut Watched)) {
        for by in self.watched.get(&user).into_iter().flatten() {
            let sockets = self.watchers.get_mut(by).into_iter().flatten();
            sockets.filter_map(|watcher| watcher.find_mut(user)).for_each(&mut change);
        }
    }
}

/// How somebody looks to a watcher now.
fn look(people: &IdMap<UserId, Person>, gone: &IdMap<UserId, (LoginId, Timestamp)>, watched: &Watched) -> Look {
    if !watched.is_seen {
        return Look::default();
    }
    if people.contains_key(&watched.user) {
        return Look { is_online: true, last_seen: None };
    }
    let kept = gone.get(&watched.user).and_then(|(_, at)| Minute::of(*at));
    Look { is_online: false, last_seen: watched.last_seen.max(kept) }
}
