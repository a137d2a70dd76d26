//! Puts a packet and the binary messages that follow it together.
use bytes::Bytes;
use bytestring::ByteString;

use super::{AckId, Event, Kind, packet::Header, placeholder::placeholders};
use crate::protocol::{Fault, json};

/// Names that clients and servers emit to themselves.
const RESERVED: [&str; 6] =
    ["connect", "connect_error", "disconnect", "disconnecting", "newListener", "removeListener"];

/// A whole packet.
#[derive(Debug, PartialEq, Eq)]
pub enum Assembled {
    /// The client wants to join.
    Connect {
        /// Which namespace.
        namespace: ByteString,
        /// The JSON text of an object.
        auth: Option<ByteString>,
    },
    /// The client leaves.
    Disconnect {
        /// Which namespace.
        namespace: ByteString,
    },
    /// The client says something.
    Event {
        /// Where.
        namespace: ByteString,
        /// What.
        event: Event,
    },
    /// The client answers.
    Ack {
        /// Where.
        namespace: ByteString,
        /// Which question.
        id: AckId,
        /// The answer; an event without a name.
        answer: Event,
    },
}

/// Holds at most one packet whose attachments are not all there.
#[derive(Debug, Default)]
pub struct Assembler(Option<Box<(Header, Vec<Bytes>)>>);

impl Assembler {
    /// A text message came. `None`: the rest of it is still to come.
    ///
    /// # Errors
    /// Any [`Fault`] in the form of the packet.
    pub fn text(&mut self, text: &ByteString) -> Result<Option<Assembled>, Fault> {
        if self.0.is_some() {
            return Err(Fault::TextAmidBinary);
        }
        let header = Header::parse(text)?;
        if header.attachments > 0 {
            self.0 = Some(Box::new((header, vec![])));
            return Ok(None);
        }
        assemble(header, vec![]).map(Some)
    }

    /// A binary message came.
    ///
    /// # Errors
    /// [`Fault::UnexpectedBinary`], or any fault in the packet that it completes.
    pub fn binary(&mut self, bytes: Bytes) -> Result<Option<Assembled>, Fault> {
        let mut partial = self.0.take().ok_or(Fault::UnexpectedBinary)?;
        partial.1.push(bytes);
        if partial.1.len() < partial.0.attachments {
            self.0 = Some(partial);
            return Ok(None);
        }
        let (header, attachments) = *partial;
        assemble(header, attachments).map(Some)
    }
}

fn assemble(header: Header, attachments: Vec<Bytes>) -> Result<Assembled, Fault> {
    let Header { kind, namespace, id, payload, .. } = header;
    match kind {
        Kind::Connect => Ok(Assembled::Connect { namespace, auth: auth(payload)? }),
        Kind::Disconnect if payload.is_some() || id.is_some() => Err(Fault::BadDisconnect),
        Kind::Disconnect => Ok(Assembled::Disconnect { namespace }),
        Kind::Event => Ok(Assembled::Event { namespace, event: event(payload, attachments, id)? }),
        Kind::Ack => {
            let answer = answer(payload, attachments)?;
            Ok(Assembled::Ack { namespace, id: id.ok_or(Fault::NoPayload)?, answer })
        }
        Kind::ConnectError => Err(Fault::ClientError),
    }
}

fn auth(payload: Option<ByteString>) -> Result<Option<ByteString>, Fault> {
    let Some(text) = payload else { return Ok(None) };
    json::check(&text)?;
    if text.trim_start().starts_with('{') { Ok(Some(text)) } else { Err(Fault::BadConnect) }
}

fn event(payload: Option<ByteString>, attachments: Vec<Bytes>, id: Option<AckId>) -> Result<Event, Fault> {
    let payload = payload.ok_or(Fault::NoPayload)?;
    let cut = json::cut_array(&payload)?.ok_or(Fault::BadEvent)?;
    let name = name(payload.slice_ref(cut.first.ok_or(Fault::BadEvent)?))?;
    check_placeholders(&payload, &attachments)?;
    let first = cut.second.map(|first| payload.slice_ref(first));
    let args = cut.len - 1;
    Ok(Event::new(name, payload, first, args, attachments, id))
}

fn answer(payload: Option<ByteString>, attachments: Vec<Bytes>) -> Result<Event, Fault> {
    let payload = payload.ok_or(Fault::NoPayload)?;
    let cut = json::cut_array(&payload)?.ok_or(Fault::BadAck)?;
    check_placeholders(&payload, &attachments)?;
    let first = cut.first.map(|first| payload.slice_ref(first));
    let args = cut.len;
    Ok(Event::answer(payload, first, args, attachments))
}

/// In a packet without attachments, what looks like a placeholder is plain data.
fn check_placeholders(payload: &str, attachments: &[Bytes]) -> Result<(), Fault> {
    if attachments.is_empty() { Ok(()) } else { placeholders(payload, attachments.len()).map(drop) }
}

/// The event name in the JSON text `raw`. A string that has no unescaped form (half a surrogate pair) stays as it is.
fn name(raw: ByteString) -> Result<ByteString, Fault> {
    let Some(inner) = raw.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else {
        let number = raw.starts_with(|first: char| first == '-' || first.is_ascii_digit());
        return if number { Ok(raw) } else { Err(Fault::BadName) };
    };
    let unescaped = inner.contains('\\').then(|| serde_json::from_str::<String>(&raw).ok()).flatten();
    let name = unescaped.map_or_else(|| raw.slice_ref(inner), ByteString::from);
    if RESERVED.contains(&&*name) { Err(Fault::ReservedName) } else { Ok(name) }
}
