//! A chat's books: what was decided, what was told, and what lies between while the writer works. Pure.
use std::{collections::VecDeque, time::Instant};

use crate::{
    domain::{Change, ChatId, Fact, Kind, Posted, Refusal, Roster, Seq, UserId},
    presence::Caller,
};

/// A chat's share of the writer's line: so many of its decisions wait there, the others with the chat itself. One that
/// is flooded stands in the way of the others with no more than this.
pub(super) const SHARE: usize = 128;

/// Something decided whose outcome is not known yet.
pub(super) enum Pending {
    /// A message.
    Post { caller: Caller, posted: Posted },
    /// A read pointer that moves.
    Read { caller: Caller, seq: Seq },
    /// A change in the group.
    Change { caller: Caller, change: Change },
}

impl Pending {
    pub(super) fn caller(&self) -> &Caller {
        match self {
            Self::Post { caller, .. } | Self::Read { caller, .. } | Self::Change { caller, .. } => caller,
        }
    }

    /// Whether what is decided after it may rest on it.
    pub(super) fn is_change(&self) -> bool {
        matches!(self, Self::Change { .. })
    }

    /// What the writer is to remember.
    fn fact(&self, chat: ChatId) -> Fact {
        match self {
            Self::Post { posted, .. } => Fact::Posted(posted.clone()),
            Self::Read { caller, seq } => Fact::Read { chat, user: caller.user, seq: *seq },
            Self::Change { change, .. } => Fact::Changed { chat, change: change.clone() },
        }
    }
}

/// Two states of the same roster. Commands are decided against the one that has all decisions in it; members are told
/// from the one that has only what is stored. Between them lie the pending decisions, in order.
pub(super) struct Ledger {
    pub(super) decided: Roster,
    pub(super) told: Roster,
    /// The newest message told.
    pub(super) newest: Seq,
    /// With the time at which each was decided.
    pending: VecDeque<(Instant, Pending)>,
    /// How many of the pending decisions, the oldest, are with the writer.
    recorded: usize,
    /// How many decisions were ever pending, and how many of them are settled.
    pub(super) entered: u64,
    pub(super) settled: u64,
    /// Something is or was pending that makes `decided` differ from `told`; messages do not.
    apart: bool,
    /// A change failed: `decided` holds something that never came true.
    broken: bool,
    /// What was settled last leaves what is pending behind it no chance: the database did not take it in time, or it was
    /// a change, and did not come true.
    pub(super) forlorn: bool,
}

impl Ledger {
    pub(super) fn new(roster: Roster, newest: Seq) -> Self {
        Self {
            decided: roster.clone(),
            told: roster,
            newest,
            pending: VecDeque::new(),
            recorded: 0,
            entered: 0,
            settled: 0,
            apart: false,
            broken: false,
            forlorn: false,
        }
    }

    /// Whether `user` may use the chat as a `kind`. Outsiders, and those who take it for something else, learn nothing.
    pub(super) fn admits(&self, user: UserId, kind: Kind) -> Result<(), Refusal> {
        self.decided.member(user)?;
        let fits = self.decided.kind == kind || self.decided.kind == Kind::SelfNotes;
        if fits { self.sound() } else { Err(Refusal::no_such_chat()) }
    }

    /// While a failed change is still in the books, nothing new is decided on them.
    pub(super) fn sound(&self) -> Result<(), Refusal> {
        if self.broken { Err(Refusal::unavailable()) } else { Ok(()) }
    }

    /// How many decisions are pending.
    pub(super) fn pending(&self) -> usize {
        self.pending.len()
    }

    /// Enters a decision.
    pub(super) fn enter(&mut self, pending: Pending) {
        self.apart |= !matches!(pending, Pending::Post { .. });
        match &pending {
            Pending::Read { caller, seq } => self.decided.mark_read(caller.user, *seq),
            Pending::Change { change, .. } => self.decided.apply(change, self.newest),
            Pending::Post { .. } => {}
        }
        self.pending.push_back((Instant::now(), pending));
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
            facts.push(pending.fact(chat));
            if pending.is_change() {
                break;
            }
        }
        Some((since, facts))
    }

    /// Whether the last that the writer has is a change.
    fn awaits_change(&self) -> bool {
        let last = self.recorded.checked_sub(1).and_then(|last| self.pending.get(last));
        last.is_some_and(|(_, pending)| pending.is_change())
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
    pub(super) fn settle(&mut self) -> Option<Pending> {
        let (_, oldest) = self.pending.pop_front()?;
        self.recorded = self.recorded.saturating_sub(1);
        self.settled += 1;
        Some(oldest)
    }

    /// A decision did not come true. What it changed is taken back as soon as everything before it is known.
    pub(super) fn take_back(&mut self, pending: &Pending) {
        self.broken |= !matches!(pending, Pending::Post { .. });
    }

    /// With nothing pending both states are the same.
    pub(super) fn balance(&mut self) {
        if self.pending.is_empty() && std::mem::take(&mut self.apart) {
            self.decided = self.told.clone();
        }
        self.broken &= !self.pending.is_empty();
        self.forlorn &= !self.pending.is_empty();
    }
}
