//! Binary packets as text: `b` and base64. Clients write it in several ways, and all of them are read.
use base64::{
    Engine as _,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use bytes::Bytes;

use crate::protocol::Fault;

/// Some clients leave the padding out.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Some clients break lines, every 76 characters or at the end.
const WHITE_SPACE: [char; 6] = [' ', '\t', '\n', '\x0b', '\x0c', '\r'];

/// Appends `bytes` to `text`.
pub fn encode(bytes: &[u8], text: &mut String) {
    BASE64.encode_string(bytes, text);
}

/// The bytes that `text` stands for.
///
/// # Errors
/// [`Fault::BadBase64`].
pub fn decode(text: &str) -> Result<Bytes, Fault> {
    let whole = BASE64.decode(text);
    let decoded = whole.or_else(|_| BASE64.decode(text.split(WHITE_SPACE).collect::<String>()));
    decoded.map(Bytes::from).map_err(|_| Fault::BadBase64)
}
