//! Turns the frames of one WebSocket into messages to its session. The only file that names actix-web-actors.
use std::{rc::Rc, sync::Arc};

use actix::prelude::*;
use actix_http::ws::{Codec, Item};
use actix_web::{Error, web::Bytes};
use actix_web_actors::ws::{CloseCode, CloseReason, Message, ProtocolError, WebsocketContext};
use bytes::BytesMut;
use bytestring::ByteString;
use futures_util::Stream;

use super::inbound::{Gauge, Inbound};
use crate::{
    measure::Times,
    protocol::{Reason, engine::Frame},
    socket::{
        inflow::Inflow,
        session::{FromWebSocket, Line, Session, WebSocketGone},
    },
};

/// Feeds one session from one WebSocket.
pub struct Feeder {
    session: Addr<Session>,
    line: Line,
    inflow: Arc<Inflow>,
    gauge: Rc<Gauge>,
    fragments: Option<Box<Fragments>>,
    /// Frames so far.
    fed: u64,
    gone: bool,
}

/// A message whose last fragment has not come.
struct Fragments {
    text: bool,
    bytes: BytesMut,
}

impl Feeder {
    /// The bytes that the WebSocket itself must write (pongs, the close frame), as a stream that ends with it. Polling
    /// the stream is what runs the feeder.
    pub fn start(
        session: Addr<Session>,
        line: Line,
        inflow: Arc<Inflow>,
        inbound: impl FnOnce(Rc<Gauge>) -> Inbound,
        max_payload: usize,
    ) -> impl Stream<Item = Result<Bytes, Error>> {
        let gauge = Rc::new(Gauge::default());
        let inbound = inbound(gauge.clone());
        let feeder = Feeder { session, line, inflow, gauge, fragments: None, fed: 0, gone: false };
        WebsocketContext::with_codec(feeder, inbound, Codec::new().max_size(max_payload))
    }

    fn feed(&mut self, frame: Frame) {
        self.inflow.enter();
        self.fed += 1;
        self.session.do_send(FromWebSocket { line: self.line, frame, sent: Times::sample(self.fed) });
    }

    fn fragment(&mut self, item: Item) -> Result<(), CloseCode> {
        let (last, bytes) = match item {
            Item::FirstText(bytes) => {
                self.fragments = Some(Box::new(Fragments { text: true, bytes: BytesMut::new() }));
                (false, bytes)
            }
            Item::FirstBinary(bytes) => {
                self.fragments = Some(Box::new(Fragments { text: false, bytes: BytesMut::new() }));
                (false, bytes)
            }
            Item::Continue(bytes) => (false, bytes),
            Item::Last(bytes) => (true, bytes),
        };
        let fragments = self.fragments.as_mut().ok_or(CloseCode::Protocol)?;
        if fragments.bytes.len() + bytes.len() > self.inflow.max_payload() {
            return Err(CloseCode::Size);
        }
        fragments.bytes.extend_from_slice(&bytes);
        if last { self.assemble() } else { Ok(()) }
    }

    fn assemble(&mut self) -> Result<(), CloseCode> {
        let fragments = self.fragments.take().ok_or(CloseCode::Protocol)?;
        let bytes = fragments.bytes.freeze();
        let frame = match fragments.text {
            true => Frame::Text(ByteString::try_from(bytes).map_err(|_| CloseCode::Invalid)?),
            false => Frame::Binary(bytes),
        };
        self.feed(frame);
        Ok(())
    }

    fn refuse(&mut self, code: CloseCode, ctx: &mut WebsocketContext<Feeder>) {
        self.close(Reason::TransportError, Some(code.into()), ctx);
    }

    /// The session hears of the end before the client does: whatever the client does next, the session is ready.
    fn close(&mut self, why: Reason, reason: Option<CloseReason>, ctx: &mut WebsocketContext<Feeder>) {
        self.tell(why);
        ctx.close(reason);
        ctx.stop();
    }

    fn tell(&mut self, reason: Reason) {
        if !std::mem::replace(&mut self.gone, true) {
            self.session.do_send(WebSocketGone { line: self.line, reason });
        }
    }

    /// The codec reports its own refusals; what is left of I/O kind is either the reader's or text that is not UTF-8.
    fn code_of(&self, error: &ProtocolError) -> CloseCode {
        match error {
            _ if self.gauge.is_oversized() => CloseCode::Size,
            ProtocolError::Overflow => CloseCode::Size,
            ProtocolError::Io(error) if error.kind() == std::io::ErrorKind::Other => CloseCode::Invalid,
            _ => CloseCode::Protocol,
        }
    }
}

/// Nobody sends messages to a feeder, so its mailbox needs no capacity of its own.
impl Actor for Feeder {
    type Context = WebsocketContext<Feeder>;
}

/// However this ends, by a close frame or because its socket was dropped, the session hears of it.
impl Drop for Feeder {
    fn drop(&mut self) {
        self.tell(Reason::TransportClose);
    }
}

impl StreamHandler<Result<Message, ProtocolError>> for Feeder {
    fn handle(&mut self, message: Result<Message, ProtocolError>, ctx: &mut Self::Context) {
        self.gauge.arrived();
        match message {
            Ok(Message::Text(text)) => self.feed(Frame::Text(text)),
            Ok(Message::Binary(bytes)) => self.feed(Frame::Binary(bytes)),
            Ok(Message::Continuation(item)) => {
                if let Err(code) = self.fragment(item) {
                    self.refuse(code, ctx);
                }
            }
            Ok(Message::Ping(bytes)) => ctx.pong(&bytes),
            Ok(Message::Pong(_) | Message::Nop) => {}
            Ok(Message::Close(reason)) => self.close(Reason::TransportClose, reason, ctx),
            Err(error) => {
                let code = self.code_of(&error);
                self.refuse(code, ctx);
            }
        }
    }
}
