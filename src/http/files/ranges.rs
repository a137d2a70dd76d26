//! Which part of some bytes a request wants, and whether it has them already. As RFC 9110 says.
use actix_web::{
    HttpRequest,
    http::header::{self, EntityTag, Header, IfNoneMatch, Range},
};
use std::str::FromStr;

/// What a request gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Nothing: it has them.
    Unchanged,
    /// All.
    Whole,
    /// So much of them.
    Part(std::ops::Range<u64>),
    /// What it wants is not there.
    Beyond,
}

/// What a request for `size` bytes with this tag gets. Several ranges at once get all of it.
pub(super) fn wanted(request: &HttpRequest, tag: &EntityTag, size: u64) -> Wanted {
    if let Ok(known) = IfNoneMatch::parse(request) {
        match known {
            IfNoneMatch::Any => return Wanted::Unchanged,
            IfNoneMatch::Items(tags) if tags.iter().any(|known| known.weak_eq(tag)) => return Wanted::Unchanged,
            IfNoneMatch::Items(_) => {}
        }
    }
    let text = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    let Some(range) = text(header::RANGE) else { return Wanted::Whole };
    // By date nothing is known to be the same.
    let is_same = text(header::IF_RANGE).is_none_or(|known| known.trim() == tag.to_string());
    match Range::from_str(range) {
        Ok(Range::Bytes(ranges)) if is_same && ranges.len() == 1 => match ranges[0].to_satisfiable_range(size) {
            Some((first, last)) => Wanted::Part(first..last + 1),
            None => Wanted::Beyond,
        },
        _ => Wanted::Whole,
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn asked(headers: &[(&'static str, &'static str)], size: u64) -> Wanted {
        let request = headers.iter().fold(TestRequest::get(), |request, header| request.insert_header(*header));
        wanted(&request.to_http_request(), &EntityTag::new_strong("a".into()), size)
    }

    #[test]
    fn one_range_is_honoured_and_whatever_is_none_is_as_if_it_was_not_there() {
        assert_eq!(asked(&[], 10), Wanted::Whole);
        for (range, part) in [("bytes=0-0", 0..1), ("bytes=3-", 3..10), ("bytes=-4", 6..10), ("bytes=2-99", 2..10)] {
            assert_eq!(asked(&[("range", range)], 10), Wanted::Part(part), "{range}");
        }
        assert_eq!(asked(&[("range", "bytes=-99")], 10), Wanted::Part(0..10));
        for beyond in ["bytes=10-", "bytes=-0"] {
            assert_eq!(asked(&[("range", beyond)], 10), Wanted::Beyond, "{beyond}");
        }
        for whole in ["bytes=0-1,3-4", "lines=1-2", "bytes=5-2", "bytes=x", "bytes"] {
            assert_eq!(asked(&[("range", whole)], 10), Wanted::Whole, "{whole}");
        }
    }

    #[test]
    fn a_range_of_something_else_is_not_honoured_and_what_is_there_already_is_not_sent() {
        let part = ("range", "bytes=1-2");
        assert_eq!(asked(&[part, ("if-range", "\"a\"")], 10), Wanted::Part(1..3));
        for other in ["\"b\"", "W/\"a\"", "Wed, 21 Oct 2026 07:28:00 GMT"] {
            assert_eq!(asked(&[part, ("if-range", other)], 10), Wanted::Whole, "{other}");
        }
        for known in ["\"a\"", "W/\"a\"", "\"b\", \"a\"", "*"] {
            assert_eq!(asked(&[part, ("if-none-match", known)], 10), Wanted::Unchanged, "{known}");
        }
        assert_eq!(asked(&[("if-none-match", "\"b\"")], 10), Wanted::Whole);
    }
}
