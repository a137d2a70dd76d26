//! Pages of a chat's history, in the shapes that were asked for. Each shows exactly what was told: nothing less, nothing twice.
use actix::prelude::*;
use log::Level;

use crate::{
    chat::{
        actor::{Chat, Decided, Fetch, LedgerState, Waiting, Wanted},
        ledger::Ledger,
        lookup::{Lookup, PageFetch, Planned},
    },
    domain::{ChatId, Kind, Member, Name, Own, Refusal, Roster, Seq, StoredMessage, UserId},
    events::{Answer, InPage, Message, PageEvent, PageRequest, PageState, Participants, Reads, Reply},
    measure::tell,
    presence::Caller,
    store::{Annotations, Fault, Page, Span, Viewer},
};

impl Chat {
    pub(in crate::chat) fn fetch(
        &mut self,
        caller: &Caller,
        kind: Kind,
        page: PageRequest,
        ctx: &mut Context<Self>,
    ) -> Decided {
        let ledger = self.ledger()?;
        ledger.admits(caller.user, kind)?;
        if kind == Kind::Group && ledger.decided.kind != Kind::Group {
            return Err(Refusal::no_such_chat());
        }
        self.show(Fetch { caller: caller.clone(), wanted: Wanted::Page(kind, page) }, ctx)
    }

    /// What is to be seen waits behind everything that is pending, so that callers read their own writes.
    pub(in crate::chat) fn show(&mut self, fetch: Fetch, ctx: &mut Context<Self>) -> Decided {
        let bound = self.shared.mailbox_capacity();
        let ledger = self.ledger()?;
        if ledger.pending() == 0 {
            self.look_up(vec![Lookup::Fetch(fetch)], Vec::new(), ctx);
            return Ok(());
        }
        let after = ledger.entered;
        if self.waiting.len() >= bound {
            return Err(Refusal::busy());
        }
        self.waiting.push_back((after, Waiting::Fetch(fetch)));
        Ok(())
    }

    /// What to ask for. Those who are no members any more are refused here.
    pub(in crate::chat) fn plan_page(&self, fetch: PageFetch) -> Option<Planned> {
        let span = self.viewer(&fetch.caller).map(|(viewer, newest)| self.span(&fetch, viewer, newest));
        match span {
            Ok(span) => Some(Planned::Page(fetch, span)),
            Err(refusal) => {
                self.shared.presence.refuse(&fetch.caller, &refusal);
                None
            }
        }
    }

    /// Who looks, and up to which message there is anything to be seen.
    pub(in crate::chat) fn viewer(&self, caller: &Caller) -> Result<(Viewer, Seq), Refusal> {
        let LedgerState::Loaded(ledger) = &self.state else { return Err(Refusal::no_such_chat()) };
        let member = ledger.told.member(caller.user)?;
        let first = member.first(&self.shared.rules());
        let viewer = Viewer { user: caller.user, first, has_marks: member.own > Own(0) };
        Ok((viewer, ledger.newest))
    }

    /// What a member may see, up to what was told, of what was asked for.
    fn span(&self, fetch: &PageFetch, viewer: Viewer, newest: Seq) -> Span {
        let PageRequest { before, after, limit } = fetch.page;
        let first = Seq(viewer.first.0 - 1);
        let end = newest.next();
        Span {
            chat: self.id,
            after: after.map_or(first, |after| after.max(first)),
            before: before.map_or(end, |before| before.min(end)),
            oldest: after.is_some(),
            limit,
            bytes: self.shared.rules().answer_bytes,
            viewer: Some(viewer),
        }
    }

