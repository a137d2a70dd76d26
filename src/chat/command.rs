//! Everything a chat can be told. Client → registry → here. Each command is answered exactly once, by its caller's port.
use std::time::Instant;

use actix::prelude::*;

use crate::{
    domain::{ChatId, ClientId, Content, Kind, Name, Seq, UserId},
    events::PageRequest,
    presence::Caller,
};

/// A request that must be answered even if it never arrives.
pub trait Command: Message<Result = ()> + Send + 'static {
    /// Who is refused if the chat cannot take it.
    fn caller(&self) -> &Caller;
}

macro_rules! commands {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty),* $(,)? })*) => {
        $(
            $(#[$doc])*
            #[derive(Message)]
            #[rtype(result = "()")]
            pub struct $name {
                /// Who asks.
                pub caller: Caller,
                $($(#[$field_doc])* pub $field: $type,)*
            }

            impl Command for $name {
                fn caller(&self) -> &Caller {
                    &self.caller
                }
            }
        )*
    };
}

commands! {
    /// The caller says `content`. Once it is stored the others hear it, and the caller's other sockets.
    Post {
        /// As what it was sent: a group does not answer to a personal message.
        kind: Kind,
        /// What is said.
        content: Content,
        /// The client's idempotency key.
        client_id: Option<ClientId>,
    }

    /// The caller has read up to `upto`, or to the newest. Heard by the others if the pointer moved.
    MarkRead {
        /// As what it was read.
        kind: Kind,
        /// Up to here; `None`: to the newest.
        upto: Option<Seq>,
    }

    /// The caller wants to see a page. It shows all that was told before, the caller's own pending posts included.
    Fetch {
        /// As what it is wanted.
        kind: Kind,
        /// Which part.
        page: PageRequest,
    }

    /// The admin takes somebody in. The members hear it, and the new one.
    AddMember {
        /// Whom, and the name from the database; `None`: nobody has that id.
        member: Option<(UserId, Name)>,
    }

    /// The admin removes somebody. The member hears it, and those who remain.
    Kick {
        /// Whom; `None`: nobody has that id.
        member: Option<UserId>,
    }

    /// The admin hands over. All members hear it.
    ChangeAdmin {
        /// To whom; `None`: nobody has that id.
        member: Option<UserId>,
    }

    /// The caller leaves. The others hear it.
    Leave {}

    /// The admin ends the group. All members hear it.
    Delete {}
}

/// Answered once everything decided before it is settled and told. Asked by the registry when the server stops.
#[derive(Message, Debug)]
#[rtype(result = "()")]
pub struct Settle;

/// Follows some of the commands through the mailbox, so that it is known how long they wait. From the registry.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Stamp(pub Instant);

/// To the chat by itself: the writer is to get what was decided in this turn.
#[derive(Message)]
#[rtype(result = "()")]
pub(super) struct Hand;

/// The registry asks whether the chat may be let go. Answered with `Idle` if nothing is under way.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Passivate {
    /// How many commands the registry had routed here when it asked.
    pub routed: u64,
    /// Where the answer goes.
    pub registry: Recipient<Idle>,
}

/// The chat has nothing under way.
#[derive(Message, Debug, Clone, Copy, PartialEq, Eq)]
#[rtype(result = "()")]
pub struct Idle {
    /// Which chat.
    pub chat: ChatId,
    /// The `routed` of the question: if more was routed since, the chat is not idle any more.
    pub routed: u64,
}
