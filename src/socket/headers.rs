//! Headers are bytes. What can be read of them is read, whatever stands beside it; what cannot is never taken for absent.
use actix_http::header::{CONTENT_ENCODING, COOKIE, HeaderMap};

/// Whether a body is compressed, or otherwise not as it will be read. Such bodies are refused unread: unfolded they may be
/// a million times as large, and no limit on what is sent says anything about that.
pub fn is_encoded(headers: &HeaderMap) -> bool {
    let codings = headers.get_all(CONTENT_ENCODING).flat_map(|line| line.as_bytes().split(|byte| *byte == b','));
    codings.map(<[u8]>::trim_ascii).any(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case(b"identity"))
}

/// The value of the cookie `name`, as it came. Cookies of others may hold any bytes.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get_all(COOKIE).find_map(|line| cookie_in(line.as_bytes(), name))
}

/// The value of the cookie `name` in one line of cookies.
pub fn cookie_in<'a>(line: &'a [u8], name: &str) -> Option<&'a str> {
    let pairs = line.split(|byte| *byte == b';').map(<[u8]>::trim_ascii);
    let value = pairs.filter_map(|pair| pair.strip_prefix(name.as_bytes())?.strip_prefix(b"=")).next()?;
    str::from_utf8(value).ok()
}

#[cfg(test)]
mod tests {
    use actix_http::header::HeaderValue;

    use super::*;

    #[test]
    fn a_cookie_is_found_beside_bytes_that_are_no_text() {
        let line = b"a=\xe9; \xe9=1;token=abc=d ; token=second; b";
        assert_eq!((cookie_in(line, "token"), cookie_in(line, "toke")), (Some("abc=d"), None));
        assert_eq!((cookie_in(line, "b"), cookie_in(line, "a")), (None, None), "no value, and none that can be read");
        let mut headers = HeaderMap::new();
        for line in [&line[..6], line] {
            headers.append(COOKIE, HeaderValue::from_bytes(line).unwrap());
        }
        assert_eq!(cookie(&headers, "token"), Some("abc=d"));
    }

    #[test]
    fn a_body_is_encoded_unless_every_word_says_that_it_is_not() {
        let is_encoded = |lines: &[&[u8]]| {
            let mut headers = HeaderMap::new();
            lines.iter().for_each(|line| headers.append(CONTENT_ENCODING, HeaderValue::from_bytes(line).unwrap()));
            is_encoded(&headers)
        };
        assert!(!is_encoded(&[]) && !is_encoded(&[b""]) && !is_encoded(&[b"identity, Identity", b" identity "]));
        for lines in [&[b"br".as_slice()][..], &[b"identity,gzip"], &[b"identity", b"x"], &[b"\xe9"]] {
            assert!(is_encoded(lines), "{lines:?}");
        }
    }
}
