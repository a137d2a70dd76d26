//! The text of one packet: `<type>[<n>-][<namespace>,][<ack id>][json]`.
use bytestring::ByteString;

use super::AckId;
use crate::protocol::Fault;

/// Attachments of one packet, as in the reference parser.
pub const MAX_ATTACHMENTS: usize = 10;

/// What a packet is. A binary event and an event are one kind that differ in their attachments; so are answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `0`
    Connect,
    /// `1`
    Disconnect,
    /// `2`, or `5` with attachments.
    Event,
    /// `3`, or `6` with attachments.
    Ack,
    /// `4`
    ConnectError,
}

/// The parts of a packet's text. They share its memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// What it is.
    pub kind: Kind,
    /// Binary messages that follow.
    pub attachments: usize,
    /// `/` if it names none.
    pub namespace: ByteString,
    /// The ack id.
    pub id: Option<AckId>,
    /// Whatever is left; not looked at yet.
    pub payload: Option<ByteString>,
}

impl Header {
    /// Takes the text of a message apart.
    ///
    /// # Errors
    /// [`Fault::UnknownType`], [`Fault::AttachmentCount`] or [`Fault::BadAckId`].
    pub fn parse(text: &ByteString) -> Result<Header, Fault> {
        let (kind, binary) = match text.as_bytes().first() {
            Some(b'0') => (Kind::Connect, false),
            Some(b'1') => (Kind::Disconnect, false),
            Some(b'2') => (Kind::Event, false),
            Some(b'3') => (Kind::Ack, false),
            Some(b'4') => (Kind::ConnectError, false),
            Some(b'5') => (Kind::Event, true),
            Some(b'6') => (Kind::Ack, true),
            _ => return Err(Fault::UnknownType),
        };
        let rest = &text[1..];
        let (attachments, rest) = if binary { attachments(rest)? } else { (0, rest) };
        let (namespace, rest) = namespace(rest);
        let (id, rest) = ack_id(rest)?;
        Ok(Header {
            kind,
            attachments,
            namespace: namespace.map_or(ByteString::from_static("/"), |namespace| text.slice_ref(namespace)),
            id,
            payload: (!rest.is_empty()).then(|| text.slice_ref(rest)),
        })
    }
}

fn attachments(text: &str) -> Result<(usize, &str), Fault> {
    let (count, rest) = text.split_once('-').ok_or(Fault::AttachmentCount)?;
    let digits = !count.is_empty() && count.bytes().all(|byte| byte.is_ascii_digit());
    match count.parse() {
        Ok(count @ 1..=MAX_ATTACHMENTS) if digits => Ok((count, rest)),
        _ => Err(Fault::AttachmentCount),
    }
}

/// A namespace ends at a comma, or with the packet.
fn namespace(text: &str) -> (Option<&str>, &str) {
    if !text.starts_with('/') {
        return (None, text);
    }
    let (namespace, rest) = text.split_once(',').unwrap_or((text, ""));
    (Some(namespace), rest)
}

fn ack_id(text: &str) -> Result<(Option<AckId>, &str), Fault> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 {
        return Ok((None, text));
    }
    let id = text[..digits].parse().map_err(|_| Fault::BadAckId)?;
    Ok((Some(AckId(id)), &text[digits..]))
}
