//! What a session is told by the transports. What it is told by the application is [`Deliver`](crate::socket::Deliver).
use std::time::Instant;

use actix::prelude::*;
use bytes::Bytes;
use tokio::sync::oneshot;

use super::wire::{Line, Wire};
use crate::protocol::{
    Reason,
    engine::{Frame, Refusal},
    socketio::Stay,
};

/// A feeder read a frame.
#[derive(Message)]
#[rtype(result = "()")]
pub struct FromWebSocket {
    pub line: Line,
    pub frame: Frame,
    /// When it was sent, if it is timed.
    pub sent: Option<Instant>,
}

/// A feeder came to its end.
#[derive(Message)]
#[rtype(result = "()")]
pub struct WebSocketGone {
    pub line: Line,
    pub reason: Reason,
}

/// A WebSocket handshake names this session. `None` if it has a WebSocket already.
#[derive(Message)]
#[rtype(result = "Result<Option<Wire>, Refusal>")]
pub struct Upgrade;

/// What a poll gets.
pub type PollAnswer = Result<Vec<Frame>, Refusal>;

/// A GET came, and waits for its answer.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Poll {
    pub answer: oneshot::Sender<PollAnswer>,
}

/// The client hung up on its GET.
#[derive(Message)]
#[rtype(result = "()")]
pub struct AbandonPoll;

/// A POST came; its body may follow, of at most as many bytes as the answer says.
#[derive(Message)]
#[rtype(result = "()")]
pub struct BeginPost {
    /// Not the answer of the message itself: a message whose asker is gone is not handled at all, and the session must
    /// know of each POST that began.
    pub answer: oneshot::Sender<Result<usize, Refusal>>,
}

/// The body of the POST.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Post {
    pub body: Bytes,
    pub answer: oneshot::Sender<Result<(), Refusal>>,
}

/// The POST will not come to its end.
#[derive(Clone, Copy, Debug, Message, PartialEq, Eq)]
#[rtype(result = "()")]
pub enum AbandonPost {
    /// The client hung up.
    HungUp,
    /// The body is over the limit: the server turned it away, and with it what the client says from then on.
    TooLarge,
    /// The body is declared as binary, which this version of the protocol does not know.
    Binary,
}

/// The server is about to stop: nothing more that the client says is done. Answered when all that was begun is done.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Quiesce;

/// To the session by itself: the end, after what waits in its mailbox.
#[derive(Message)]
#[rtype(result = "()")]
pub(super) struct Finish(pub Reason);

/// To the session by itself: the client left a namespace, after what waits in its mailbox.
#[derive(Message)]
#[rtype(result = "()")]
pub(super) struct Left(pub Stay);
