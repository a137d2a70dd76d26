//! Answers that need a query. The chat waits for them, so that what they show is exactly what was told: nothing less, nothing
//! twice. What is asked for and what is told of it, the features know.
use std::time::Instant;

use actix::prelude::*;
use futures_util::FutureExt;
use tokio::sync::oneshot;

use super::{
    actor::{Chat, Fetch, Wanted},
    command::Said,
    recover::{Work, refuse, tell},
};
use crate::{
    domain::{Activity, ChatId, Emoji, Kind, Refusal, Seq, StoredMessage, UserId},
    events::{Look, PageRequest},
    panics::{Panic, catch, caught},
    presence::{Caller, Presence},
    store::{Annotations, Banned, DEADLINES, Fault, Page, Span, Store, Unread, Viewer, in_time},
};

/// Something that is answered after a query.
pub(super) enum Lookup {
    /// What somebody wants to see.
    Fetch(Fetch),
    /// The other sockets of a user who has read up to `seq` want to know what is left.
    Unread { caller: Caller, seq: Seq },
}

/// The same with its query.
pub(super) enum Planned {
    Page(PageFetch, Span),
    Look(Caller, Look, Viewer),
    Copy(Copy),
    /// What was said after `after` counts: what is cleared away does not.
    Unread {
        caller: Caller,
        seq: Seq,
        after: Seq,
        upto: Seq,
    },
}

/// What a message says, for somebody who wants to say it elsewhere.
pub(super) struct Copy {
    pub caller: Caller,
    pub seq: Seq,
    pub answer: oneshot::Sender<Result<Said, Refusal>>,
}

/// A page as it was asked for.
pub(super) struct PageFetch {
    pub caller: Caller,
    pub kind: Kind,
    pub page: PageRequest,
}

/// The same with its answer.
enum Found {
    Page(PageFetch, Result<Page, Fault>),
    Look(Caller, Look, Result<Seen, Fault>),
    Copy(Copy, Result<Option<StoredMessage>, Fault>),
    Unread { caller: Caller, seq: Seq, unread: Result<Unread, Fault> },
}

/// What is seen of a chat beside its pages.
pub(super) enum Seen {
    /// All of it is known already.
    Chat,
    /// What happened: one more than was wanted if there is more.
    Activity(Vec<Activity>),
    /// Those who may not come in.
    Bans(Vec<Banned>),
    /// Messages, with what belongs to them.
    Messages(Vec<StoredMessage>, Annotations),
    /// Those who reacted to a message that is there, and with which form of the emoji.
    Reactors(Option<Emoji>, Vec<(UserId, String)>),
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
            Lookup::Fetch(Fetch { caller, wanted: Wanted::Page(kind, page) }) => {
                self.plan_page(PageFetch { caller, kind, page })
            }
            Lookup::Fetch(Fetch { caller, wanted: Wanted::Look(look) }) => self.plan_look(caller, look),
            Lookup::Fetch(Fetch { caller, wanted: Wanted::Copy(seq, answer) }) => {
                Some(Planned::Copy(Copy { caller, seq, answer }))
            }
            Lookup::Unread { caller, seq } => self.plan_unread(caller, seq),
        }
    }

    fn tell_found(&self, found: Found) {
        match found {
            Found::Page(fetch, page) => self.tell_page(&fetch, page),
            Found::Copy(copy, message) => self.give_copy(copy, message),
            Found::Look(caller, look, seen) => self.tell_seen(&caller, &look, seen),
            Found::Unread { caller, seq, unread } => self.tell_unread(&caller, seq, unread),
        }
    }
}

impl Lookup {
    /// Who waits for an answer.
    fn owed(&self) -> Option<Caller> {
        if let Self::Fetch(fetch) = self { Some(fetch.caller.clone()) } else { None }
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
            Self::Look(caller, look, viewer) => {
                let seen = match store {
                    Some(store) => in_time(until, see(store, chat, &look, viewer)).await,
                    None => Err(unavailable()),
                };
                Found::Look(caller, look, seen)
            }
            Self::Copy(copy) => {
                let message = match store {
                    Some(store) => in_time(until, store.message(chat, copy.seq)).await,
                    None => Err(unavailable()),
                };
                Found::Copy(copy, message)
            }
            Self::Unread { caller, seq, after, upto } => {
                let unread = match store {
                    // Whoever has read everything has nothing left: the usual case needs no query.
                    Some(_) if after >= upto => Ok(Unread::default()),
                    Some(store) => in_time(until, store.unread(chat, caller.user, after, upto)).await,
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
            Self::Look(_, _, seen) => seen.as_ref().is_err_and(Fault::is_passing),
            Self::Copy(_, message) => message.as_ref().is_err_and(Fault::is_passing),
            Self::Unread { unread, .. } => unread.as_ref().is_err_and(Fault::is_passing),
        }
    }
}

/// Asks for what is to be seen.
async fn see(store: &Store, chat: ChatId, look: &Look, viewer: Viewer) -> Result<Seen, Fault> {
    Ok(match look {
        Look::Chat => Seen::Chat,
        Look::Activity { before, limit } => Seen::Activity(store.activity(chat, viewer.first, *before, *limit).await?),
        Look::Bans => Seen::Bans(store.bans(chat).await?),
        Look::Pinned => {
            let (messages, annotations) = store.pinned(chat, viewer).await?;
            Seen::Messages(messages, annotations)
        }
        Look::Reactions { seq, emoji } => {
            let message = store.message(chat, *seq).await?;
            let known = message.into_iter().flat_map(|message| message.reactions).map(|reaction| reaction.emoji);
            let form = known.into_iter().find(|known| known.is_same(emoji));
            Seen::Reactors(form, store.reactors(chat, *seq, emoji).await?)
        }
    })
}
