//! The body of a poll or a POST: packets joined by 0x1e, binary ones as `b` and base64.
use base64::{
    Engine as _,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use bytestring::ByteString;

use super::{Frame, Packet};
use crate::protocol::Fault;

/// Packets that one poll brings at most: python-engineio drops the connection on more.
pub const MAX_POLLED: usize = 16;

const SEPARATOR: char = '\x1e';

/// Some clients leave the padding out.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

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
                BASE64.encode_string(bytes, &mut body);
            }
        }
    }
    body
}

/// The packets that `body` carries, read one by one as they are asked for.
pub fn split(body: &ByteString) -> impl Iterator<Item = Result<Packet, Fault>> {
    body.split(SEPARATOR).map(|part| match part.strip_prefix('b') {
        Some(encoded) => BASE64.decode(encoded).map(|bytes| Packet::Binary(bytes.into())).map_err(|_| Fault::BadBody),
        None => Packet::decode(Frame::Text(body.slice_ref(part))),
    })
}
