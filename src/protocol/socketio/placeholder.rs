//! Where binary stands in the JSON of a packet: objects like `{"_placeholder":true,"num":0}`.
use std::ops::Range;

use serde::Deserialize;
use serde_json::{Deserializer, value::RawValue};

use crate::protocol::{Fault, json::outside_strings};

#[derive(Deserialize)]
struct Object<'a> {
    #[serde(borrow, default)]
    _placeholder: Option<&'a RawValue>,
    #[serde(borrow, default)]
    num: Option<&'a RawValue>,
}

/// Every placeholder in the JSON `text`: where it stands, and which of `attachments` it means.
///
/// # Errors
/// [`Fault::PlaceholderRange`] if there is no such attachment.
pub fn placeholders(text: &str, attachments: usize) -> Result<Vec<(Range<usize>, usize)>, Fault> {
    let mut found: Vec<(Range<usize>, usize)> = vec![];
    for (start, byte) in outside_strings(text) {
        // A placeholder replaces its object whole, so there can be none inside another.
        let outside = found.last().is_none_or(|(place, _)| place.end <= start);
        if byte == b'{' && outside {
            found.extend(placeholder(text, start, attachments)?);
        }
    }
    Ok(found)
}

/// The placeholder that the object at `start` is, if it is one.
fn placeholder(text: &str, start: usize, attachments: usize) -> Result<Option<(Range<usize>, usize)>, Fault> {
    let mut object = Deserializer::from_str(&text[start..]).into_iter::<Object<'_>>();
    let Some(Ok(Object { _placeholder: Some(mark), num })) = object.next() else { return Ok(None) };
    if mark.get() != "true" {
        return Ok(None);
    }
    let num = num.and_then(|num| num.get().parse().ok()).filter(|num| *num < attachments);
    let num = num.ok_or(Fault::PlaceholderRange)?;
    Ok(Some((start..start + object.byte_offset(), num)))
}
