//! The little that must be known of JSON without building it: how deep it is, and the texts of an array's elements.
use serde_json::value::RawValue;

use super::Fault;

/// Arrays and objects may lie within each other this deep.
pub const MAX_DEPTH: usize = 64;

/// The texts of the elements of the JSON array `array`, which [`check_array`] has let pass.
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

/// Whether `text` is a JSON array, of bearable depth; `false` if it is any other JSON value.
///
/// # Errors
/// [`Fault::TooDeep`] or [`Fault::BadJson`].
pub fn check_array(text: &str) -> Result<bool, Fault> {
    check(text).map(|()| text.trim_start().starts_with('['))
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
}
