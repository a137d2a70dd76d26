//! The little that must be known of JSON without building it: how deep it is, and the texts of an array's elements.
use std::fmt;

use memchr::memchr2_iter;
use serde::de::{Deserializer, IgnoredAny, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::Fault;

/// Arrays and objects may lie within each other this deep.
pub const MAX_DEPTH: usize = 64;

/// The texts of the elements of the JSON array `array`, which [`cut_array`] has let pass.
pub fn elements(array: &str) -> impl Iterator<Item = &str> {
    let mut rest = array.trim().strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or_default();
    std::iter::from_fn(move || {
        rest = rest.trim_start();
        let end = (!rest.is_empty()).then(|| end_of_element(rest))?;
        let element = rest[..end].trim_end();
        rest = rest.get(end + 1..).unwrap_or_default();
        Some(element)
    })
}

/// Where the first element of `list` ends: at a comma outside of everything, or with the list.
fn end_of_element(list: &str) -> usize {
    let mut depth = 0usize;
    for (at, byte) in outside_strings(list) {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            b',' if depth == 0 => return at,
            _ => {}
        }
    }
    list.len()
}

/// Whether `text` is one JSON value of bearable depth.
///
/// # Errors
/// [`Fault::TooDeep`] or [`Fault::BadJson`].
pub fn check(text: &str) -> Result<(), Fault> {
    check_depth(text)?;
    serde_json::from_str::<&RawValue>(text).map_err(|_| Fault::BadJson).map(drop)
}

/// What is usually asked of a JSON array, found as it is checked. No more is kept, however long the array is.
#[derive(Debug, PartialEq, Eq)]
pub struct Cut<'a> {
    /// The text of the first element.
    pub first: Option<&'a str>,
    /// The text of the second.
    pub second: Option<&'a str>,
    /// How many there are.
    pub len: usize,
}

/// Cuts the JSON array `text`; `None` if it is any other JSON value.
///
/// # Errors
/// [`Fault::TooDeep`] or [`Fault::BadJson`].
pub fn cut_array(text: &str) -> Result<Option<Cut<'_>>, Fault> {
    if !text.trim_start().starts_with('[') {
        return check(text).map(|()| None);
    }
    check_depth(text)?;
    let mut json = serde_json::Deserializer::from_str(text);
    let cut = json.deserialize_seq(Cutter).and_then(|cut| json.end().map(|()| cut));
    cut.map(Some).map_err(|_| Fault::BadJson)
}

struct Cutter;

impl<'a> Visitor<'a> for Cutter {
    type Value = Cut<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'a>>(self, mut array: A) -> Result<Cut<'a>, A::Error> {
        let first = array.next_element::<&RawValue>()?.map(RawValue::get);
        let second = array.next_element::<&RawValue>()?.map(RawValue::get);
        let mut len = usize::from(first.is_some()) + usize::from(second.is_some());
        while array.next_element::<IgnoredAny>()?.is_some() {
            len += 1;
        }
        Ok(Cut { first, second, len })
    }
}

/// Walks the bytes instead of the tree, so that depth costs no stack.
fn check_depth(text: &str) -> Result<(), Fault> {
    if memchr2_iter(b'[', b'{', text.as_bytes()).nth(MAX_DEPTH).is_none() {
        return Ok(());
    }
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
    let mut inside = false;
    let mut escaped = false;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_array_is_cut_at_its_own_commas() {
        let cut = |array| elements(array).collect::<Vec<_>>();
        assert_eq!(cut(r#" [ 1 , "a,]\",[" , {"b":[2,3]} ,[]] "#), ["1", r#""a,]\",[""#, r#"{"b":[2,3]}"#, "[]"]);
        assert_eq!(cut("[]"), [""; 0]);
        assert_eq!(cut("[ ]"), [""; 0]);
        assert_eq!(cut("[null]"), ["null"]);
    }

    #[test]
    fn the_first_two_elements_are_found_and_all_are_counted() {
        let cut = |text| cut_array(text).map(|cut| cut.map(|Cut { first, second, len }| (first, second, len)));
        assert_eq!(cut(r#" [ "a" , {"b":1} ,3] "#), Ok(Some((Some(r#""a""#), Some(r#"{"b":1}"#), 3))));
        assert_eq!(cut("[]"), Ok(Some((None, None, 0))));
        assert_eq!(cut("{}"), Ok(None));
        assert_eq!(cut("[1,]"), Err(Fault::BadJson));
        assert_eq!(cut("[1] 2"), Err(Fault::BadJson));
        let deep = |depth| "[".repeat(depth) + &"]".repeat(depth);
        assert!(cut_array(&deep(MAX_DEPTH)).is_ok());
        assert_eq!(cut_array(&deep(MAX_DEPTH + 1)), Err(Fault::TooDeep));
    }
}
