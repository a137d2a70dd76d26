//! Everything that a member can ask of a chat: one list, and one place from which each of it goes to what decides it.
//! Client → registry → here. Each command is answered exactly once, by way of its caller.
use actix::prelude::*;
use tokio::sync::oneshot;

use super::{
    actor::{Chat, Decided, LedgerState},
    features::Post,
    recover::{Work, refuse},
};
use crate::{
    domain::{Content, Deed, Kind, Refusal, Seq},
    events::{ChangeMessage, Hint, Look, PageRequest},
    measure::Times,
    panics::catch,
    presence::Caller,
};

/// Somebody asks something of a chat. From the registry.
#[derive(Debug, Message)]
#[rtype(result = "()")]
pub struct Command {
    /// Who asks, and is refused if the chat cannot take it.
    pub caller: Caller,
    /// What is asked.
    pub request: Request,
}

/// What can be asked of a chat.
#[derive(Debug)]
pub enum Request {
    /// The caller says something. Once it is stored the others hear it, and the caller's other sockets.
    Post(Post),
    /// The caller does something with a message. Those who see it hear of it, if they share what changes.
    Change(Box<ChangeMessage>),
    /// The caller wants to say a message elsewhere. It is answered after all that was decided before.
    Copy {
        /// Which message.
        seq: Seq,
        /// Where what it says goes, or why it cannot be said again.
        answer: oneshot::Sender<Result<Content, Refusal>>,
    },
    /// The caller wants to see something of the chat. It shows all that was told before, as a page does.
    Look(Look),
    /// The caller has read up to `upto`, or to the newest. Heard by the others if the pointer moved.
    MarkRead {
        /// As what it was read.
        kind: Kind,
        /// Up to here; `None`: to the newest.
        upto: Option<Seq>,
        /// Whether others may see it.
        is_seen: bool,
    },
    /// The caller types, or has received messages. Heard by the others, and stored by nobody in this turn.
    Hint {
        /// What it is.
        hint: Hint,
        /// Whether others may see it.
        is_seen: bool,
    },
    /// The caller's socket is gone, which typed. Heard by the others if they believe that it still does.
    StopTyping,
    /// The caller wants to see a page. It shows all that was told before, the caller's own pending posts included.
    Fetch {
        /// As what it is wanted.
        kind: Kind,
        /// Which part.
        page: PageRequest,
    },
    /// The caller changes the group, or leaves it. The members hear it, and those who come and go.
    Group(Deed),
}

impl Handler<Command> for Chat {
    type Result = ();

    /// Carries a command out, or refuses its caller.
    fn handle(&mut self, Command { caller, request }: Command, ctx: &mut Self::Context) {
        let begun = Times::sample(self.shared.stats.taken.count());
        let entered = self.entered();
        let decided = catch(|| {
            if let Err(refusal) = self.carry_out(&caller, request, ctx) {
                self.shared.stats.refused[refusal.code as usize].count();
                self.shared.presence.refuse(&caller, &refusal);
            }
        });
        if let Err(panic) = decided {
            if self.entered() == entered {
                refuse(&self.shared.presence, &caller);
            }
            self.recover(&Work::Request(&caller), &panic, ctx);
        }
        if matches!(self.state, LedgerState::Unloaded) && !self.backs_off() {
            self.load(ctx);
        }
        self.shared.stats.times.done(begun);
    }
}

impl Chat {
    fn carry_out(&mut self, caller: &Caller, request: Request, ctx: &mut Context<Self>) -> Decided {
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
            Request::Group(deed) => self.change(caller, &deed, ctx),
        }
    }
}
