//! From an outcome to those who hear it. Runs once the record is stored, in the order of the decisions.
use std::{time::Instant, vec::IntoIter};

use actix::prelude::*;
use futures_util::{TryStreamExt, stream};

use super::{
    actor::{Books, Chat, Home, PATIENCE, Waiting},
    doubt::Unheard,
    errand::Errand,
    ledger::{Ledger, Pending},
    stats::Stats,
};
use crate::{
    domain::{Change, ChatId, Kind, MessageId, Name, Posted, Refusal, Roster, Seq, Timestamp, UserId},
    events::{Answer, LiveMessage, ServerEvent},
    measure::Tally,
    presence::{Caller, Presence, packet},
    store::{Fault, Outcome, Store, in_time},
    writer::{Committed, Unstored, Verdict},
};

impl Handler<Committed> for Chat {
    type Result = ();

    fn handle(&mut self, Committed(verdicts): Committed, ctx: &mut Self::Context) {
        self.abroad = self.abroad.saturating_sub(verdicts.len());
        self.guard("telling", ctx, |chat, ctx| {
            chat.settle(verdicts, ctx);
            chat.go_on(ctx);
        });
    }
}

impl Chat {
    /// Settles the oldest pending decisions, one per verdict, then runs what waited for them.
    pub(super) fn settle(&mut self, verdicts: Vec<Verdict>, ctx: &mut Context<Self>) {
        self.settle_on(verdicts.into_iter(), Vec::new(), ctx);
    }

    /// The same, with what is to be run already. Messages that nobody has heard of come between, if there are any.
    pub(super) fn settle_on(
        &mut self,
        mut verdicts: IntoIter<Verdict>,
        mut errands: Vec<Errand>,
        ctx: &mut Context<Self>,
    ) {
        let Books::Open(ledger) = &mut self.books else { return };
        let Home { store, presence, stats, .. } = &*self.home;
        let desk = Desk { chat: self.id, store, presence, stats };
        while let Some(verdict) = verdicts.as_slice().first().copied() {
            if let Some(unheard) = unheard(ledger, verdict) {
                return self.catch_up(unheard, verdicts, errands, ctx);
            }
            verdicts.next();
            let Some(pending) = ledger.settle() else { break };
            ledger.forlorn = verdict.is_err_and(|why| why.is_late() || pending.is_change());
            self.outdated |= verdict == Err(Unstored::Unknown);
            if verdict == Err(Unstored::Unknown) {
                self.doubt.get_or_insert(ledger.newest);
            }
            match verdict {
                Ok(unlike @ (Outcome::Gone | Outcome::Overtaken)) => {
                    // The database was changed past these books.
                    self.outdated = true;
                    desk.refuse(ledger, &pending, &unlike_books(&pending, unlike), &desk.stats.refused);
                }
                Ok(outcome) => errands.extend(desk.tell(ledger, pending, outcome)),
                Err(why) => desk.refuse(ledger, &pending, &refusal(why), &desk.stats.refused_by_writer),
            }
        }
        ledger.balance();
        let is_deserted = ledger.told.members.is_empty();
        let (settled, mut answers) = (ledger.settled, Vec::new());
        while self.waiting.front().is_some_and(|(after, _)| *after <= settled) {
            match self.waiting.pop_front() {
                Some((_, Waiting::Page(fetch))) => errands.push(Errand::Page(fetch)),
                Some((_, Waiting::Settled(answer))) => answers.push(answer),
                None => {}
            }
        }
        // Only a deletion leaves nobody.
        if is_deserted {
            self.books = Books::Absent;
        }
        if !errands.is_empty() {
            self.run(errands, answers, ctx);
        }
    }
}

/// What was stored before a message and after the newest that was told: it came true unseen.
fn unheard(ledger: &Ledger, verdict: Verdict) -> Option<Unheard> {
    let (Ok(Outcome::Stored { seq }) | Ok(Outcome::Repeat { seq, .. })) = verdict else { return None };
    (seq > ledger.newest.next()).then_some(Unheard { after: ledger.newest, before: seq })
}

fn refusal(why: Unstored) -> Refusal {
    match why {
        Unstored::Busy => Refusal::busy(),
        Unstored::Late | Unstored::Unknown | Unstored::Never => Refusal::unavailable(),
    }
}

fn unlike_books(pending: &Pending, outcome: Outcome) -> Refusal {
    match (pending, outcome) {
        (Pending::Change { change, .. }, Outcome::Overtaken) => change.overtaken(),
        _ => Refusal::no_such_chat(),
    }
}

