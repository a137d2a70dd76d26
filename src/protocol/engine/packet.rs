//! One Engine.IO packet, and the frame that carries it.
use bytes::Bytes;
use bytestring::ByteString;

use super::binary;
use crate::protocol::Fault;

/// `1`: the sender is going.
pub const CLOSE: Frame = Frame::Text(ByteString::from_static("1"));
/// `2`: the server asks for a sign of life.
pub const PING: Frame = Frame::Text(ByteString::from_static("2"));
/// `3probe`: the server answers the probe of an upgrade.
pub const PROBED: Frame = Frame::Text(ByteString::from_static("3probe"));
/// `6`: nothing, so that a poll can end.
pub const NOOP: Frame = Frame::Text(ByteString::from_static("6"));

/// A packet as it goes over the wire: what one WebSocket frame holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// A type digit, then the content.
    Text(ByteString),
    /// A binary message, which has no type digit.
    Binary(Bytes),
}

impl Frame {
    /// Bytes of the content.
    pub fn len(&self) -> usize {
        match self {
            Frame::Text(text) => text.len(),
            Frame::Binary(bytes) => bytes.len(),
        }
    }

    /// Whether there is no content at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// What a frame says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Packet {
    /// `0`.
    Open,
    /// `1`.
    Close,
    /// `2`, with whatever follows.
    Ping(ByteString),
    /// `3`.
    Pong,
    /// `4`, and its text.
    Message(ByteString),
    /// A binary frame, or `b` and base64 in one of text: clients that cannot send binary do that over any transport.
    Binary(Bytes),
    /// `5`.
    Upgrade,
    /// `6`.
    Noop,
}

impl Packet {
    /// Reads a frame.
    ///
    /// # Errors
    /// [`Fault::EmptyText`], [`Fault::UnknownPacket`] or [`Fault::BadBase64`].
    pub fn decode(frame: Frame) -> Result<Packet, Fault> {
        let text = match frame {
            Frame::Text(text) => text,
            Frame::Binary(bytes) => return Ok(Packet::Binary(bytes)),
        };
        let kind = *text.as_bytes().first().ok_or(Fault::EmptyText)?;
        let rest = || text.slice_ref(&text[1..]);
        Ok(match kind {
            b'0' => Packet::Open,
            b'1' => Packet::Close,
            b'2' => Packet::Ping(rest()),
            b'3' => Packet::Pong,
            b'4' => Packet::Message(rest()),
            b'5' => Packet::Upgrade,
            b'6' => Packet::Noop,
            b'b' => Packet::Binary(binary::decode(&text[1..])?),
            _ => return Err(Fault::UnknownPacket),
        })
    }
}
