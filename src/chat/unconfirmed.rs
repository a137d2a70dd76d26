//! What may have come true although its caller was refused: commits that were not answered in time. The members hear of it
//! as soon as the database knows, or before the next message.
use std::{time::Instant, vec::IntoIter};

use actix::prelude::*;
use backon::{BackoffBuilder, ConstantBuilder};
use log::Level;

use super::{
    actor::{Chat, LedgerState},
    hints::add_noted,
    ledger::{Ledger, SHARE},
    lookup::Lookup,
    notifier::Notifier,
    stand::Stand,
};
use crate::{
    domain::{Roster, Seq},
    measure::tell,
    store::{DEADLINES, Fault, Loaded, Page, Span, Viewer, in_time},
    writer::Verdict,
};

/// Each is up to twice as long as is said here: all the chats of a batch failed together.
const PAUSES: ConstantBuilder = ConstantBuilder::new().with_delay(DEADLINES.pause).without_max_times().with_jitter();

/// Messages that are stored, and that nobody has heard: those between two others.
pub(super) struct Unheard {
    pub after: Seq,
    pub before: Seq,
}

impl Chat {
    /// The ledger is about to go. Up to where it was told is remembered, if anything may be stored beyond.
    pub(super) fn keep_unconfirmed(&mut self) {
        if let (Some(unconfirmed), LedgerState::Loaded(ledger)) = (&mut self.unconfirmed, &self.state) {
            unconfirmed.newest = ledger.newest;
        }
    }

    /// Makes the ledger of what the database says, and tells what is stored and was not heard.
    pub(super) fn open(&mut self, found: Option<Loaded>, is_new: bool, ctx: &mut Context<Self>) {
        self.outdated = false;
        let unconfirmed = self.unconfirmed.take();
        let Some(Loaded { mut roster, newest, step }) = found else {
            self.state = LedgerState::Absent;
            return;
        };
        add_noted(self.id, &mut roster, &self.shared.presence);
        if unconfirmed.as_ref().is_some_and(|told| told.is_behind(&roster)) {
            self.renew(&roster);
        }
        let told = unconfirmed.map_or(newest, |told| told.newest.min(newest));
        let mut ledger = Ledger::new(roster, told);
        ledger.stand = Stand { step, is_new };
        self.state = LedgerState::Loaded(Box::new(ledger));
        if told < newest {
            let unheard = Unheard { after: told, before: newest.next() };
            self.catch_up(unheard, Vec::new().into_iter(), Vec::new(), ctx);
        } else {
            self.tell_departed();
        }
    }

    /// A change came true that nobody heard of, and who made it is not known any more. The sockets of the members are closed:
    /// they come back, and `sync` brings them what changed.
    fn renew(&self, roster: &Roster) {
        log::warn!("chat {}: a change came true unheard, the sockets of its members are renewed", self.id);
        roster.members.iter().for_each(|member| self.shared.presence.renew(member.user));
    }

    /// Nobody may ask again for a chat with something unconfirmed, so it looks by itself.
    pub(super) fn reload_later(&mut self, ctx: &mut Context<Self>) {
        if let Some(reloading) = self.reloading.take() {
            ctx.cancel_future(reloading);
        }
        let look = |chat: &mut Self, ctx: &mut Context<Self>| {
            chat.reloading = None;
            if chat.unconfirmed.is_some() && matches!(chat.state, LedgerState::Unloaded) {
                chat.load(ctx);
            }
        };
        let pause = PAUSES.build().next().unwrap_or(DEADLINES.pause);
        self.reloading = self.unconfirmed.is_some().then(|| ctx.run_later(pause, look));
    }

    /// Tells what nobody has heard, then goes on with `verdicts`, and with what is to be run after them.
    pub(super) fn catch_up(
        &mut self,
        unheard: Unheard,
        verdicts: IntoIter<Verdict>,
        lookups: Vec<Lookup>,
        ctx: &mut Context<Self>,
    ) {
        let Unheard { after, before } = unheard;
        // No more than that can have been with the writer.
        let limit = SHARE as u64;
        let span =
            Span { chat: self.id, after, before, oldest: false, limit, bytes: usize::MAX, viewer: self.anybody() };
        let store = self.shared.store.clone();
        let look = async move { in_time(Instant::now() + DEADLINES.unheard, store.page(span)).await };
        self.wait_for("telling", ctx, look, move |chat, page, ctx| {
            chat.tell_unheard(page, before);
            // While the ledger is still the one of before, who left is told when it is loaded again.
            if !chat.outdated {
                chat.tell_departed();
            }
            chat.settle_on(verdicts, lookups, ctx);
            chat.go_on(ctx);
        });
    }

    /// Somebody who sees whatever messages answer: what of it each member sees is found out when it is told.
    fn anybody(&self) -> Option<Viewer> {
        let LedgerState::Loaded(ledger) = &self.state else { return None };
        let user = ledger.told.members.first()?.user;
        Some(Viewer { user, first: Seq(1), has_marks: false })
    }

    fn tell_unheard(&mut self, page: Result<Page, Fault>, before: Seq) {
        let LedgerState::Loaded(ledger) = &mut self.state else { return };
        match page {
            Ok(page) => {
                let notifier = Notifier { chat: self.id, shared: &self.shared };
                for message in page.messages.iter().rev() {
                    let original = message.reply_to.and_then(|seq| page.annotations.quoted.get(&seq));
                    notifier.came_true(&ledger.told, message, original);
                }
            }
            Err(fault) => {
                let line = format_args!("chat {}: messages before {} not told: {fault}", self.id, before.0);
                tell(Level::Error, "unheard messages with a fault of the server", &fault.to_string(), line);
            }
        }
        ledger.newest = Seq(before.0 - 1);
    }
}
