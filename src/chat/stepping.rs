//! A ledger among those of other nodes: what of its own is decided on top of what was told.
use super::ledger::{Decision, Ledger};
use crate::{
    domain::{ChatNews, Effect, MessageChange, Part, Seq, Step, UserId},
    store::Opened,
};

impl<C> Ledger<C> {
    /// What the next record rests on. What stands behind a change that did not come true is never sure.
    pub(super) fn known(&self) -> Step {
        let next = self.settled + self.recorded as u64;
        if next < self.doubted { Step(-1) } else { self.stand.step }
    }

    /// The pending decisions, the oldest first.
    fn decisions(&self) -> impl Iterator<Item = &Decision> {
        self.pending.iter().map(|(_, pending)| &pending.decision)
    }

    /// What is decided holds nothing that never came true.
    fn forgive(&mut self) {
        self.diverged = !self.pending.is_empty();
        self.broken = false;
        self.hopeless = false;
    }

    /// Another node changed something, or refused something: what is decided is what was told, with all that is pending.
    pub(super) fn rebase(&mut self) {
        let mut decided = self.told.clone();
        for decision in self.decisions() {
            match decision {
                Decision::Read { user, seq, shown } => decided.mark_read_as(*user, *seq, *shown),
                Decision::Change(changed) => decided.apply(&changed.change, self.newest, self.told.rev),
                Decision::Prefer(preferred) => decided.set_preferences(preferred.user, preferred.preferences),
                Decision::Post(posted) if posted.is_slowed() => decided.note_sent(posted.sender, Some(posted.sent_at)),
                Decision::Post(_) | Decision::Message(_) => {}
            }
        }
        self.decided = decided;
        self.forgive();
    }

    /// A message as it is now, by a change of it on any node; what is decided of it beyond that comes on top.
    pub(super) fn redraw(&mut self, by: UserId, effect: &Effect, opened: Opened) {
        let seq = opened.message.seq;
        let pending: Vec<MessageChange> = self
            .decisions()
            .filter_map(|decision| match decision {
                Decision::Message(changing) if changing.change.seq == seq => Some(changing.change.clone()),
                _ => None,
            })
            .collect();
        self.open.redraw(by, effect, opened, &pending);
    }

    /// Something else is so than was thought when what is pending was decided: that is judged again when it is stored.
    pub(super) fn doubt(&mut self) {
        self.doubted = self.entered;
        self.rebase();
    }

    /// Takes back what the ledger was loaded with and others are about to hear: so each hears what was so when it was in.
    pub(super) fn go_back<'a>(&mut self, before: impl Iterator<Item = &'a ChatNews>) {
        let before: Vec<&ChatNews> = before.collect();
        for part in before.iter().rev().flat_map(|news| news.parts.iter().rev()) {
            self.told.undo(part);
        }
        self.stand.is_new = false;
        let first = before.iter().flat_map(|news| &news.parts).find_map(|part| match part {
            Part::Said { first, .. } => Some(*first),
            _ => None,
        });
        if let Some(first) = first {
            self.newest = Seq(first.0 - 1);
        }
        if let Some(step) = before.iter().map(|news| news.step).find(|step| *step > Step(0)) {
            self.stand.step = Step(step.0 - 1);
        }
    }
}
