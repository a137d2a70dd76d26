//! Answers that need a query. The chat waits for them, so that what they show is exactly what was told: nothing less, nothing
//! twice. What is asked for and what is told of it, the features know.
use std::time::Instant;

use actix::prelude::*;
use futures_util::FutureExt;
use tokio::sync::oneshot;

use super::{
    actor::{Chat, Fetch},
    recover::{Work, refuse, tell},
};
use crate::{
    domain::{ChatId, Seq},
    panics::{Panic, catch, caught},
    presence::{Caller, Presence},
    store::{DEADLINES, Fault, Page, Span, Store, in_time},
};

/// Something that is answered after a query.
pub(super) enum Lookup {
    /// A page.
    Page(Fetch),
    /// The other sockets of a user who has read up to `seq` want to know what is left.
    Unread { caller: Caller, seq: Seq },
}

/// The same with its query.
pub(super) enum Planned {
    Page(Fetch, Span),
    Unread { caller: Caller, seq: Seq, upto: Seq },
}

/// The same with its answer.
enum Found {
    Page(Fetch, Result<Page, Fault>),
    Unread { caller: Caller, seq: Seq, unread: Result<i64, Fault> },
}

impl Chat {
    /// Looks one thing up after the other, all in the time that one has; the mailbox waits. Those who wait for the chat to
    /// be settled are answered by the drop of their senders, when nothing is left to look up.
    pub(super) fn look_up(&mut self, lookups: Vec<Lookup>, settled: Vec<oneshot::Sender<()>>, ctx: &mut Context<Self>) {
        let plan = |lookup: Lookup| {
            let owed = lookup.owed();
            let planned = catch(|| self.plan(lookup));
            let planned = outlive(&self.shared.presence, self.id, owed.as_ref(), planned).flatten()?;
            Some((owed, planned))
        };
        let all: Vec<(Option<Caller>, Planned)> = lookups.into_iter().filter_map(plan).collect();
        let mut store = Some(self.shared.store.clone()).filter(|_| !self.backs_off());
        let presence = self.shared.presence.clone();
        let chat = self.id;
        let work = async move {
            let until = Instant::now() + DEADLINES.query;
            let mut all_found = Vec::with_capacity(all.len());
            for (owed, planned) in all {
                let found = caught(planned.ask(store.as_ref(), chat, until).boxed_local()).await;
                let Some(found) = outlive(&presence, chat, owed.as_ref(), found) else { continue };
                store = store.filter(|_| !found.failed());
                all_found.push((owed, found));
            }
            (all_found, store.is_none())
        };
        self.wait_for("answering", ctx, work, move |chat, (all_found, failed), _| {
            if failed && !chat.backs_off() {
                chat.back_off();
            }
            for (owed, found) in all_found {
                outlive(&chat.shared.presence, chat.id, owed.as_ref(), catch(|| chat.tell_found(found)));
            }
            drop(settled);
        });
    }

    fn plan(&self, lookup: Lookup) -> Option<Planned> {
        match lookup {
            Lookup::Page(fetch) => self.plan_page(fetch),
            Lookup::Unread { caller, seq } => self.plan_unread(caller, seq),
        }
    }

    fn tell_found(&self, found: Found) {
        match found {
            Found::Page(fetch, page) => self.tell_page(&fetch, page),
            Found::Unread { caller, seq, unread } => self.tell_unread(&caller, seq, unread),
        }
    }
}

impl Lookup {
    /// Who waits for an answer.
    fn owed(&self) -> Option<Caller> {
        if let Self::Page(fetch) = self { Some(fetch.caller.clone()) } else { None }
    }
}

/// What a part of a lookup came to. If that is a panic, who waits for it is refused, and nobody else.
fn outlive<T>(presence: &Presence, chat: ChatId, owed: Option<&Caller>, done: Result<T, Panic>) -> Option<T> {
    done.inspect_err(|panic| {
        tell(chat, &owed.map_or(Work::Own("answering"), Work::Request), panic);
        owed.into_iter().for_each(|caller| refuse(presence, caller));
    })
    .ok()
}

impl Planned {
    /// Asks the database, if there is one to be asked.
    async fn ask(self, store: Option<&Store>, chat: ChatId, until: Instant) -> Found {
        let unavailable = || Fault::Unavailable("it failed just now".into());
        match self {
            Self::Page(fetch, span) => {
                let page = match store {
                    Some(store) => in_time(until, store.page(span)).await,
                    None => Err(unavailable()),
                };
                Found::Page(fetch, page)
            }
            Self::Unread { caller, seq, upto } => {
                let unread = match store {
                    // Whoever has read everything has nothing left: the usual case needs no query.
                    Some(_) if seq >= upto => Ok(0),
                    Some(store) => in_time(until, store.unread(chat, caller.user, seq, upto)).await,
                    None => Err(unavailable()),
                };
                Found::Unread { caller, seq, unread }
            }
        }
    }
}

impl Found {
    /// Whether the database was not there.
    fn failed(&self) -> bool {
        match self {
            Self::Page(_, page) => page.as_ref().is_err_and(Fault::is_passing),
            Self::Unread { unread, .. } => unread.as_ref().is_err_and(Fault::is_passing),
        }
    }
}
