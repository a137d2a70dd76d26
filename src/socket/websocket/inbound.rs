//! Reads one WebSocket for its feeder: frame by frame, and never more than the session can bear.
use std::{
    cell::Cell,
    io,
    pin::Pin,
    rc::Rc,
    sync::Arc,
    task::{Context, Poll, ready},
};

use actix_web::error::PayloadError;
use bytes::{Bytes, BytesMut};
use futures_util::Stream;

use super::{frame_header::FrameHeader, io::Io};
use crate::socket::inflow::Inflow;

/// Bytes that are read at once; memory for them is taken only while there are bytes.
const CHUNK: usize = 16 * 1024;

thread_local! {
    /// All sockets of a worker read into this, one at a time.
    static SCRATCH: Cell<Vec<u8>> = Cell::new(vec![0; CHUNK]);
}

/// What feeder and reader tell each other.
#[derive(Default)]
pub struct Gauge {
    /// Frames that were handed over whole and have not reached the feeder.
    ahead: Cell<usize>,
    oversized: Cell<bool>,
}

impl Gauge {
    /// The feeder got a frame.
    pub fn arrived(&self) {
        self.ahead.set(self.ahead.get().saturating_sub(1));
    }

    /// Whether reading ended because a frame announced too much.
    pub fn is_oversized(&self) -> bool {
        self.oversized.get()
    }
}

/// The bytes of a WebSocket, cut so that at most one whole frame is under way to the feeder. The frame decoder above
/// would else gather all that a flooding client sends before it looks at the first frame.
pub struct Inbound {
    io: Rc<Io>,
    /// Read, but not handed over.
    chunk: Bytes,
    header: FrameHeader,
    /// Bytes of the current frame's payload that are still to come.
    payload: usize,
    gauge: Rc<Gauge>,
    inflow: Arc<Inflow>,
}

impl Inbound {
    /// Reads `io`, after the bytes that came `early` with the HTTP request.
    pub fn new(io: Rc<Io>, early: BytesMut, gauge: Rc<Gauge>, inflow: Arc<Inflow>) -> Inbound {
        Inbound { io, chunk: Bytes::from(early.to_vec()), header: FrameHeader::default(), payload: 0, gauge, inflow }
    }

    /// The part of the chunk that belongs to the current frame.
    fn cut(&mut self) -> Result<Bytes, PayloadError> {
        let mut taken = 0;
        if self.payload == 0 {
            let (header_bytes, announced) = self.header.read(&self.chunk);
            taken = header_bytes;
            match announced {
                Some(length) if length > self.inflow.max_payload() as u64 => {
                    self.gauge.oversized.set(true);
                    return Err(PayloadError::Overflow);
                }
                Some(length) => self.payload = length as usize,
                None => return Ok(self.chunk.split_to(taken)),
            }
        }
        let now = self.payload.min(self.chunk.len() - taken);
        self.payload -= now;
        if self.payload == 0 {
            self.gauge.ahead.set(self.gauge.ahead.get() + 1);
        }
        Ok(self.chunk.split_to(taken + now))
    }

    fn poll_read(&self, cx: &mut Context<'_>) -> Poll<io::Result<Bytes>> {
        let mut scratch = SCRATCH.take();
        scratch.resize(CHUNK, 0);
        let read = self.io.poll_read(cx, &mut scratch).map_ok(|length| Bytes::copy_from_slice(&scratch[..length]));
        SCRATCH.set(scratch);
        read
    }
}

impl Stream for Inbound {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.gauge.ahead.get() > 0 {
            // The decoder above has a whole frame now, and asks again once it has handed it on.
            return Poll::Pending;
        }
        ready!(self.inflow.poll_room(cx));
        if self.chunk.is_empty() {
            match ready!(self.poll_read(cx)) {
                Ok(chunk) if chunk.is_empty() => return Poll::Ready(None),
                Ok(chunk) => self.chunk = chunk,
                Err(error) => return Poll::Ready(Some(Err(error.into()))),
            }
        }
        Poll::Ready(Some(self.cut()))
    }
}
