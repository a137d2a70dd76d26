//! A chat's ledger: what was decided, what was told, and what lies between while the writer works. Pure: of those who
//! asked, `C`, it knows only that they are to be answered.
use std::{collections::VecDeque, time::Instant};

use super::{open::OpenMessages, stand::Stand};
use crate::domain::{
    Books, Cause, ChatId, Deed, Fact, GroupChange, Kind, Member, Mention, MessageChange, MessageDeed, Posted,
    Preferred, Refusal, Roster, Rules, Ruling, Seq, Shown, Step, Timestamp, UserId, judge,
};

/// A chat's share of the writer's line: so many of its decisions wait there, the others with the chat itself. One that
/// is flooded stands in the way of the others with no more than this.
pub(super) const SHARE: usize = 128;

/// Something decided whose outcome is not known yet.
pub(super) struct Pending<C> {
    /// Who asked.
    pub caller: C,
    /// What comes true, or does not.
    pub decision: Decision,
}

/// What can be decided.
pub(super) enum Decision {
    /// A message.
    Post(Posted),
    /// A read pointer that moves.
    Read { user: UserId, seq: Seq, shown: Shown },
    /// A change in the group.
    Change(Box<GroupChange>),
    /// What a member alone decides of the chat.
    Prefer(Box<Preferred>),
    /// A change of a message, or of what somebody sees on it.
    Message(Box<Changing>),
}

/// A change of a message, and what its caller is to hear of it.
pub(super) struct Changing {
    pub change: MessageChange,
    pub deed: MessageDeed,
    pub not_mentioned: Vec<Mention>,
}

impl Decision {
    /// Whether what is decided after it may rest on it.
    pub(super) fn is_change(&self) -> bool {
        matches!(self, Self::Change(_))
    }

    /// Whether the roster is another one with it, so that what is decided after it rests on it.
    pub(super) fn is_of_roster(&self) -> bool {
        match self {
            Self::Change(changed) => changed.change.is_of_roster(),
            Self::Read { .. } => true,
            Self::Post(_) | Self::Prefer(_) | Self::Message(_) => false,
        }
    }

    /// Whether something is another with it than it was told before.
    pub(super) fn changes(&self) -> bool {
        matches!(self, Self::Change(_) | Self::Message(_) | Self::Prefer(_))
    }

    fn is_about_message(&self) -> bool {
        matches!(self, Self::Message(_))
    }

    /// What the writer is to remember.
    fn fact(&self, chat: ChatId) -> Fact {
        match self {
            Self::Post(posted) => Fact::Posted(posted.clone()),
            Self::Read { user, seq, shown } => Fact::Read { chat, user: *user, seq: *seq, shown: *shown },
            Self::Change(changed) => Fact::Changed(changed.clone()),
            Self::Prefer(preferred) => Fact::Preferred(preferred.clone()),
            Self::Message(changing) => Fact::Message(Box::new(changing.change.clone())),
        }
    }

    /// Whether whoever asked hears what becomes of it. What comes about by another decision is answered by that.
    pub(super) fn is_answered(&self) -> bool {
        !matches!(self, Self::Prefer(preferred) if matches!(preferred.cause, Cause::Said | Cause::Read(None)))
    }

    /// The message that it is about, or rests on.
    fn message(&self) -> Option<Seq> {
        match self {
            Self::Message(changing) => Some(changing.change.seq),
            Self::Post(posted) => posted.extras.as_ref()?.reply_to,
            Self::Read { .. } | Self::Change(_) | Self::Prefer(_) => None,
        }
    }
}

