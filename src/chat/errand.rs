//! Answers that need a query. The chat waits for them, so that a page shows exactly what was told: nothing less, nothing twice.
use std::time::Instant;

use actix::prelude::*;
use futures_util::FutureExt;
use tokio::sync::oneshot;

use super::{
    actor::{Books, Chat, Fetch, PATIENCE},
    ledger::Ledger,
    recover::{Work, refuse, tell},
};
use crate::{
    domain::{ChatId, Kind, Member, Name, Refusal, Roster, Seq, UserId},
    events::{Answer, GroupMessage, Participants, PersonalMessage, Reads, SelfNote, ServerEvent},
    panics::{Panic, catch, caught},
    presence::{Caller, Presence, packet},
    store::{Fault, Page, Span, Store, Stored, in_time},
};

/// Something that is answered after a query.
pub(super) enum Errand {
    /// A page.
    Page(Fetch),
    /// The other sockets of a user who has read up to `seq` want to know what is left.
    Badge { caller: Caller, seq: Seq },
}

/// An errand with its query.
enum Trip {
    Page(Fetch, Span),
    Badge { caller: Caller, seq: Seq, upto: Seq },
}

/// An errand with its answer.
enum Find {
    Page(Fetch, Result<Page, Fault>),
    Badge { caller: Caller, seq: Seq, unread: Result<i64, Fault> },
}

impl Chat {
    /// Runs errands one after the other, all in the time that one has; the mailbox waits. Those who wait for the chat to
    /// be settled are answered by the drop of their senders, when nothing is left to run.
    pub(super) fn run(&mut self, errands: Vec<Errand>, settled: Vec<oneshot::Sender<()>>, ctx: &mut Context<Self>) {
        let plan = |errand: Errand| {
            let owed = errand.owed();
            let trip = outlive(&self.home.presence, self.id, owed.as_ref(), catch(|| self.plan(errand))).flatten()?;
            Some((owed, trip))
        };
        let trips: Vec<(Option<Caller>, Trip)> = errands.into_iter().filter_map(plan).collect();
        let (mut store, chat) = (Some(self.home.store.clone()).filter(|_| !self.rests()), self.id);
        let presence = self.home.presence.clone();
        let work = async move {
            let until = Instant::now() + PATIENCE;
            let mut finds = Vec::with_capacity(trips.len());
            for (owed, trip) in trips {
                let found = caught(trip.go(store.as_ref(), chat, until).boxed_local()).await;
                let Some(find) = outlive(&presence, chat, owed.as_ref(), found) else { continue };
                store = store.filter(|_| !find.failed());
                finds.push((owed, find));
            }
            (finds, store.is_none())
        };
        self.wait_for("answering", ctx, work, move |chat, (finds, failed), _| {
            if failed && !chat.rests() {
                chat.rest();
            }
            for (owed, find) in finds {
                outlive(&chat.home.presence, chat.id, owed.as_ref(), catch(|| chat.bring(find)));
            }
            drop(settled);
        });
    }

    /// What to ask for. Those who are no members any more are refused here.
    fn plan(&self, errand: Errand) -> Option<Trip> {
        match (errand, &self.books) {
            (Errand::Badge { caller, seq }, Books::Open(ledger)) => {
                Some(Trip::Badge { caller, seq, upto: ledger.newest })
            }
            (Errand::Badge { .. }, _) => None,
            (Errand::Page(fetch), Books::Open(ledger)) => match ledger.told.member(fetch.caller.user) {
                Ok(member) => {
                    let span = self.span(&fetch, member, ledger.newest);
                    Some(Trip::Page(fetch, span))
                }
                Err(refusal) => {
                    self.home.presence.refuse(&fetch.caller, &refusal);
                    None
                }
            },
            (Errand::Page(fetch), _) => {
                self.home.presence.refuse(&fetch.caller, &Refusal::no_such_chat());
                None
            }
        }
    }

    /// What a member may see, up to what was told, of what was asked for.
    fn span(&self, fetch: &Fetch, member: &Member, newest: Seq) -> Span {
        let rules = self.home.rules();
        let after = if rules.history_for_new_members { Seq(0) } else { member.joined };
        let end = newest.next();
        let before = fetch.page.before.map_or(end, |before| before.min(end));
        Span { chat: self.id, after, before, limit: fetch.page.limit, bytes: rules.answer_bytes }
    }

    fn bring(&self, find: Find) {
        match find {
            Find::Page(fetch, page) => self.bring_page(&fetch, page),
            Find::Badge { caller, seq, unread: Ok(unread) } => {
                let event = ServerEvent::ChatRead { chat_id: self.id, seq, unread };
                self.home.presence.tell_own_others(&caller, &packet(&event));
            }
            Find::Badge { unread: Err(fault), .. } => log::error!("chat {}: unread not counted: {fault}", self.id),
        }
    }