/// So many queries for the lists of those who were in a deleted group are under way at once.
const LISTS_AT_ONCE: usize = 2;

/// Where a chat speaks from.
struct Desk<'a> {
    chat: ChatId,
    store: &'a Store,
    presence: &'a Presence,
    stats: &'a Stats,
}

impl Desk<'_> {
    fn refuse(&self, ledger: &mut Ledger, pending: &Pending, refusal: &Refusal, counts: &[Tally]) {
        counts[refusal.code as usize].count();
        ledger.take_back(pending);
        self.presence.refuse(pending.caller(), refusal);
    }

    /// Makes a decision true and tells of it, the caller first: then a panic in what follows leaves nobody without an answer.
    /// What is left to do needs a query.
    fn tell(&self, ledger: &mut Ledger, pending: Pending, outcome: Outcome) -> Option<Errand> {
        match (pending, outcome) {
            (Pending::Post { caller, posted }, Outcome::Repeat { id, seq, sent_at }) => {
                self.stored(&caller, id, seq, sent_at, true);
                if seq > ledger.newest {
                    // It came true unseen: its first answer was lost and it was refused, so nobody has heard it yet.
                    ledger.newest = seq;
                    self.said(&ledger.told, &caller, &Posted { id, sent_at, ..posted }, seq);
                }
                None
            }
            (Pending::Post { caller, posted }, Outcome::Stored { seq }) => {
                ledger.newest = seq;
                self.stored(&caller, posted.id, seq, posted.sent_at, false);
                self.said(&ledger.told, &caller, &posted, seq);
                None
            }
            (Pending::Read { caller, seq }, _) => {
                self.presence.answer(&caller, Answer::Read { chat_id: self.chat, seq });
                let moved = ledger.told.member(caller.user).is_ok_and(|member| member.read < seq);
                ledger.told.mark_read(caller.user, seq);
                if moved {
                    self.read(&ledger.told, &caller, seq);
                }
                (moved && self.presence.has_others(&caller)).then_some(Errand::Badge { caller, seq })
            }
            (Pending::Change { caller, change }, outcome) => {
                self.presence.answer(&caller, Answer::Done);
                let before = ledger.told.clone();
                let newest = if let Outcome::Done { newest } = outcome { newest } else { ledger.newest };
                ledger.told.apply(&change, newest);
                self.changed(&before, &caller, &change);
                if change == Change::Deleted {
                    self.show_lists(&before, caller);
                }
                None
            }
            (Pending::Post { caller, .. }, Outcome::Done { .. } | Outcome::Gone | Outcome::Overtaken) => {
                self.presence.refuse(&caller, &Refusal::unavailable());
                None
            }
        }
    }

    fn stored(&self, caller: &Caller, id: MessageId, seq: Seq, timestamp: Timestamp, repeat: bool) {
        self.stats.acked.count();
        self.presence.answer(caller, Answer::Stored { chat_id: self.chat, id, seq, timestamp, repeat });
    }

    fn said(&self, roster: &Roster, caller: &Caller, posted: &Posted, seq: Seq) {
        let kind = roster.kind;
        let message = || LiveMessage {
            kind,
            chat_id: self.chat,
            group_id: (kind == Kind::Group).then_some(self.chat),
            content: posted.content.as_str(),
            sender: roster.name_of(caller.user).map_or("", Name::as_str),
            sender_id: caller.user,
            id: posted.id,
            seq,
            timestamp: posted.sent_at,
            client_id: posted.client_id.as_ref(),
        };
        let mut sockets = 0;
        if roster.others(caller.user).next().is_some() {
            sockets += self.tell_others(roster, caller.user, &ServerEvent::Received(message()));
        }
        if self.presence.has_others(caller) {
            sockets += self.presence.tell_own_others(caller, &packet(&ServerEvent::Sent(message())));
        }
        self.stats.delivered.add(sockets);
    }

    fn read(&self, roster: &Roster, caller: &Caller, seq: Seq) {
        let (reader, chat_id) = (caller.user, self.chat);
        let event = match roster.kind {
            Kind::Group => ServerEvent::ReadGrpMsgAck { reader, group_id: chat_id, chat_id, seq },
            Kind::Personal | Kind::SelfNotes => ServerEvent::ReadPersonalMsgAck { chat_id, reader, seq },
        };
        self.tell_others(roster, reader, &event);
    }

    /// `roster` is as it was before the change, so that those hear of it who were there.
    fn changed(&self, roster: &Roster, caller: &Caller, change: &Change) {
        let group_id = self.chat;
        let group_name = roster.name.as_ref().map_or("", Name::as_str);
        match change {
            Change::Added { user, name } => {
                let event = ServerEvent::AddMemberSuccess {
                    chat_id: group_id,
                    group_id,
                    member: *user,
                    member_name: name.as_str(),
                };
                self.tell_all(roster, &event);
                self.tell_user(*user, &ServerEvent::NewGrpAdded { chat_id: group_id, group_id, name: group_name });
                self.tell_user(*user, &ServerEvent::CreateGroupChatReceiver { group_id, name: group_name });
            }
            Change::AdminChanged(admin) => {
                self.presence.tell_caller(caller, &ServerEvent::ChangeAdminSuccessCreator { group_id });
                let event = ServerEvent::ChangeAdminSuccessReceiver { group_id, admin: *admin };
                self.tell_all_but_caller(roster, caller, &event);
            }
            Change::Removed(user) if *user == caller.user => {
                let event = ServerEvent::GroupLeftSuccess { message: "Group Left Successfully", group_id };
                self.tell_user(*user, &event);
                self.tell_others(roster, *user, &ServerEvent::UserLeftGrp { group_id, user: *user });
            }
            Change::Removed(user) => {
                self.presence.tell_caller(caller, &ServerEvent::KickoutSuccessful { group_id });
                self.tell_user(*user, &ServerEvent::KickedOut { group_id, group_name });
                let mut remaining = roster.clone();
                remaining.apply(change, Seq(0));
                let event = ServerEvent::SomeoneKickedOut { group_id, group_name, member: *user };
                self.tell_all_but_caller(&remaining, caller, &event);
            }
            Change::Deleted => {
                self.presence.tell_caller(caller, &ServerEvent::DeleteGroupChatCreator { group_id });
                self.tell_all_but_caller(roster, caller, &ServerEvent::DeleteGrpSuccessReceiver { group_id });
            }
        }
    }

    /// The group is gone: those who were in it and are online see their lists without it, all but the socket that deleted
    /// it. Beside the chat's turns, and few at once: how many that are is up to whoever made the group.
    fn show_lists(&self, group: &Roster, caller: Caller) {
        let online = |user: &UserId| self.presence.is_online(*user);
        let members: Vec<UserId> = group.members.iter().map(|member| member.user).filter(online).collect();
        let (store, presence, chat) = (self.store.clone(), self.presence.clone(), self.chat);
        self.store.in_background(async move {
            let show = |user| show_list(&store, &presence, &caller, user);
            let shown = stream::iter(members.into_iter().map(Ok)).try_for_each_concurrent(LISTS_AT_ONCE, show);
            if let Err(fault) = shown.await {
                log::error!("chat {chat}: lists not shown: {fault}");
            }
        });
    }

    fn tell_user(&self, user: UserId, event: &ServerEvent<'_>) {
        self.presence.tell(user, &packet(event));
    }

    fn tell_all(&self, roster: &Roster, event: &ServerEvent<'_>) {
        let packet = packet(event);
        roster.members.iter().for_each(|member| {
            self.presence.tell(member.user, &packet);
        });
    }

    /// Says how many sockets heard it.
    fn tell_others(&self, roster: &Roster, user: UserId, event: &ServerEvent<'_>) -> u64 {
        let packet = packet(event);
        roster.others(user).map(|member| self.presence.tell(member.user, &packet)).sum()
    }

    /// The other members, and the caller's other sockets.
    fn tell_all_but_caller(&self, roster: &Roster, caller: &Caller, event: &ServerEvent<'_>) {
        let packet = packet(event);
        roster.others(caller.user).for_each(|member| {
            self.presence.tell(member.user, &packet);
        });
        self.presence.tell_own_others(caller, &packet);
    }
}

/// Shows somebody the present list of groups.
async fn show_list(store: &Store, presence: &Presence, caller: &Caller, user: UserId) -> Result<(), Fault> {
    let lists = in_time(Instant::now() + PATIENCE, store.lists(user)).await?;
    let list = packet(&ServerEvent::group_chat_list(lists.groups));
    if user == caller.user {
        presence.tell_own_others(caller, &list);
    } else {
        presence.tell(user, &list);
    }
    Ok(())
}
