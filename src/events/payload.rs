//! From an event's JSON to checked values, or a refusal that says what is wrong. Shapes and types come first, ids last.
use std::{borrow::Cow, ops::Deref};

use memchr::memchr2_iter;
use serde::{Deserialize, Deserializer};

use super::PayloadBounds;
use crate::domain::{ChatId, FileId, Refusal, Rev, Seq, UserId};

/// A payload may nest this deep; nothing in the contract needs more than three.
const MAX_DEPTH: usize = 16;

/// A text in a payload. Copied only if there are escapes in it.
#[derive(Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(transparent)]
pub(super) struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

/// `null` says something here, as what is left out does not.
pub(super) fn said<'de, T: Deserialize<'de>, D: Deserializer<'de>>(value: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(value).map(Some)
}

/// A picture by its id. What is no id is nobody's.
pub(super) fn picture(text: &str) -> Result<FileId, Refusal> {
    text.parse().map_err(|_| Refusal::no_such_file())
}

/// A payload without fields.
#[derive(Deserialize)]
pub(super) struct Nothing {}

/// A payload that names a chat and nothing else.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct OfChat<'a> {
    #[serde(borrow)]
    chat_id: Text<'a>,
}

/// An event's one argument as JSON text, if it had one.
#[derive(Clone, Copy)]
pub(super) struct Payload<'a>(pub Option<&'a str>);

impl<'a> Payload<'a> {
    /// Reads one object, whose unknown fields are ignored.
    pub fn read<T: Deserialize<'a>>(self) -> Result<T, Refusal> {
        read(self.0.unwrap_or_default())
    }

    /// The chat of a payload that names nothing else.
    pub fn of_chat(self) -> Result<ChatId, Refusal> {
        let asked: OfChat = self.read()?;
        chat(&asked.chat_id)
    }

    /// The same for an event that may come without one.
    pub fn read_if_any<T: Deserialize<'a>>(self) -> Result<T, Refusal> {
        read(self.0.unwrap_or("{}"))
    }
}

/// What is wrong with it is said without repeating what it held.
fn read<'a, T: Deserialize<'a>>(json: &'a str) -> Result<T, Refusal> {
    if !json.trim_start().starts_with('{') {
        return Err(Refusal::bad_request("The payload must be one object"));
    }
    if too_deep(json) {
        return Err(Refusal::bad_request(format!("The payload must not nest deeper than {MAX_DEPTH}")));
    }
    serde_json::from_str(json).map_err(|error| {
        let reason = error.to_string();
        let reason = reason.split(" at line ").next().unwrap_or_default();
        let reason = if reason.starts_with("missing field") { reason } else { "a field has the wrong type" };
        Refusal::bad_request(format!("The payload is wrong: {reason}"))
    })
}

fn too_deep(json: &str) -> bool {
    if memchr2_iter(b'[', b'{', json.as_bytes()).nth(MAX_DEPTH).is_none() {
        return false;
    }
    let mut depth = 0usize;
    let mut quoted = false;
    let mut escaped = false;
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => depth += 1,
            b'}' | b']' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return true;
        }
    }
    false
}

/// A chat by its id. What is no id names a chat that the caller is not in.
pub(super) fn chat(text: &str) -> Result<ChatId, Refusal> {
    text.parse().map_err(|_| Refusal::no_such_chat())
}

/// A person by the id.
pub(super) fn user(text: &str) -> Result<UserId, Refusal> {
    text.parse().map_err(|_| Refusal::no_such_user())
}

/// The place of a message in its chat; `what` is how a refusal calls it.
pub(super) fn seq(what: &str, number: Option<i64>) -> Result<Option<Seq>, Refusal> {
    match number {
        Some(number) if number < 0 => Err(Refusal::bad_request(format!("{what} must not be negative"))),
        number => Ok(number.map(Seq)),
    }
}

/// The same where one must be given.
pub(super) fn required_seq(number: i64) -> Result<Seq, Refusal> {
    Ok(seq("Seq", Some(number))?.unwrap_or_default())
}

/// The number of a change; `what` is how a refusal calls it.
pub(super) fn rev(what: &str, number: Option<i64>) -> Result<Option<Rev>, Refusal> {
    Ok(seq(what, number)?.map(|seq| Rev(seq.0)))
}

/// How many messages are wanted.
pub(super) fn size(limit: Option<i64>, bounds: &PayloadBounds) -> Result<u64, Refusal> {
    page_size(limit, bounds.page, bounds.max_page)
}

/// How much is wanted, `usual` unless it is said; more than the most is clamped.
pub(super) fn page_size(limit: Option<i64>, usual: u64, most: u64) -> Result<u64, Refusal> {
    match limit {
        None => Ok(usual),
        Some(number) if number < 1 => Err(Refusal::bad_request("Limit must be at least 1")),
        Some(number) => Ok((number as u64).min(most)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Two<'a> {
        #[serde(borrow)]
        one: Text<'a>,
        other: Option<Text<'a>>,
    }

    #[test]
    fn a_text_is_copied_only_if_there_are_escapes_in_it() {
        let payload = Payload(Some(r#"{"one":"plain","other":"plain too"}"#));
        let Two { one, other } = payload.read().unwrap();
        assert!(matches!((one.0, other.unwrap().0), (Cow::Borrowed("plain"), Cow::Borrowed("plain too"))));
        let Two { one, other } = Payload(Some(r#"{"one":"a\nb"}"#)).read().unwrap();
        assert!(matches!(one.0, Cow::Owned(text) if text == "a\nb") && other.is_none());
    }
}
