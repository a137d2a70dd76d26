//! A packet for clients: encoded once, shared by all who receive it.
use std::{cell::Cell, iter, sync::Arc};

use bytes::Bytes;
use bytestring::ByteString;
use serde::Serialize;

use super::AckId;
use crate::protocol::{
    engine::Frame,
    socketio::{self, Outgoing},
};

/// What a thread keeps of the memory it writes packets in.
const MOST_SCRATCH: usize = 64 * 1024;

thread_local! {
    /// Packets are written here, one at a time.
    static SCRATCH: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// The main namespace.
pub const MAIN: &str = "/";

/// A packet for clients, as it goes over the wire. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet(Arc<Encoded>);

/// Behind one pointer: a packet to many is handed over more often than it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Encoded {
    text: ByteString,
    attachments: Vec<Bytes>,
    cost: usize,
}

impl Packet {
    /// The event `name` with one argument.
    pub fn event(namespace: &str, name: &str, payload: &impl Serialize) -> Packet {
        Packet::of(Outgoing::Event(None), namespace, &(name, payload))
    }

    /// The answer to a client's event, with one argument.
    pub fn ack(namespace: &str, id: AckId, payload: &impl Serialize) -> Packet {
        Packet::of(Outgoing::Ack(id), namespace, &[payload])
    }

    /// An event whose JSON array, name first, is there as text. Each `{"_placeholder":true,"num":n}` in it stands for
    /// `attachments[n]`; without attachments it is plain data.
    pub fn raw_event(namespace: &str, args: &str, attachments: &[Bytes]) -> Packet {
        Packet::written(Outgoing::Event(None), namespace, args, attachments)
    }

    /// An answer whose JSON array is there as text, with attachments as in [`Packet::raw_event`].
    pub fn raw_ack(namespace: &str, id: AckId, args: &str, attachments: &[Bytes]) -> Packet {
        Packet::written(Outgoing::Ack(id), namespace, args, attachments)
    }

    /// An event like [`Packet::raw_event`] that asks for an answer under `id`.
    pub(super) fn question(namespace: &str, id: AckId, args: &str, attachments: &[Bytes]) -> Packet {
        Packet::written(Outgoing::Event(Some(id)), namespace, args, attachments)
    }

    /// The whole text frame, Engine.IO's `4` included: `42["user-id",{}]`.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// The binary frames that follow the text frame.
    pub fn attachments(&self) -> &[Bytes] {
        &self.0.attachments
    }

    /// Bytes on a WebSocket, frame headers included.
    pub fn cost(&self) -> usize {
        self.0.cost
    }

    /// All frames, in order.
    pub(super) fn into_frames(self) -> impl Iterator<Item = Frame> {
        let Encoded { text, attachments, .. } = Arc::unwrap_or_clone(self.0);
        iter::once(Frame::Text(text)).chain(attachments.into_iter().map(Frame::Binary))
    }

    fn new(text: ByteString, attachments: Vec<Bytes>) -> Packet {
        let cost = attachments.iter().map(Bytes::len).map(framed).sum::<usize>() + framed(text.len());
        Packet(Arc::new(Encoded { text, attachments, cost }))
    }

    /// A packet without attachments; `args` is what becomes its JSON array.
    fn of(what: Outgoing, namespace: &str, args: &impl Serialize) -> Packet {
        let mut written = SCRATCH.take();
        socketio::write_head(&mut written, what, namespace, 0);
        sonic_rs::to_writer(&mut written, args).expect("a payload is made of types that JSON knows");
        // Many sockets may keep the packet for as long as they are slow, so it takes no more memory than it needs.
        let text = ByteString::try_from(Bytes::copy_from_slice(&written)).expect("JSON is text");
        if written.capacity() <= MOST_SCRATCH {
            written.clear();
            SCRATCH.set(written);
        }
        Packet::new(text, vec![])
    }

    /// A placeholder that names no attachment makes the whole packet plain text: there is nothing it could stand for.
    fn written(what: Outgoing, namespace: &str, args: &str, attachments: &[Bytes]) -> Packet {
        let (text, used) = socketio::write(what, namespace, args, attachments).unwrap_or_else(|_| {
            debug_assert!(false, "a placeholder names no attachment");
            socketio::write(what, namespace, args, &[]).expect("without attachments nothing is looked for")
        });
        Packet::new(text, used)
    }
}

impl From<ByteString> for Packet {
    /// A whole text frame as it is.
    fn from(text: ByteString) -> Packet {
        Packet::new(text, vec![])
    }
}

/// Length of a server's WebSocket frame with a payload of `len` bytes.
pub(super) fn framed(len: usize) -> usize {
    len + match len {
        0..126 => 2,
        126..65_536 => 4,
        _ => 10,
    }
}
