//! A chat's books: what was decided, what was told, and what lies between while the writer works. Pure.
use std::collections::VecDeque;

use crate::{
    domain::{Change, Kind, Posted, Refusal, Roster, Seq, UserId},
    presence::Caller,
};

/// Something decided and recorded whose outcome is not known yet.
pub(super) enum Pending {
    /// A message.
    Post { caller: Caller, posted: Posted },
    /// A read pointer that moves.
    Read { caller: Caller, seq: Seq },
    /// A change in the group.
    Change { caller: Caller, change: Change },
}

/// Two states of the same roster. Commands are decided against the one that has all decisions in it; members are told
/// from the one that has only what is stored. Between them lie the pending decisions, in order.
pub(super) struct Ledger {
    pub(super) decided: Roster,
    pub(super) told: Roster,
    /// The newest message told.
    pub(super) newest: Seq,
    pub(super) pending: VecDeque<Pending>,
    /// How many decisions were ever pending, and how many of them are settled.
    pub(super) recorded: u64,
    pub(super) settled: u64,
    /// Something is or was pending that makes `decided` differ from `told`; messages do not.
    apart: bool,
    /// A change failed: `decided` holds something that never came true.
    broken: bool,
}

impl Ledger {
    pub(super) fn new(roster: Roster, newest: Seq) -> Self {
        Self {
            decided: roster.clone(),
            told: roster,
            newest,
            pending: VecDeque::new(),
            recorded: 0,
            settled: 0,
            apart: false,
            broken: false,
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

    /// Enters a decision that the writer has taken.
    pub(super) fn enter(&mut self, pending: Pending) {
        self.apart |= !matches!(pending, Pending::Post { .. });
        match &pending {
            Pending::Read { caller, seq } => self.decided.mark_read(caller.user, *seq),
            Pending::Change { change, .. } => self.decided.apply(change, self.newest),
            Pending::Post { .. } => {}
        }
        self.pending.push_back(pending);
        self.recorded += 1;
    }

    /// Takes the oldest decision, whose outcome has come.
    pub(super) fn settle(&mut self) -> Option<Pending> {
        self.settled += 1;
        self.pending.pop_front()
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
    }
}
