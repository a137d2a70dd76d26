//! Who is online for others, and what of it whoever watches is told; and what arrived. All of it in memory.
use std::{
    sync::{MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use super::{Arrival, Caller, ConnectionId, Presence, Sighting, packet, watches::Watches};
use crate::{
    domain::{ChatId, IdMap, Listed, LoginId, Privacy, PrivacyChange, Timestamp, UserId},
    events::{HintEvent, PresenceRow},
    socket::Packet,
};

/// So many sockets are told of those whom they watch before others have their turn.
const TOLD_AT_ONCE: usize = 16;

/// So many watchers of one person are decided about at once.
const DECIDED_AT_ONCE: usize = 200;

/// Somebody who is watched and some who watch, of whom it must be decided again who of them may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// Who is watched.
    pub watched: UserId,
    /// Who watches.
    pub watchers: Vec<UserId>,
    event: u64,
}

/// What a socket began to watch, until it is decided what of it it sees.
#[derive(Debug)]
pub struct Watching {
    people: Vec<UserId>,
    event: u64,
}

impl Presence {
    /// The socket of a user is admitted: from now on the user is online for others.
    pub fn admit(&self, user: UserId, privacy: Privacy) {
        self.watches().came(user, privacy);
    }

    /// An admitted socket is gone, that `login` opened.
    pub fn retire(&self, user: UserId, login: LoginId, connection: ConnectionId) {
        let mut watches = self.watches();
        watches.unwatch(user, connection);
        watches.went(user, login, Instant::now(), Timestamp::now());
    }

    /// What somebody with an admitted socket lets others know.
    pub fn privacy(&self, user: UserId) -> Option<Privacy> {
        self.watches().privacy(user)
    }

    /// Somebody lets others know something else: those who watch are told within an interval if they see less, or once it is
    /// decided that they see more.
    pub fn choose(&self, user: UserId, change: &PrivacyChange) {
        self.watches().choose(user, change);
    }

    /// The same by what is to be let known then. Says whether that is another than before.
    pub fn set_privacy(&self, user: UserId, privacy: Privacy) -> bool {
        let before = self.privacy(user);
        let is_new = before.is_some_and(|before| before != privacy);
        if is_new {
            self.choose(user, &PrivacyChange::to(privacy));
        }
        is_new
    }

    /// Tells all sockets of others that watch `user`.
    pub fn tell_watching(&self, user: UserId, packet: &Packet) {
        let watching = self.watches().watching(user);
        watching.into_iter().for_each(|(watcher, connection)| self.tell_socket(watcher, connection, packet));
    }

    /// The account of `user` is gone, and nobody sees it any more.
    pub fn vanish(&self, user: UserId) {
        self.watches().hide(user);
    }

    /// `user` and `others` have one chat in common fewer.
    pub fn part(&self, user: UserId, others: &[UserId]) {
        self.watches().part(&[user], others);
    }

    /// All of `members` have one chat in common fewer.
    pub fn disband(&self, members: &[UserId]) {
        self.watches().part(members, members);
    }

    /// The caller's socket watches these people from now on, and nobody else.
    pub fn watch(&self, caller: &Caller, people: Vec<UserId>) -> Watching {
        let mut watches = self.watches();
        // One that is gone leaves nothing behind: whoever takes it away from here looks after it has left.
        let people = if self.has(caller) { people } else { Vec::new() };
        let event = watches.watch(caller.user, caller.connection, &people);
        Watching { people, event }
    }

    fn has(&self, caller: &Caller) -> bool {
        let sockets = self.0.online.get(&caller.user);
        sockets.is_some_and(|sockets| sockets.iter().any(|socket| socket.connection == caller.connection))
    }

    /// It is decided whom of them the caller sees: those in `sights`, with the time that the database knows. Tells how all look
    /// who are asked for, in that order; nothing that is told of them later overtakes it.
    pub fn show(
        &self,
        caller: &Caller,
        watching: &Watching,
        asked: &[String],
        sights: &IdMap<UserId, Option<Timestamp>>,
    ) {
        let mut watches = self.watches();
        watches.decide(caller.user, &watching.people, watching.event, sights);
        let shown = watches.show(caller.user, caller.connection);
        let shown: IdMap<UserId, Sighting> = shown.into_iter().map(|sighting| (sighting.user, sighting)).collect();
        let sighting = |id: &str| id.parse().ok().and_then(|user| shown.get(&user)).map(seen);
        let users = asked.iter().map(|id| PresenceRow::of(id, sighting(id))).collect();
        self.grant_or_tell(caller, &HintEvent::PresenceList { users });
    }

    /// What must be decided again next.
    pub fn next_doubt(&self) -> Option<Doubt> {
        let (watched, watchers, event) = self.watches().next_doubt(DECIDED_AT_ONCE)?;
        Some(Doubt { watched, watchers, event })
    }

    /// It is decided: those in `sights` see the one who is watched.
    pub fn decide(&self, doubt: &Doubt, sights: &IdMap<UserId, Option<Timestamp>>) {
        let mut watches = self.watches();
        for watcher in &doubt.watchers {
            let sight: IdMap<UserId, _> = sights.get(watcher).map(|at| (doubt.watched, *at)).into_iter().collect();
            watches.decide(*watcher, &[doubt.watched], doubt.event, &sight);
        }
    }

    /// It could not be decided, and must be later.
    pub fn doubt_again(&self, doubt: &Doubt) {
        self.watches().doubt_again(doubt.watched, &doubt.watchers);
    }

    /// Tells each socket that watches what it does not know yet, in one packet. Those who went longer than `grace` ago are
    /// offline now. To be called once an interval. Says how many sockets were told.
    pub fn tell_watchers(&self, grace: Duration) -> u64 {
        let dirty = {
            let mut watches = self.watches();
            watches.expire(Instant::now(), grace);
            watches.take_dirty()
        };
        let mut told = 0;
        for some in dirty.chunks(TOLD_AT_ONCE) {
            // Told under the lock, so that no answer to a socket stands before what is older.
            let mut watches = self.watches();
            for (user, connection) in some {
                let news = watches.news(*user, *connection);
                if !news.is_empty() {
                    self.tell_news(*user, *connection, &news);
                    told += 1;
                }
            }
        }
        told
    }

    fn tell_news(&self, user: UserId, connection: ConnectionId, news: &[Sighting]) {
        let ids: Vec<String> = news.iter().map(|sighting| sighting.user.to_string()).collect();
        let users = ids.iter().zip(news).map(|(id, sighting)| PresenceRow::of(id, Some(seen(sighting)))).collect();
        self.tell_socket(user, connection, &packet(&HintEvent::Presence { users }));
    }

    /// When those were there last who went since, for the database to know.
    pub fn last_seen(&self) -> Vec<(UserId, LoginId, Timestamp)> {
        self.watches().seen()
    }

    /// Of how many of those who went the database does not know.
    pub fn count_gone(&self) -> usize {
        self.watches().gone()
    }

    /// The database knows it.
    pub fn forget_last_seen(&self, known: &[(UserId, LoginId, Timestamp)]) {
        self.watches().forget_seen(known);
    }

    /// How many sockets watch somebody.
    pub fn count_watching(&self) -> usize {
        self.watches().count()
    }

    /// Notes how far messages of a chat of two arrived at a member, or that the member wrote.
    pub fn note_arrival(&self, chat: ChatId, user: UserId, arrival: Arrival) {
        self.0.arrivals.note(chat, user, arrival);
    }

    /// What is noted of a member and not stored yet.
    pub fn arrival(&self, chat: ChatId, user: UserId) -> Arrival {
        self.0.arrivals.of(chat, user)
    }

    /// Takes at most so much of what is noted, for the database. Nothing more comes before that is settled.
    pub fn take_arrivals(&self, most: usize) -> Vec<((ChatId, UserId), Arrival)> {
        self.0.arrivals.take(most)
    }

    /// Of how many members something is noted.
    pub fn count_arrivals(&self) -> usize {
        self.0.arrivals.count()
    }

    /// Adds to chats of two in a list what the database is not told yet.
    pub fn add_arrivals(&self, personal: &mut [Listed]) {
        for listed in personal {
            if let Some(partner) = listed.partner {
                let Arrival { upto, .. } = self.arrival(listed.chat, partner);
                listed.partner_delivered = listed.partner_delivered.max(upto);
            }
        }
    }

    /// What was taken is stored, or waits again.
    pub fn settle_arrivals(&self, is_stored: bool) {
        self.0.arrivals.settle(is_stored);
    }

    /// Nothing that runs under the lock can leave it half done.
    pub(super) fn watches(&self) -> MutexGuard<'_, Watches> {
        self.0.watches.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn seen(sighting: &Sighting) -> (bool, Option<Timestamp>) {
    (sighting.is_online, sighting.last_seen)
}
