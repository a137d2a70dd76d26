//! Everything that a member can ask of a chat: one list, and one place from which each of it goes to what decides it.
//! Client → registry → here. Each command is answered exactly once, by way of its caller.
use actix::prelude::*;

use super::{
    actor::{Chat, Decided, LedgerState},
    recover::{Work, refuse},
};
use crate::{
    domain::{ClientId, Content, Kind, Name, Seq, UserId},
    events::PageRequest,
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
    /// The caller says `content`. Once it is stored the others hear it, and the caller's other sockets.
    Post {
        /// As what it was sent: a group does not answer to a personal message.
        kind: Kind,
        /// What is said.
        content: Content,
        /// The client's idempotency key.
        client_id: Option<ClientId>,
    },
    /// The caller has read up to `upto`, or to the newest. Heard by the others if the pointer moved.
    MarkRead {
        /// As what it was read.
        kind: Kind,
        /// Up to here; `None`: to the newest.
        upto: Option<Seq>,
    },
    /// The caller wants to see a page. It shows all that was told before, the caller's own pending posts included.
    Fetch {
        /// As what it is wanted.
        kind: Kind,
        /// Which part.
        page: PageRequest,
    },
    /// The admin takes somebody in. The members hear it, and the new one.
    AddMember {
        /// Whom, and the name from the database; `None`: nobody has that id.
        member: Option<(UserId, Name)>,
    },
    /// The admin removes somebody. The member hears it, and those who remain.
    Kick {
        /// Whom; `None`: nobody has that id.
        member: Option<UserId>,
    },
    /// The admin hands over. All members hear it.
    ChangeAdmin {
        /// To whom; `None`: nobody has that id.
        member: Option<UserId>,
    },
    /// The caller leaves. The others hear it.
    Leave,
    /// The admin ends the group. All members hear it.
    Delete,
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
            Request::Post { kind, content, client_id } => self.post(caller, kind, content, client_id, ctx),
            Request::MarkRead { kind, upto } => self.mark_read(caller, kind, upto, ctx),
            Request::Fetch { kind, page } => self.fetch(caller, kind, page, ctx),
            Request::AddMember { member } => self.add_member(caller, member, ctx),
            Request::Kick { member } => self.kick(caller, member, ctx),
            Request::ChangeAdmin { member } => self.change_admin(caller, member, ctx),
            Request::Leave => self.leave(caller, ctx),
            Request::Delete => self.delete(caller, ctx),
        }
    }
}
