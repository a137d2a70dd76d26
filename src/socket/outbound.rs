//! What waits to be written to one WebSocket. The session fills it, the pump empties it, on whichever threads they are.
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use actix_codec::Encoder;
use actix_http::ws::{CloseCode, CloseReason, Codec, Message};
use bytes::{Bytes, BytesMut};
use futures_util::task::AtomicWaker;

use super::{Budget, packet::framed};
use crate::protocol::engine::Frame;

/// Room for a burst of usual frames, in bytes. It is made when a second frame joins the first, and not as each of them comes.
const BURST: usize = 2048;

/// The outgoing side of one WebSocket.
pub struct Outbound {
    state: Mutex<State>,
    pump: AtomicWaker,
    budget: Arc<Budget>,
}

#[derive(Default)]
struct State {
    /// Whole WebSocket frames. Without memory while empty.
    buffer: BytesMut,
    /// Bytes of the buffer that leave first, and for how long alone.
    first: Option<(usize, Duration)>,
    ending: Option<Ending>,
}

/// What the pump takes.
#[derive(Default)]
pub struct Taken {
    /// Whole frames.
    pub bytes: Bytes,
    /// How long nothing may follow them.
    pub pause: Duration,
    /// How to end once nothing waits any more.
    pub ending: Option<Ending>,
}

/// How a WebSocket is to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// What waits is written, a close frame follows.
    Close(CloseCode),
    /// At once: the client does not read anyway.
    Abort,
}

impl Outbound {
    /// A WebSocket whose bytes are discharged from `budget` as they leave.
    pub fn new(budget: Arc<Budget>) -> Outbound {
        Outbound { state: Mutex::default(), pump: AtomicWaker::new(), budget }
    }

    /// Appends `frame`, which must have been charged.
    pub fn push(&self, frame: Frame) {
        let len = frame.len();
        let message = match frame {
            Frame::Text(text) => Message::Text(text),
            Frame::Binary(bytes) => Message::Binary(bytes),
        };
        let mut state = self.state();
        make_room(&mut state.buffer, framed(len));
        encode(message, &mut state.buffer);
        drop(state);
        self.pump.wake();
    }

    /// What waits now leaves alone; what comes later follows after `pause`.
    pub fn pause(&self, pause: Duration) {
        let mut state = self.state();
        let first = state.buffer.len();
        state.first.get_or_insert((first, pause));
    }

    /// Ends the WebSocket; the first ending counts.
    pub fn end(&self, ending: Ending) {
        self.state().ending.get_or_insert(ending);
        self.pump.wake();
    }

    /// How the WebSocket is to end, if it is.
    pub fn ending(&self) -> Option<Ending> {
        self.state().ending
    }

    /// All that waits, up to a pause.
    pub fn take(&self) -> Taken {
        let mut state = self.state();
        let (bytes, pause) = match state.first.take() {
            Some((first, pause)) => (state.buffer.split_to(first), pause),
            None => (std::mem::take(&mut state.buffer), Duration::ZERO),
        };
        Taken { bytes: bytes.freeze(), pause, ending: state.ending }
    }

    /// `bytes` that were taken have left.
    pub fn written(&self, bytes: usize) {
        self.budget.discharge(bytes);
    }

    /// The pump, to be woken when there is something to take.
    pub fn pump(&self) -> &AtomicWaker {
        &self.pump
    }

    /// Nothing that runs under the lock can leave it half done.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn make_room(buffer: &mut BytesMut, framed: usize) {
    if buffer.capacity() - buffer.len() < framed {
        buffer.reserve(if buffer.is_empty() { framed } else { framed.max(BURST) });
    }
}

/// The bytes of a close frame.
pub fn close_frame(code: CloseCode) -> Bytes {
    let mut bytes = BytesMut::new();
    encode(Message::Close(Some(CloseReason { code, description: None })), &mut bytes);
    bytes.freeze()
}

fn encode(message: Message, into: &mut BytesMut) {
    Codec::new().encode(message, into).expect("only continuations can be out of place");
}
