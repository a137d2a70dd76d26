//! Everything that a member can ask of a chat. Client → registry → here. Each command is answered exactly once, by way of its caller.
use actix::prelude::*;
use tokio::sync::oneshot;

use crate::{
    domain::{ClientId, Content, Deed, Extras, File, Kind, OwnDeed, Refusal, Seq},
    events::{ChangeMessage, Hint, Look, PageRequest},
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
        answer: oneshot::Sender<Result<Said, Refusal>>,
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
    /// The caller wants something of the chat for oneself alone. The caller's other sockets hear it.
    Own(OwnDeed),
    /// The caller changes the group, or leaves it. The members hear it, and those who come and go.
    Group(Deed),
}

/// What a message says, and what it brings along.
#[derive(Debug)]
pub struct Said {
    /// What it says.
    pub content: Content,
    /// The files.
    pub attachments: Vec<File>,
}

/// What somebody says.
#[derive(Debug, Clone)]
pub struct Post {
    /// As what it was sent: a group does not answer to a personal message. `None`: as whatever the chat is.
    pub kind: Option<Kind>,
    /// What is said.
    pub content: Content,
    /// The client's idempotency key.
    pub client_id: Option<ClientId>,
    /// What it answers and whom it is to mention, if it does.
    pub extras: Option<Box<Extras>>,
}