    fn bring_page(&self, fetch: &Fetch, page: Result<Page, Fault>) {
        match (page, &self.books) {
            (Ok(page), Books::Open(ledger)) => {
                self.home.presence.tell_caller(&fetch.caller, &shown(self.id, ledger, fetch, page));
                self.home.presence.answer(&fetch.caller, Answer::Done);
            }
            (Ok(_), _) => self.home.presence.refuse(&fetch.caller, &Refusal::no_such_chat()),
            (Err(fault), _) => {
                log::error!("chat {}: page not fetched: {fault}", self.id);
                self.home.presence.refuse(&fetch.caller, &Refusal::unavailable());
            }
        }
    }
}

impl Errand {
    /// Who waits for an answer.
    fn owed(&self) -> Option<Caller> {
        if let Self::Page(fetch) = self { Some(fetch.caller.clone()) } else { None }
    }
}

/// What a part of an errand came to. If that is a panic, who waits for it is refused, and nobody else.
fn outlive<T>(presence: &Presence, chat: ChatId, owed: Option<&Caller>, done: Result<T, Panic>) -> Option<T> {
    done.inspect_err(|panic| {
        tell(chat, &owed.map_or(Work::Own("answering"), Work::Request), panic);
        owed.into_iter().for_each(|caller| refuse(presence, caller));
    })
    .ok()
}

impl Find {
    /// Whether the database was not there.
    fn failed(&self) -> bool {
        let passing = |fault: &Fault| fault.is_passing();
        match self {
            Self::Page(_, page) => page.as_ref().is_err_and(passing),
            Self::Badge { unread, .. } => unread.as_ref().is_err_and(passing),
        }
    }
}

impl Trip {
    /// Asks the database, if there is one to be asked.
    async fn go(self, store: Option<&Store>, chat: ChatId, until: Instant) -> Find {
        let Some(store) = store else { return self.fail() };
        match self {
            Self::Page(fetch, span) => Find::Page(fetch, in_time(until, store.page(span)).await),
            // Whoever has read everything has nothing left: the usual case needs no query.
            Self::Badge { caller, seq, upto } if seq >= upto => Find::Badge { caller, seq, unread: Ok(0) },
            Self::Badge { caller, seq, upto } => {
                let unread = in_time(until, store.unread(chat, caller.user, seq, upto)).await;
                Find::Badge { caller, seq, unread }
            }
        }
    }

    fn fail(self) -> Find {
        let fault = || Fault::Unavailable("it failed just now".into());
        match self {
            Self::Page(fetch, _) => Find::Page(fetch, Err(fault())),
            Self::Badge { caller, seq, .. } => Find::Badge { caller, seq, unread: Err(fault()) },
        }
    }
}

/// A page in the shape that was asked for.
fn shown<'a>(chat: ChatId, ledger: &'a Ledger, fetch: &Fetch, page: Page) -> ServerEvent<'a> {
    let roster = &ledger.told;
    let me = fetch.caller.user;
    let name_of = |user: UserId| roster.name_of(user).map_or("", Name::as_str);
    let has_more = page.has_more;
    match fetch.kind {
        Kind::SelfNotes => ServerEvent::SelfChat {
            messages: page.messages.into_iter().map(note).collect(),
            name: name_of(me),
            chat_id: chat,
            has_more,
        },
        Kind::Personal => ServerEvent::PersonalChat {
            messages: page.messages.into_iter().map(|message| personal(roster, message)).collect(),
            user_id: me,
            user: name_of(me),
            partner: roster.others(me).next().map_or(name_of(me), |partner| partner.name.as_str()),
            chat_id: chat,
            has_more,
        },
        Kind::Group => ServerEvent::GroupChat {
            admin: roster.admin,
            name: roster.name.as_ref().map_or("", Name::as_str),
            description: roster.description.as_ref().map_or("", |description| description.as_str()),
            participants: Participants(&roster.members),
            messages: page.messages.into_iter().map(|message| group(roster, message)).collect(),
            group_id: chat,
            has_more,
        },
    }
}

/// Who of the present members has read a message; senders have read their own.
fn reads(roster: &Roster, message: &Stored) -> Reads {
    let read = |reader: &Member| reader.read >= message.seq || reader.user == message.sender;
    Reads(roster.members.iter().map(|member| (member.user, read(member))).collect())
}

fn note(message: Stored) -> SelfNote {
    SelfNote { content: message.content, timestamp: message.sent_at, id: message.id, seq: message.seq }
}

fn personal(roster: &Roster, message: Stored) -> PersonalMessage {
    PersonalMessage {
        read_status: reads(roster, &message),
        sender: message.sender,
        content: message.content,
        timestamp: message.sent_at,
        id: message.id,
        seq: message.seq,
    }
}

fn group(roster: &Roster, message: Stored) -> GroupMessage {
    GroupMessage {
        read_status: reads(roster, &message),
        content: message.content,
        sender: message.sender_name,
        sender_id: message.sender,
        timestamp: message.sent_at,
        page_id: message.id,
        id: message.id,
        seq: message.seq,
    }
}
