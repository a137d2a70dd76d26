//! Packets for clients, as text.
use bytes::Bytes;
use bytestring::ByteString;

use super::{AckId, placeholder::placeholders};
use crate::protocol::Fault;

/// What a server emits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outgoing {
    /// An event, with the ack id under which an answer is wanted.
    Event(Option<AckId>),
    /// The answer to an event.
    Ack(AckId),
}

/// The text frame (Engine.IO's `4` included) and the binary frames of a packet with the JSON array `args`. Without
/// attachments, what looks like a placeholder is plain data; with them, each use of one becomes an attachment of its own.
///
/// # Errors
/// [`Fault::PlaceholderRange`] if a placeholder names no attachment.
pub fn write(
    what: Outgoing,
    namespace: &str,
    args: &str,
    attachments: &[Bytes],
) -> Result<(ByteString, Vec<Bytes>), Fault> {
    let used = if attachments.is_empty() { vec![] } else { placeholders(args, attachments.len())? };
    let mut text = Vec::with_capacity(USUAL_LENGTH);
    write_head(&mut text, what, namespace, used.len());
    let args = args.as_bytes();
    let mut rest = 0;
    for (num, (place, _)) in used.iter().enumerate() {
        text.extend_from_slice(&args[rest..place.start]);
        text.extend_from_slice(format!(r#"{{"_placeholder":true,"num":{num}}}"#).as_bytes());
        rest = place.end;
    }
    text.extend_from_slice(&args[rest..]);
    let text = Bytes::from(text).try_into().expect("pieces of text are text");
    Ok((text, used.iter().map(|(_, num)| attachments[*num].clone()).collect()))
}

/// Writes what stands before the JSON array of a packet with so many attachments.
pub fn write_head(text: &mut Vec<u8>, what: Outgoing, namespace: &str, attachments: usize) {
    let (plain, binary, id) = match what {
        Outgoing::Event(id) => (b'2', b'5', id),
        Outgoing::Ack(id) => (b'3', b'6', Some(id)),
    };
    text.extend([b'4', if attachments == 0 { plain } else { binary }]);
    if attachments > 0 {
        text.extend_from_slice(format!("{attachments}-").as_bytes());
    }
    text.extend_from_slice(prefix(namespace).as_bytes());
    if let Some(AckId(id)) = id {
        text.extend_from_slice(itoa::Buffer::new().format(id).as_bytes());
    }
}

/// Most packets are no longer than this.
const USUAL_LENGTH: usize = 512;

/// The reply to a CONNECT that was granted.
pub fn connected(namespace: &str, sid: &str) -> ByteString {
    format!(r#"40{}{{"sid":"{sid}"}}"#, prefix(namespace)).into()
}

/// The reply to a CONNECT that was not granted.
pub fn refused(namespace: &str, message: &str) -> ByteString {
    format!("44{}{}", prefix(namespace), serde_json::json!({ "message": message })).into()
}

/// The server takes the client out of a namespace.
pub fn disconnected(namespace: &str) -> ByteString {
    format!("41{}", prefix(namespace)).into()
}

/// `/` is never written.
fn prefix(namespace: &str) -> String {
    if namespace == "/" { String::new() } else { format!("{namespace},") }
}