    pub(in crate::chat) fn tell_page(&self, fetch: &PageFetch, page: Result<Page, Fault>) {
        let presence = &self.shared.presence;
        match (page, &self.state) {
            (Ok(page), LedgerState::Loaded(ledger)) => {
                let first = ledger.told.member(fetch.caller.user).map(|member| member.first(&self.shared.rules()));
                let Ok(first_seq) = first else { return presence.refuse(&fetch.caller, &Refusal::no_such_chat()) };
                presence.tell_caller(&fetch.caller, &shown(self.id, ledger, fetch, &page, first_seq));
                presence.answer(&fetch.caller, Answer::Done);
            }
            (Ok(_), _) => presence.refuse(&fetch.caller, &Refusal::no_such_chat()),
            (Err(fault), _) => {
                let line = format_args!("chat {}: page not fetched: {fault}", self.id);
                tell(Level::Error, "page with a fault of the server", &fault.to_string(), line);
                presence.refuse(&fetch.caller, &unanswered(&fault));
            }
        }
    }
}

/// What somebody hears whose answer the database did not give.
pub(super) fn unanswered(fault: &Fault) -> Refusal {
    if fault.is_passing() { Refusal::unavailable() } else { Refusal::impossible() }
}

/// A page in the shape that was asked for.
fn shown<'a>(
    chat: ChatId,
    ledger: &'a Ledger<Caller>,
    fetch: &PageFetch,
    page: &'a Page,
    first_seq: Seq,
) -> PageEvent<'a> {
    let roster = &ledger.told;
    let me = fetch.caller.user;
    let name_of = |user: UserId| roster.name_of(user).map_or("", Name::as_str);
    let has_more = page.has_more;
    let messages = page.messages.iter().map(|message| in_page(chat, fetch, roster, page, message)).collect();
    let own = roster.member(me).map_or(Own(0), |member| member.own);
    let at = PageState { rev: roster.rev, own, first_seq };
    match fetch.kind {
        Kind::SelfNotes => PageEvent::SelfChat { messages, name: name_of(me), chat_id: chat, has_more, at },
        Kind::Personal => {
            let partner = roster.others(me).next();
            let partner_read_seq = partner.map_or(Seq(0), Member::seen_read);
            PageEvent::PersonalChat {
                messages,
                user_id: me,
                user: name_of(me),
                partner: partner.map_or(name_of(me), |partner| partner.name.as_str()),
                chat_id: chat,
                has_more,
                at,
                partner_read_seq,
                delivered_seq: partner.map_or(Seq(0), Member::arrived),
            }
        }
        Kind::Group => PageEvent::GroupChat {
            admin: roster.admin,
            name: roster.name.as_ref().map_or("", Name::as_str),
            description: roster.description.as_ref().map_or("", |description| description.as_str()),
            participants: Participants(&roster.members),
            messages,
            group_id: chat,
            has_more,
            at,
        },
    }
}

/// In the shape of `kind`: one's notes are shown as a chat of two as well, if that is what was asked for.
fn in_page<'a>(
    chat: ChatId,
    fetch: &PageFetch,
    roster: &Roster,
    page: &'a Page,
    message: &'a StoredMessage,
) -> InPage<'a> {
    let kind = fetch.kind;
    let readers = if kind == Kind::SelfNotes { &[] } else { &*roster.members };
    let reads = reads(readers, fetch.caller.user, message);
    InPage { message: annotated(chat, kind, message, &page.annotations), reads }
}

/// A message for the one whose marks these are, with what it answers.
pub(super) fn annotated<'a>(
    chat: ChatId,
    kind: Kind,
    message: &'a StoredMessage,
    annotations: &'a Annotations,
) -> Message<'a> {
    let reply = message.reply_to.map(|seq| Reply::of(seq, annotations.quoted.get(&seq)));
    Message::stored(kind, chat, message, reply, annotations.marks.get(&message.seq))
}

/// Who of the present members has read a message, as `me` may know; senders have read their own.
fn reads(members: &[Member], me: UserId, message: &StoredMessage) -> Reads {
    let upto = |reader: &Member| if reader.user == me { reader.read } else { reader.seen_read() };
    let read = |reader: &Member| upto(reader) >= message.seq || reader.user == message.sender;
    Reads(members.iter().map(|member| (member.user, read(member))).collect())
}
