//! A packet for clients: encoded once, shared by all who receive it.
use std::sync::Arc;

use bytes::Bytes;
use bytestring::ByteString;
use serde::Serialize;

use super::AckId;

/// The main namespace.
pub const MAIN: &str = "/";

/// A packet for clients, as it goes over the wire. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    text: ByteString,
    attachments: Option<Arc<[Bytes]>>,
}

impl Packet {
    /// The event `name` with one argument.
    pub fn event(namespace: &str, name: &str, payload: &impl Serialize) -> Packet {
        Packet::plain('2', namespace, None, &json(&(name, payload)))
    }

    /// The answer to a client's event, with one argument.
    pub fn ack(namespace: &str, id: AckId, payload: &impl Serialize) -> Packet {
        Packet::plain('3', namespace, Some(id), &json(&[payload]))
    }

    /// The whole text frame, Engine.IO's `4` included: `42["user-id",{}]`.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The binary frames that follow the text frame.
    pub fn attachments(&self) -> &[Bytes] {
        self.attachments.as_deref().unwrap_or_default()
    }

    /// Bytes on a WebSocket, frame headers included.
    pub fn cost(&self) -> usize {
        self.attachments().iter().map(Bytes::len).map(framed).sum::<usize>() + framed(self.text.len())
    }

    fn plain(kind: char, namespace: &str, id: Option<AckId>, args: &str) -> Packet {
        let namespace = if namespace == MAIN { String::new() } else { format!("{namespace},") };
        let id = id.map(|id| id.to_string()).unwrap_or_default();
        Packet { text: format!("4{kind}{namespace}{id}{args}").into(), attachments: None }
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("a payload is made of types that JSON knows")
}

/// Length of a server's WebSocket frame with a payload of `len` bytes.
pub(super) fn framed(len: usize) -> usize {
    len + match len {
        0..126 => 2,
        126..65_536 => 4,
        _ => 10,
    }
}
