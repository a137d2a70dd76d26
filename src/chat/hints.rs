//! What a chat keeps of hints: who types in it, and of whose arrivals the others were told when. It is never stored from here.
use std::time::{Duration, Instant};

use super::ledger::Ledger;
use crate::{
    domain::{ChatId, Kind, Roster, Seq, UserId},
    presence::{Arrival, Caller, Presence, Typists},
};

/// Arrivals of one member are told at most so often.
const TOLD_EVERY: Duration = Duration::from_secs(1);

/// A chat's hints.
#[derive(Default)]
pub(super) struct Hints {
    pub typists: Typists,
    /// Of members of a chat of two.
    arrivals: Vec<ToldArrival>,
}

struct ToldArrival {
    user: UserId,
    told: Instant,
    /// Whether the next is to be told when it is time.
    is_queued: bool,
}

/// When an arrival is to be told.
pub(super) enum Due {
    Now,
    /// After so long.
    Later(Duration),
    /// With the one that waits already.
    Queued,
}

impl Hints {
    /// Messages arrived at a member.
    pub fn arrived(&mut self, user: UserId, now: Instant) -> Due {
        let Some(last) = self.arrivals.iter_mut().find(|last| last.user == user) else {
            self.arrivals.push(ToldArrival { user, told: now, is_queued: false });
            return Due::Now;
        };
        if last.is_queued {
            return Due::Queued;
        }
        match TOLD_EVERY.checked_sub(now.saturating_duration_since(last.told)) {
            Some(rest) if !rest.is_zero() => {
                last.is_queued = true;
                Due::Later(rest)
            }
            _ => {
                last.told = now;
                Due::Now
            }
        }
    }

    /// It is time to tell of the arrivals that were queued.
    pub fn is_time(&mut self, user: UserId, now: Instant) {
        if let Some(last) = self.arrivals.iter_mut().find(|last| last.user == user) {
            last.is_queued = false;
            last.told = now;
        }
    }

    /// Whether something is to be told yet.
    pub fn has_queued(&self) -> bool {
        self.arrivals.iter().any(|last| last.is_queued)
    }

    /// A message of somebody is stored. Costs next to nothing where nobody types and everybody wrote before.
    pub fn said(&mut self, chat: ChatId, ledger: &mut Ledger<Caller>, presence: &Presence, user: UserId) {
        if !self.typists.is_empty() {
            self.typists.said(user);
        }
        if ledger.told.kind == Kind::Personal
            && let Some(member) = ledger.told.members.iter_mut().find(|member| member.user == user && !member.wrote)
        {
            member.wrote = true;
            presence.note_arrival(chat, user, Arrival { upto: Seq(0), wrote: true });
        }
    }
}

/// Adds to what the database says of a chat of two what it is not told yet.
pub(super) fn add_noted(chat: ChatId, roster: &mut Roster, presence: &Presence) {
    if roster.kind == Kind::Personal {
        for member in &mut roster.members {
            let Arrival { upto, wrote } = presence.arrival(chat, member.user);
            member.delivered = member.delivered.max(upto);
            member.wrote |= wrote;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrivals_are_told_at_once_and_then_once_a_second() {
        let mut hints = Hints::default();
        let ann = UserId::new();
        let bob = UserId::new();
        let begun = Instant::now();
        let at = |millis| begun + Duration::from_millis(millis);
        assert!(matches!(hints.arrived(ann, at(0)), Due::Now));
        assert!(matches!(hints.arrived(bob, at(1)), Due::Now), "of each by itself");
        assert!(matches!(hints.arrived(ann, at(400)), Due::Later(rest) if rest == Duration::from_millis(600)));
        assert!(matches!(hints.arrived(ann, at(500)), Due::Queued));
        assert!(hints.has_queued());
        hints.is_time(ann, at(1_000));
        assert!(!hints.has_queued());
        assert!(matches!(hints.arrived(ann, at(1_100)), Due::Later(rest) if rest == Duration::from_millis(900)));
        hints.is_time(ann, at(2_000));
        assert!(matches!(hints.arrived(ann, at(3_000)), Due::Now));
    }
}
