//! From what is asked of a chat to what decides it: one place, and one answer to each.
use actix::prelude::*;

use super::{
    actor::{Chat, Decided, LedgerState},
    command::{Command, Request},
    recover::{Work, refuse},
};
use crate::{measure::Times, panics::catch, presence::Caller};

impl Handler<Command> for Chat {
    type Result = ();

    /// Carries a command out, or refuses its caller.
    fn handle(&mut self, command: Command, ctx: &mut Self::Context) {
        if self.shared.nodes().is_some() {
            return self.take_among_nodes(command, ctx);
        }
        let Command { caller, request } = command;
        self.take(&caller, request, None, ctx);
    }
}

impl Chat {
    /// Carries a request out. One that is refused is taken `again` once other nodes were heard, if it may be.
    pub(super) fn take(&mut self, caller: &Caller, request: Request, again: Option<Request>, ctx: &mut Context<Self>) {
        let begun = Times::sample(self.shared.stats.taken.count());
        let entered = self.entered();
        let decided = catch(|| match (self.carry_out(caller, request, ctx), again) {
            (Ok(()), _) => {}
            (Err(_), Some(request)) => self.when_abreast(Command { caller: caller.clone(), request }, ctx),
            (Err(refusal), None) => {
                self.shared.stats.refused[refusal.code as usize].count();
                self.shared.presence.refuse(caller, &refusal);
            }
        });
        if let Err(panic) = decided {
            if self.entered() == entered {
                refuse(&self.shared.presence, caller);
            }
            self.recover(&Work::Request(caller), &panic, ctx);
        }
        if matches!(self.state, LedgerState::Unloaded) && !self.backs_off() {
            self.load(ctx);
        }
        self.shared.stats.times.done(begun);
    }

    pub(super) fn carry_out(&mut self, caller: &Caller, request: Request, ctx: &mut Context<Self>) -> Decided {
        match request {
            Request::Post(post) => self.post(caller, post, ctx),
            Request::Change(asked) => self.change_message(caller, asked, ctx),
            Request::Look(look) => self.look(caller, look, ctx),
            Request::Copy { seq, answer } => {
                self.copy(caller, seq, answer, ctx);
                Ok(())
            }
            Request::MarkRead { kind, upto, is_seen } => self.mark_read(caller, kind, upto, is_seen, ctx),
            Request::Hint { hint, is_seen } => self.hint(caller, hint, is_seen, ctx),
            Request::StopTyping => self.stop_typing(caller),
            Request::Fetch { kind, page } => self.fetch(caller, kind, page, ctx),
            Request::Own(deed) => self.prefer(caller, deed, ctx),
            Request::Group(deed) => self.change(caller, deed, ctx),
        }
    }
}
