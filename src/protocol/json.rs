//! The little that must be known of JSON without building it: how deep it is, and the texts of an array's elements.
use bytestring::ByteString;
use serde_json::value::RawValue;

use super::Fault;

/// Arrays and objects may lie within each other this deep.
pub const MAX_DEPTH: usize = 64;

/// The texts of the elements of the JSON array `text`, sharing its memory; `None` if it is JSON but no array.
///
/// # Errors
/// [`Fault::TooDeep`], or [`Fault::BadJson`] if `text` is not exactly one JSON value.
pub fn elements(text: &ByteString) -> Result<Option<Vec<ByteString>>, Fault> {
    if !text.trim_start().starts_with('[') {
        return check(text).map(|()| None);
    }
    check_depth(text)?;
    let raw: Vec<&RawValue> = serde_json::from_str(text).map_err(|_| Fault::BadJson)?;
    Ok(Some(raw.into_iter().map(|element| text.slice_ref(element.get())).collect()))
}

/// Whether `text` is one JSON value of bearable depth.
///
/// # Errors
/// [`Fault::TooDeep`] or [`Fault::BadJson`].
pub fn check(text: &str) -> Result<(), Fault> {
    check_depth(text)?;
    serde_json::from_str::<&RawValue>(text).map_err(|_| Fault::BadJson).map(drop)
}

/// Walks the bytes instead of the tree, so that depth costs no stack.
fn check_depth(text: &str) -> Result<(), Fault> {
    let mut depth = 0usize;
    for (_, byte) in outside_strings(text) {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return Err(Fault::TooDeep);
        }
    }
    Ok(())
}

/// The bytes of JSON `text` that stand outside its strings, with their places.
pub fn outside_strings(text: &str) -> impl Iterator<Item = (usize, u8)> {
    let (mut inside, mut escaped) = (false, false);
    text.bytes().enumerate().filter(move |(_, byte)| {
        let was_inside = inside;
        match byte {
            _ if escaped => escaped = false,
            b'\\' if inside => escaped = true,
            b'"' => inside = !inside,
            _ => {}
        }
        !was_inside && !inside
    })
}
