//! What a chat remembers of itself when a commit was not answered: what is stored beyond that, nobody may have heard.
use super::ledger::Ledger;
use crate::{
    domain::{Own, Rev, Roster, Seq, UserId},
    presence::Caller,
};

/// Up to where a chat was told when a commit was not answered.
pub(super) struct Told {
    /// The newest message.
    pub newest: Seq,
    /// The last change that members share, and those that single members alone see: if a change was among what was not answered.
    changes: Option<(Rev, Vec<(UserId, Own)>)>,
}

impl Told {
    /// What was not answered is a change, or not.
    pub(super) fn of(ledger: &Ledger<Caller>, is_change: bool) -> Self {
        let owns = || ledger.told.members.iter().map(|member| (member.user, member.own)).collect();
        Self { newest: ledger.newest, changes: is_change.then(|| (ledger.told.rev, owns())) }
    }

    /// A further decision was not answered.
    pub(super) fn and(&mut self, ledger: &Ledger<Caller>, is_change: bool) {
        if self.changes.is_none() {
            self.changes = Self::of(ledger, is_change).changes;
        }
    }

    /// Whether something changed since that somebody may not have heard.
    pub(super) fn is_behind(&self, roster: &Roster) -> bool {
        let Some((rev, owns)) = &self.changes else { return false };
        let has_more = |(user, own): &(UserId, Own)| roster.member(*user).is_ok_and(|member| member.own > *own);
        roster.rev > *rev || owns.iter().any(has_more)
    }
}