/// Two states of the same roster. Commands are decided against the one that has all decisions in it; members are told
/// from the one that has only what is stored. Between them lie the pending decisions, in order.
pub(super) struct Ledger<C> {
    pub(super) decided: Roster,
    pub(super) told: Roster,
    /// The newest message told.
    pub(super) newest: Seq,
    /// Messages that pending decisions are about.
    pub(super) open: OpenMessages,
    /// With the time at which each was decided.
    pub(super) pending: VecDeque<(Instant, Pending<C>)>,
    /// Where it stands among what other nodes do.
    pub(super) stand: Stand,
    /// What was entered up to here may rest on what did not come true.
    pub(super) doubted: u64,
    /// How many of the pending decisions, the oldest, are with the writer.
    pub(super) recorded: usize,
    /// How many decisions were ever pending, and how many of them are settled.
    pub(super) entered: u64,
    pub(super) settled: u64,
    /// Something is or was pending that makes `decided` differ from `told`; messages do not.
    pub(super) diverged: bool,
    /// A change failed: `decided` holds something that never came true.
    pub(super) broken: bool,
    /// What was settled last leaves what is pending behind it no chance: the database did not take it in time, or it was
    /// a change, and did not come true.
    pub(super) hopeless: bool,
}

impl<C> Ledger<C> {
    pub(super) fn new(roster: Roster, newest: Seq) -> Self {
        Self {
            decided: roster.clone(),
            told: roster,
            newest,
            open: OpenMessages::default(),
            pending: VecDeque::new(),
            stand: Stand { step: Step(0), is_new: true },
            doubted: 0,
            recorded: 0,
            entered: 0,
            settled: 0,
            diverged: false,
            broken: false,
            hopeless: false,
        }
    }

    /// Whether `user` may use the chat as a `kind`. Outsiders, and those who take it for something else, learn nothing.
    pub(super) fn admits(&self, user: UserId, kind: Kind) -> Result<&Member, Refusal> {
        let member = self.decided.member(user)?;
        let fits = self.decided.kind == kind || self.decided.kind == Kind::SelfNotes;
        if fits { self.sound().map(|()| member) } else { Err(Refusal::no_such_chat()) }
    }

    /// While a failed change is still in `decided`, nothing new is decided on it.
    pub(super) fn sound(&self) -> Result<(), Refusal> {
        if self.broken { Err(Refusal::unavailable()) } else { Ok(()) }
    }

    /// Whether it is not known yet who is in: something of that is pending, or has failed and is still in `decided`.
    pub(super) fn is_unsettled(&self) -> bool {
        self.broken || self.pending.iter().any(|(_, pending)| pending.decision.is_change())
    }

    /// How many decisions are pending.
    pub(super) fn pending(&self) -> usize {
        self.pending.len()
    }

    /// Enters a decision.
    pub(super) fn enter(&mut self, caller: C, mut decision: Decision) {
        self.diverged |= decision.is_of_roster();
        match &mut decision {
            Decision::Read { user, seq, shown } => self.decided.mark_read_as(*user, *seq, *shown),
            Decision::Change(changed) => self.decided.apply(&changed.change, self.newest, self.told.rev),
            Decision::Prefer(preferred) => {
                self.diverged = true;
                self.decided.set_preferences(preferred.user, preferred.preferences);
            }
            Decision::Message(changing) => self.open.decide(&mut changing.change),
            Decision::Post(posted) => {
                if posted.is_slowed() {
                    self.diverged = true;
                    self.decided.note_sent(posted.sender, Some(posted.sent_at));
                }
                if let Some(original) = decision.message() {
                    self.open.hold(original);
                }
            }
        }
        self.pending.push_back((Instant::now(), Pending { caller, decision }));
        self.entered += 1;
    }

    /// What the writer is to remember next, and when the first of it was decided. A change is the last of it: what is
    /// decided after a change rests on it, so the writer gets that once the change has come true.
    pub(super) fn next_facts(&self, chat: ChatId) -> Option<(Instant, Vec<Fact>)> {
        if self.awaits_change() {
            return None;
        }
        let room = SHARE.saturating_sub(self.recorded);
        let next = self.pending.range(self.recorded..).take(room);
        let since = next.clone().next()?.0;
        let mut facts = Vec::with_capacity(next.len());
        for (_, pending) in next {
            if pending.decision.is_about_message() && self.writer_changes(pending.decision.message()) {
                break;
            }
            facts.push(pending.decision.fact(chat));
            if pending.decision.is_change() {
                break;
            }
        }
        if facts.is_empty() { None } else { Some((since, facts)) }
    }

