//! From an outcome to those who hear it. Runs once the record is stored, in the order of the decisions.
use std::vec::IntoIter;

use actix::prelude::*;

use super::{
    actor::{Chat, LedgerState, Waiting},
    ledger::{Decision, Ledger, Pending},
    lookup::Lookup,
    notifier::Notifier,
    stand::Coming,
    told::Told,
    unconfirmed::Unheard,
};
use crate::{
    domain::{Posted, Refusal, Returning},
    measure::Tally,
    presence::Caller,
    store::Outcome,
    writer::{Committed, Unstored, Verdict},
};

impl Handler<Committed> for Chat {
    type Result = ();

    fn handle(&mut self, Committed(verdicts, stepped): Committed, ctx: &mut Self::Context) {
        self.in_flight = self.in_flight.saturating_sub(verdicts.len());
        self.guard("telling", ctx, |chat, ctx| {
            // A ledger that was lost meanwhile has refused all its callers.
            if chat.shared.nodes().is_some() && matches!(chat.state, LedgerState::Loaded(_)) {
                chat.come(Coming::Verdicts(verdicts, stepped.map(|stepped| *stepped).unwrap_or_default()), ctx);
            } else {
                chat.settle(verdicts, ctx);
                chat.go_on(ctx);
            }
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
        mut lookups: Vec<Lookup>,
        ctx: &mut Context<Self>,
    ) {
        let LedgerState::Loaded(ledger) = &mut self.state else { return };
        let notifier = Notifier { chat: self.id, shared: &self.shared };
        let stats = &self.shared.stats;
        let has_nodes = self.shared.nodes().is_some();
        while let Some(verdict) = verdicts.as_slice().first().copied() {
            if let Some(unheard) = unheard(ledger, verdict).filter(|_| !has_nodes) {
                return self.catch_up(unheard, verdicts, lookups, ctx);
            }
            verdicts.next();
            let Some(mut pending) = ledger.settle() else { break };
            if has_nodes && let Decision::Change(changed) = &mut pending.decision {
                changed.change.renew(&ledger.told);
            }
            if has_nodes
                && let (Ok(outcome), Decision::Message(_)) = (verdict, &pending.decision)
                && (outcome.came_true() || outcome == Outcome::Already)
            {
                return self.draw_own(pending, outcome, verdicts, lookups, ctx);
            }
            let is_none = !verdict.is_ok_and(Outcome::came_true);
            let is_late = verdict.is_err_and(|why| why.is_late());
            let rests_on_it = pending.decision.is_change() && pending.decision.is_of_roster();
            ledger.hopeless = is_late || (is_none && rests_on_it && !has_nodes);
            // With several nodes what came true all the same is heard as theirs is.
            let is_unsure = verdict == Err(Unstored::Unknown) && !has_nodes;
            self.outdated |= is_unsure;
            if is_unsure {
                let is_change = pending.decision.changes();
                self.unconfirmed.get_or_insert_with(|| Told::of(ledger, is_change)).and(ledger, is_change);
            }
            match verdict {
                Ok(Outcome::Already) => {
                    ledger.release(&pending.decision);
                    if let Decision::Change(changed) = &pending.decision {
                        notifier.answer_as_is(&ledger.told, &pending.caller, &changed.deed());
                    } else {
                        notifier.shared.presence.refuse(&pending.caller, &Refusal::unavailable());
                    }
                }
                Ok(
                    unlike @ (Outcome::Gone
                    | Outcome::Overtaken
                    | Outcome::Full
                    | Outcome::Spent
                    | Outcome::Unwilling
                    | Outcome::Lacking
                    | Outcome::Refused(_)),
                ) => {
                    // The database was changed past this ledger, unless only something is full, over or gone.
                    self.outdated |= matches!(unlike, Outcome::Gone | Outcome::Overtaken) && !has_nodes;
                    refuse(&notifier, ledger, &pending, &unlike_ledger(&pending.decision, unlike), &stats.refused);
                }
                Ok(outcome) => {
                    if let Decision::Post(posted) = &pending.decision {
                        self.hints.said(self.id, ledger, &self.shared.presence, posted.sender);
                    }
                    lookups.extend(tell(&notifier, ledger, pending, outcome));
                }
                Err(why) => refuse(&notifier, ledger, &pending, &refusal(why), &stats.refused_by_writer),
            }
            if has_nodes && is_none && rests_on_it {
                ledger.doubt();
            }
        }
        ledger.reconcile();
        let is_deserted = ledger.told.members.is_empty();
        let settled = ledger.settled;
        let mut answers = Vec::new();
        let mut again = Vec::new();
        while self.waiting.front().is_some_and(|(after, _)| *after <= settled) {
            match self.waiting.pop_front() {
                Some((_, Waiting::Fetch(fetch))) => lookups.push(Lookup::Fetch(fetch)),
                Some((_, Waiting::Request(caller, request))) => again.push((caller, request)),
                Some((_, Waiting::Settled(answer))) => answers.push(answer),
                None => {}
            }
        }
        // Only a deletion leaves nobody.
        if is_deserted {
            self.state = LedgerState::Absent;
        }
        for (caller, request) in again {
            if let Err(refusal) = self.carry_out(&caller, *request, ctx) {
                self.shared.stats.refused[refusal.code as usize].count();
                self.shared.presence.refuse(&caller, &refusal);
            }
        }
        if !lookups.is_empty() {
            self.look_up(lookups, answers, ctx);
        }
    }
}

/// What was stored before a message and after the newest that was told: it came true unseen.
fn unheard(ledger: &Ledger<Caller>, verdict: Verdict) -> Option<Unheard> {
    let (Ok(Outcome::Stored { seq }) | Ok(Outcome::Repeat { seq, .. })) = verdict else { return None };
    (seq > ledger.newest.next()).then_some(Unheard { after: ledger.newest, before: seq })
}

fn refusal(why: Unstored) -> Refusal {
    match why {
        Unstored::Busy => Refusal::busy(),
        Unstored::Late | Unstored::Unknown | Unstored::Never => Refusal::unavailable(),
    }
}

fn unlike_ledger(decision: &Decision, outcome: Outcome) -> Refusal {
    match (decision, outcome) {
        (Decision::Change(changed), Outcome::Overtaken) => changed.change.overtaken(),
        (Decision::Change(_), Outcome::Unwilling) => Refusal::unwilling(),
        (Decision::Post(_), Outcome::Lacking) => Refusal::no_such_file(),
        (Decision::Change(_), Outcome::Spent) => Refusal::invite_over(),
        (Decision::Message(_) | Decision::Prefer(_) | Decision::Change(_), Outcome::Full) => Refusal::full(),
        (_, Outcome::Refused(code)) => Refusal::of(code),
        _ => Refusal::no_such_chat(),
    }
}

fn refuse(
    notifier: &Notifier<'_>,
    ledger: &mut Ledger<Caller>,
    pending: &Pending<Caller>,
    refusal: &Refusal,
    counts: &[Tally],
) {
    counts[refusal.code as usize].count();
    ledger.roll_back(&pending.decision);
    if pending.decision.is_answered() {
        notifier.shared.presence.refuse(&pending.caller, refusal);
    }
}

/// Makes a decision true and tells of it, the caller first: then a panic in what follows leaves nobody without an answer.
/// What is left to do needs a query.
fn tell(
    notifier: &Notifier<'_>,
    ledger: &mut Ledger<Caller>,
    Pending { caller, decision }: Pending<Caller>,
    outcome: Outcome,
) -> Option<Lookup> {
    match (&decision, outcome) {
        (Decision::Post(posted), Outcome::Stored { seq }) => notifier.stored(ledger, &caller, posted, seq),
        (Decision::Post(posted), Outcome::Repeat { id, seq, sent_at }) => {
            notifier.repeated(ledger, &caller, &Posted { id, sent_at, ..posted.clone() }, seq);
        }
        (Decision::Read { seq, shown, .. }, _) => return notifier.read(ledger, caller, *seq, *shown),
        (Decision::Change(changed), Outcome::Changed { newest, rev, .. }) => {
            notifier.changed(ledger, &caller, changed, (newest, rev), Returning::default());
        }
        (Decision::Change(changed), Outcome::Entered { newest, rev, before }) => {
            notifier.changed(ledger, &caller, changed, (newest, rev), before);
        }
        (Decision::Change(changed), Outcome::Done) => notifier.ended(ledger, &caller, changed),
        (Decision::Prefer(preferred), Outcome::Changed { own, .. }) => {
            notifier.preferred(ledger, &caller, preferred, own);
        }
        (Decision::Message(changing), Outcome::Changed { rev, own, .. }) => {
            notifier.message_changed(ledger, &caller, changing, rev, own);
        }
        _ => notifier.shared.presence.refuse(&caller, &Refusal::unavailable()),
    }
    ledger.release(&decision);
    None
}
