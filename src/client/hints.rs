//! Who is online and who types: what sockets ask and are told of it, and what the database decides and remembers of it now and then.
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use futures_util::future::join3;
use log::Level;
use tokio::time::sleep;

use super::{
    Chatroom, Services,
    unanswered::{Answered, within_deadline},
};
use crate::{
    chat::{Command, Request},
    domain::{ChatId, IdMap, UserId},
    measure::tell,
    presence::Caller,
    store::{Fault, Sight},
};

/// Between two looks at what must be decided again; whoever sees less is told within five seconds.
const DECIDED_EVERY: Duration = Duration::from_secs(1);

/// Between two times that the database learns when those were there last who went, unless they are many.
const SEEN_EVERY: Duration = Duration::from_secs(5 * 60);
const MANY: usize = 4_096;

/// A socket remembers so many chats in which it types.
const MOST_TYPED: usize = 8;

impl Services {
    /// Who of these is online, as far as the caller may see it. The caller's socket is told from now on what changes.
    pub(super) async fn watch_presence(&self, caller: &Caller, asked: Vec<String>) -> Answered {
        let people: Vec<UserId> = asked.iter().filter_map(|id| id.parse().ok()).collect();
        let watching = self.presence.watch(caller, people.clone());
        let sights = if people.is_empty() { Vec::new() } else { self.store.sights(&[caller.user], &people).await? };
        let seen = sights.into_iter().map(|Sight { watched, last_seen, .. }| (watched, last_seen)).collect();
        self.presence.show(caller, &watching, &asked, &seen);
        Ok(())
    }

    /// Decides whatever is doubtful by now.
    async fn decide(&self) -> Result<(), Fault> {
        while let Some(doubt) = self.presence.next_doubt() {
            match within_deadline(self.store.sights(&doubt.watchers, &[doubt.watched])).await {
                Ok(sights) => {
                    let seeing: IdMap<_, _> =
                        sights.into_iter().map(|Sight { watcher, last_seen, .. }| (watcher, last_seen)).collect();
                    self.presence.decide(&doubt, &seeing);
                }
                Err(fault) => {
                    self.presence.doubt_again(&doubt);
                    return Err(fault);
                }
            }
        }
        Ok(())
    }

    async fn remember_last_seen(&self) -> Result<(), Fault> {
        let seen = self.presence.last_seen();
        let logins: Vec<_> = seen.iter().map(|(_, login, at)| (*login, *at)).collect();
        within_deadline(self.store.remember_seen(&logins)).await?;
        self.presence.forget_last_seen(&seen);
        Ok(())
    }
}

impl Chatroom {
    /// Keeps those informed who watch, for as long as the server runs.
    pub async fn keep_informed(self) {
        join3(self.tell_watchers(), self.decide_again(), self.remember()).await;
    }

    /// Has the database remember when those were there last who went. When the server stops, and everybody has gone.
    pub async fn remember_last_seen(&self) {
        let remembered = self.0.remember_last_seen().await;
        said("times at which people went not remembered", remembered);
    }

    async fn tell_watchers(&self) {
        loop {
            let policy = self.0.policy();
            sleep(policy.presence_interval).await;
            self.0.stats.told.add(self.0.presence.tell_watchers(policy.presence_grace));
        }
    }

    async fn decide_again(&self) {
        loop {
            sleep(DECIDED_EVERY).await;
            let decided = self.0.decide().await;
            said("who sees whom not decided", decided);
        }
    }

    async fn remember(&self) {
        let mut last = Instant::now();
        loop {
            sleep(DECIDED_EVERY).await;
            if last.elapsed() >= SEEN_EVERY || self.0.presence.count_gone() >= MANY {
                last = Instant::now();
                self.remember_last_seen().await;
            }
        }
    }
}

/// A fault is told, and what it left undone is tried again later.
fn said(what: &str, done: Result<(), Fault>) {
    if let Err(fault) = done {
        let line = format_args!("{what}: {fault}");
        tell(Level::Error, "hints with a fault of the server", &fault.to_string(), line);
    }
}

/// The chats in which a socket types, the last ones. When it is gone they are told.
pub(super) struct TypedIn {
    services: Arc<Services>,
    caller: Caller,
    chats: Vec<(ChatId, Instant)>,
}

impl TypedIn {
    pub(super) fn new(services: Arc<Services>, caller: Caller) -> Self {
        Self { services, caller, chats: Vec::new() }
    }

    /// The socket types in this chat, or stops.
    pub(super) fn note(&mut self, chat: ChatId, on: bool) {
        self.chats.retain(|(known, _)| *known != chat);
        if on {
            if self.chats.len() >= MOST_TYPED {
                self.chats.remove(0);
            }
            self.chats.push((chat, Instant::now()));
        }
    }
}

impl Drop for TypedIn {
    /// What others have forgotten by now is not told.
    fn drop(&mut self) {
        let expires = self.services.policy().rules.typing.expires;
        for (chat, since) in self.chats.drain(..) {
            if since.elapsed() < expires {
                let command = Command { caller: self.caller.clone(), request: Request::StopTyping };
                self.services.registry.route(chat, command);
            }
        }
    }
}