    /// Whether the writer has a change of a message already: the next one rests on it, so it waits until that is settled.
    fn writer_changes(&self, seq: Option<Seq>) -> bool {
        let recorded = self.pending.range(..self.recorded);
        let about = recorded.map(|(_, pending)| &pending.decision).filter(|decision| decision.is_about_message());
        about.into_iter().any(|decision| decision.message() == seq)
    }

    /// Whether something is pending that a member decided of the chat.
    pub(super) fn prefers(&self, user: UserId) -> bool {
        self.pending.iter().any(|(_, pending)| matches!(&pending.decision, Decision::Prefer(of) if of.user == user))
    }

    /// Whether the last that the writer has is a change.
    fn awaits_change(&self) -> bool {
        let last = self.recorded.checked_sub(1).and_then(|last| self.pending.get(last));
        last.is_some_and(|(_, pending)| pending.decision.is_change())
    }

    /// The writer has so many more.
    pub(super) fn record(&mut self, facts: usize) {
        self.recorded += facts;
    }

    /// Whether the writer has anything of this chat, so that it will be heard of.
    pub(super) fn is_recorded(&self) -> bool {
        self.recorded > 0
    }

    /// Takes the oldest decision, whose outcome has come.
    pub(super) fn settle(&mut self) -> Option<Pending<C>> {
        let (_, oldest) = self.pending.pop_front()?;
        self.recorded = self.recorded.saturating_sub(1);
        self.settled += 1;
        Some(oldest)
    }

    /// A decision did not come true. What it changed is taken back as soon as everything before it is known.
    pub(super) fn roll_back(&mut self, decision: &Decision) {
        self.broken |= decision.is_of_roster();
        match decision {
            Decision::Message(changing) => self.open.break_off(changing.change.seq),
            Decision::Post(posted) => self.unsaid(posted),
            // Nothing of others rests on it, and nothing of the member's own that was asked for.
            Decision::Prefer(preferred) => {
                let told = self.told.member(preferred.user).map(|member| member.preferences);
                told.into_iter().for_each(|told| self.decided.set_preferences(preferred.user, told));
            }
            Decision::Read { .. } | Decision::Change(_) => {}
        }
        self.release(decision);
    }

    /// A message was stored: the sender's next one waits, if the group is that slow.
    pub(super) fn said(&mut self, posted: &Posted) {
        if posted.is_slowed() {
            self.told.note_sent(posted.sender, Some(posted.sent_at));
        }
    }

    /// A message was not stored, or not now: the next one need not wait for it.
    pub(super) fn unsaid(&mut self, posted: &Posted) {
        if posted.is_slowed() {
            let last = self.told.member(posted.sender).ok().and_then(|member| member.last_sent);
            self.decided.note_sent(posted.sender, last);
        }
    }

    /// What a settled decision rested on is not needed for it any more.
    pub(super) fn release(&mut self, decision: &Decision) {
        if let Some(seq) = decision.message() {
            self.open.release(seq);
        }
    }

    /// What comes of a deed, by what is decided.
    pub(super) fn judge(&self, rules: &Rules, by: UserId, deed: &Deed, now: Timestamp) -> Result<Ruling, Refusal> {
        let seq = match deed {
            Deed::Message(seq, _) => Some(*seq),
            Deed::Say { reply_to, .. } => *reply_to,
            _ => None,
        };
        let marks = seq.map(|seq| self.open.marks(seq, by)).unwrap_or_default();
        let message = match seq {
            Some(seq) => self.open.books(seq, &marks)?,
            None => None,
        };
        let books = Books { roster: &self.decided, rules, newest: self.newest, message };
        judge(&books, by, deed, now)
    }

