//! The body of a poll or a POST: packets joined by 0x1e, binary ones as `b` and base64.
use bytestring::ByteString;

use super::{Frame, Packet, binary};
use crate::protocol::Fault;

/// Packets that one poll brings at most: python-engineio drops the connection on more.
pub const MAX_POLLED: usize = 16;

const SEPARATOR: char = '\x1e';

/// The body that carries `frames`.
pub fn join(frames: &[Frame]) -> String {
    let mut body = String::with_capacity(frames.iter().map(|frame| frame.len() + 2).sum());
    for (at, frame) in frames.iter().enumerate() {
        if at > 0 {
            body.push(SEPARATOR);
        }
        match frame {
            Frame::Text(text) => body.push_str(text),
            Frame::Binary(bytes) => {
                body.push('b');
                binary::encode(bytes, &mut body);
            }
        }
    }
    body
}

/// The packets that `body` carries, read one by one as they are asked for.
pub fn split(body: &ByteString) -> impl Iterator<Item = Result<Packet, Fault>> {
    body.split(SEPARATOR).map(|part| Packet::decode(Frame::Text(body.slice_ref(part))))
}
