//! What a chat does after a panic: it goes on. Whoever waits for an answer is refused, and the ledger is loaded anew once the
//! writer has settled what the old one decided, so that nobody is told what others decided. The mailbox waits meanwhile.
use std::time::Instant;

use actix::prelude::*;
use futures_util::FutureExt;

use super::{
    actor::{Chat, Fetch, LedgerState, Waiting},
    ledger::Ledger,
    told::Told,
};
use crate::{
    domain::{ChatId, Refusal},
    panics::{Panic, catch, caught},
    presence::{Caller, Presence},
    store::DEADLINES,
};

/// What was being done.
pub(super) enum Work<'a> {
    /// Somebody's request.
    Request(&'a Caller),
    /// Something of the chat's own.
    Own(&'static str),
}

impl Chat {
    /// Does something that the chat outlives.
    pub(super) fn guard(
        &mut self,
        what: &'static str,
        ctx: &mut Context<Self>,
        work: impl FnOnce(&mut Self, &mut Context<Self>),
    ) {
        if let Err(panic) = catch(|| work(self, ctx)) {
            self.recover(&Work::Own(what), &panic, ctx);
        }
    }

    /// Waits for `work`, and the mailbox with it, then does something with what it came to. The chat outlives both.
    pub(super) fn wait_for<T: 'static>(
        &mut self,
        what: &'static str,
        ctx: &mut Context<Self>,
        work: impl Future<Output = T> + 'static,
        then: impl FnOnce(&mut Self, T, &mut Context<Self>) + 'static,
    ) {
        self.waits += 1;
        caught(work.boxed_local())
            .into_actor(self)
            .map(move |done, chat, ctx| {
                chat.waits -= 1;
                match done {
                    Ok(done) => chat.guard(what, ctx, |chat, ctx| then(chat, done, ctx)),
                    Err(panic) => chat.recover(&Work::Own(what), &panic, ctx),
                }
                if !chat.coming.is_empty() {
                    chat.guard(what, ctx, Self::tell_next);
                }
            })
            .wait(ctx);
    }

    /// How many decisions the ledger has seen.
    pub(super) fn entered(&self) -> u64 {
        if let LedgerState::Loaded(ledger) = &self.state { ledger.entered } else { 0 }
    }

    pub(super) fn recover(&mut self, work: &Work<'_>, panic: &Panic, ctx: &mut Context<Self>) {
        tell(self.id, work, panic);
        if let LedgerState::Loaded(mut ledger) = std::mem::replace(&mut self.state, LedgerState::Unloaded) {
            if self.shared.nodes().is_some() {
                ledger.told.members.iter().for_each(|member| self.shared.presence.renew(member.user));
                self.coming.clear();
                self.shown.clear();
                self.is_renewed = true;
            } else {
                self.unconfirmed = Some(Told::of(&ledger, true));
            }
            refuse_all(&self.shared.presence, &mut ledger);
        }
        for (_, waiting) in std::mem::take(&mut self.waiting) {
            match waiting {
                Waiting::Fetch(Fetch { caller, .. }) | Waiting::Request(caller, _) => {
                    refuse(&self.shared.presence, &caller);
                }
                Waiting::Settled(_) => {}
            }
        }
        self.hand_over_queued = false;
        self.outdated = true;
        // What panics again and again does not do so all the time.
        if self.panicked.replace(Instant::now()).is_some_and(|last| last.elapsed() < DEADLINES.pause) {
            self.back_off();
            self.reload_later(ctx);
        } else {
            self.reload_if_outdated(ctx);
        }
    }
}

fn refuse_all(presence: &Presence, ledger: &mut Ledger<Caller>) {
    while let Some(pending) = ledger.settle() {
        if pending.decision.is_answered() {
            refuse(presence, &pending.caller);
        }
    }
}

/// A caller whose refusal panics, too, keeps no other from being refused.
pub(super) fn refuse(presence: &Presence, caller: &Caller) {
    // The panic that there was is told.
    let _ = catch(|| presence.refuse(caller, &Refusal::unavailable()));
}

/// The one line of log about a panic.
pub(super) fn tell(chat: ChatId, work: &Work<'_>, panic: &Panic) {
    match work {
        Work::Request(Caller { user, connection, event, .. }) => {
            let event = event.escape_debug();
            log::error!("a panic in chat {chat} at {event} of user {user}, connection {connection}: {panic}");
        }
        Work::Own(what) => log::error!("a panic in chat {chat} at {what}: {panic}"),
    }
}
