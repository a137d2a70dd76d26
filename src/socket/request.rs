//! A request on its way through the server, for the clock of its connection: when its body is there, and when its answer
//! is on the way.
use std::{
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
};

use actix_http::{
    Payload, Request,
    body::{BodySize, BoxBody, MessageBody},
};
use bytes::Bytes;
use futures_util::{Stream, StreamExt};

use super::clock::Clock;

/// A request that is not answered yet; dropping it says that it is.
pub struct Answering(Option<Rc<Clock>>);

impl Answering {
    /// The head of `request` has come.
    pub fn begin(request: &mut Request) -> Answering {
        let clock = request.conn_data::<Rc<Clock>>().cloned();
        if let Some(clock) = &clock {
            let has_body = !matches!(request.payload(), Payload::None);
            clock.begin(has_body);
            if has_body {
                let body = Incoming { body: request.take_payload(), clock: clock.clone() };
                *request.payload() = Payload::Stream { payload: body.boxed_local() };
            }
        }
        Answering(clock)
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        if let Some(clock) = &self.0 {
            clock.answered();
        }
    }
}

/// The body of a request.
struct Incoming {
    body: Payload,
    clock: Rc<Clock>,
}

impl Stream for Incoming {
    type Item = <Payload as Stream>::Item;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let next = self.body.poll_next_unpin(cx);
        match &next {
            Poll::Ready(Some(Ok(bytes))) => self.clock.took(bytes.len()),
            Poll::Ready(None) => self.clock.received(),
            _ => {}
        }
        next
    }
}

/// The body of an answer, which has left HTTP's hands when this is dropped.
pub struct Outgoing {
    body: BoxBody,
    _answering: Answering,
}

impl Outgoing {
    /// `body` is the answer to what is `answering`.
    pub fn new(body: BoxBody, answering: Answering) -> Outgoing {
        Outgoing { body, _answering: answering }
    }
}

impl MessageBody for Outgoing {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Pin::new(&mut self.body).poll_next(cx)
    }
}
