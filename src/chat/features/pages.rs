//! Pages of a chat's history, in the shapes that were asked for. Each shows exactly what was told: nothing less, nothing twice.
use actix::prelude::*;
use log::Level;

use crate::{
    chat::{
        actor::{Chat, Decided, Fetch, LedgerState, Waiting},
        ledger::Ledger,
        lookup::{Lookup, Planned},
    },
    domain::{ChatId, Kind, Member, Name, Refusal, Roster, Seq, UserId},
    events::{Answer, InPage, Message, PageEvent, PageRequest, Participants, Reads},
    measure::tell,
    presence::Caller,
    store::{Fault, Page, Span, Stored},
};

impl Chat {
    /// A page waits behind everything that is pending, so that callers read their own writes.
    pub(in crate::chat) fn fetch(
        &mut self,
        caller: &Caller,
        kind: Kind,
        page: PageRequest,
        ctx: &mut Context<Self>,
    ) -> Decided {
        let bound = self.shared.mailbox_capacity();
        let ledger = self.ledger()?;
        ledger.admits(caller.user, kind)?;
        if kind == Kind::Group && ledger.decided.kind != Kind::Group {
            return Err(Refusal::no_such_chat());
        }
        let fetch = Fetch { caller: caller.clone(), kind, page };
        if ledger.pending() == 0 {
            self.look_up(vec![Lookup::Page(fetch)], Vec::new(), ctx);
            return Ok(());
        }
        let after = ledger.entered;
        if self.waiting.len() >= bound {
            return Err(Refusal::busy());
        }
        self.waiting.push_back((after, Waiting::Page(fetch)));
        Ok(())
    }

    /// What to ask for. Those who are no members any more are refused here.
    pub(in crate::chat) fn plan_page(&self, fetch: Fetch) -> Option<Planned> {
        let planned = match &self.state {
            LedgerState::Loaded(ledger) => {
                let member = ledger.told.member(fetch.caller.user);
                member.map(|member| self.span(&fetch, member, ledger.newest))
            }
            LedgerState::Absent | LedgerState::Unloaded => Err(Refusal::no_such_chat()),
        };
        match planned {
            Ok(span) => Some(Planned::Page(fetch, span)),
            Err(refusal) => {
                self.shared.presence.refuse(&fetch.caller, &refusal);
                None
            }
        }
    }

    /// What a member may see, up to what was told, of what was asked for.
    fn span(&self, fetch: &Fetch, member: &Member, newest: Seq) -> Span {
        let rules = self.shared.rules();
        let after = if rules.history_for_new_members { Seq(0) } else { member.joined };
        let end = newest.next();
        let before = fetch.page.before.map_or(end, |before| before.min(end));
        Span { chat: self.id, after, before, limit: fetch.page.limit, bytes: rules.answer_bytes }
    }

    pub(in crate::chat) fn tell_page(&self, fetch: &Fetch, page: Result<Page, Fault>) {
        let presence = &self.shared.presence;
        match (page, &self.state) {
            (Ok(page), LedgerState::Loaded(ledger)) => {
                presence.tell_caller(&fetch.caller, &shown(self.id, ledger, fetch, &page));
                presence.answer(&fetch.caller, Answer::Done);
            }
            (Ok(_), _) => presence.refuse(&fetch.caller, &Refusal::no_such_chat()),
            (Err(fault), _) => {
                let line = format_args!("chat {}: page not fetched: {fault}", self.id);
                tell(Level::Error, "page with a fault of the server", &fault.to_string(), line);
                let refusal = if fault.is_passing() { Refusal::unavailable() } else { Refusal::impossible() };
                presence.refuse(&fetch.caller, &refusal);
            }
        }
    }
}

/// A page in the shape that was asked for.
fn shown<'a>(chat: ChatId, ledger: &'a Ledger<Caller>, fetch: &Fetch, page: &'a Page) -> PageEvent<'a> {
    let roster = &ledger.told;
    let me = fetch.caller.user;
    let name_of = |user: UserId| roster.name_of(user).map_or("", Name::as_str);
    let has_more = page.has_more;
    let messages = page.messages.iter().map(|message| in_page(chat, fetch.kind, roster, message)).collect();
    match fetch.kind {
        Kind::SelfNotes => PageEvent::SelfChat { messages, name: name_of(me), chat_id: chat, has_more },
        Kind::Personal => PageEvent::PersonalChat {
            messages,
            user_id: me,
            user: name_of(me),
            partner: roster.others(me).next().map_or(name_of(me), |partner| partner.name.as_str()),
            chat_id: chat,
            has_more,
        },
        Kind::Group => PageEvent::GroupChat {
            admin: roster.admin,
            name: roster.name.as_ref().map_or("", Name::as_str),
            description: roster.description.as_ref().map_or("", |description| description.as_str()),
            participants: Participants(&roster.members),
            messages,
            group_id: chat,
            has_more,
        },
    }
}

/// In the shape of `kind`: one's notes are shown as a chat of two as well, if that is what was asked for.
fn in_page<'a>(chat: ChatId, kind: Kind, roster: &Roster, message: &'a Stored) -> InPage<'a> {
    let readers = if kind == Kind::SelfNotes { &[] } else { &*roster.members };
    let reads = reads(readers, message);
    let message = Message {
        kind,
        chat,
        id: message.id,
        seq: message.seq,
        sender: message.sender,
        sender_name: &message.sender_name,
        content: &message.content,
        timestamp: message.sent_at,
        client_id: None,
    };
    InPage { message, reads }
}

/// Who of the present members has read a message; senders have read their own.
fn reads(members: &[Member], message: &Stored) -> Reads {
    let read = |reader: &Member| reader.read >= message.seq || reader.user == message.sender;
    Reads(members.iter().map(|member| (member.user, read(member))).collect())
}
