//! Headers are bytes. What can be read of them is read, whatever stands beside it; what cannot is never taken for absent.
use actix_http::header::{CONTENT_ENCODING, HeaderMap};

/// Whether a body is compressed, or otherwise not as it will be read. Such bodies are refused unread: unfolded they may be
/// a million times as large, and no limit on what is sent says anything about that.
pub fn is_encoded(headers: &HeaderMap) -> bool {
    let codings = headers.get_all(CONTENT_ENCODING).flat_map(|line| line.as_bytes().split(|byte| *byte == b','));
    codings.map(<[u8]>::trim_ascii).any(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case(b"identity"))
}