    /// Whether somebody sees what stands at a place, if anything does.
    pub(super) fn sees(&self, rules: &Rules, by: UserId, seq: Seq) -> bool {
        Books { roster: &self.decided, rules, newest: self.newest, message: None }.sees(by, seq).is_ok()
    }

    /// With nothing pending both states are the same.
    pub(super) fn reconcile(&mut self) {
        if self.pending.is_empty() && std::mem::take(&mut self.diverged) {
            self.decided = self.told.clone();
        }
        self.broken &= !self.pending.is_empty();
        self.hopeless &= !self.pending.is_empty();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Change, Content, Member, MessageId, Name, Timestamp};

    /// A group of two with callers that are numbers.
    fn group() -> (Ledger<u8>, UserId, UserId) {
        let ann = UserId::new();
        let bob = UserId::new();
        let name = |text| Name::new(text).unwrap();
        let member = |user, text| Member::new(user, name(text), Seq(0));
        let members = vec![member(ann, "Ann"), member(bob, "Bob")];
        let roster = Roster { name: Some(name("Band")), admin: Some(ann), ..Roster::new(Kind::Group, members) };
        (Ledger::new(roster, Seq(0)), ann, bob)
    }

    fn post(sender: UserId) -> Decision {
        let chat = ChatId::new();
        let id = MessageId::new();
        let sent_at = Timestamp::now();
        let content = Content::new("hi", 10).unwrap();
        Decision::Post(Posted { chat, id, sender, content, client_id: None, sent_at, extras: None })
    }

    fn removal(user: UserId) -> Decision {
        let name = Name::new("Ann").unwrap();
        let by = (user, name.clone());
        let change = Change::Removed(user);
        Decision::Change(Box::new(GroupChange { chat: ChatId::new(), change, by, whom: name, at: Timestamp::now() }))
    }

    #[test]
    fn what_follows_a_change_waits_until_that_is_settled() {
        let (mut ledger, ann, bob) = group();
        ledger.enter(1, post(bob));
        ledger.enter(2, removal(bob));
        ledger.enter(3, post(ann));
        let (_, facts) = ledger.next_facts(ChatId::new()).unwrap();
        assert_eq!(facts.len(), 2);
        ledger.record(2);
        assert!(ledger.next_facts(ChatId::new()).is_none());
        assert_eq!([ledger.settle(), ledger.settle()].map(|pending| pending.unwrap().caller), [1, 2]);
        assert_eq!(ledger.next_facts(ChatId::new()).unwrap().1.len(), 1);
    }

    #[test]
    fn a_change_that_failed_is_refused_upon_and_gone_once_nothing_is_pending() {
        let (mut ledger, ann, bob) = group();
        ledger.enter(1, removal(bob));
        ledger.enter(2, post(ann));
        assert!(ledger.admits(bob, Kind::Group).is_err());
        let failed = ledger.settle().unwrap();
        ledger.roll_back(&failed.decision);
        ledger.reconcile();
        assert_eq!(ledger.admits(ann, Kind::Group), Err(Refusal::unavailable()));
        ledger.settle();
        ledger.reconcile();
        assert!(ledger.admits(bob, Kind::Group).is_ok());
    }

    #[test]
    fn a_share_is_all_that_the_writer_gets_at_once() {
        let (mut ledger, ann, _) = group();
        (0..SHARE + 1).for_each(|_| ledger.enter(0, post(ann)));
        assert_eq!(ledger.next_facts(ChatId::new()).unwrap().1.len(), SHARE);
        ledger.record(SHARE);
        assert!(ledger.next_facts(ChatId::new()).is_none());
        ledger.settle();
        assert_eq!(ledger.next_facts(ChatId::new()).unwrap().1.len(), 1);
    }
}
