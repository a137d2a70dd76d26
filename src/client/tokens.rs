//! Where a socket's tokens are looked for: the first place that has any decides.
use serde::Deserialize;

use crate::{auth::Tokens, socket::Connect};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Payload {
    access_token: Option<String>,
    refresh_token: Option<String>,
}

/// The tokens of a socket: CONNECT payload, then the query (if the operator allows it), `Authorization: Bearer`, cookies.
pub(super) fn of(connect: &Connect, allow_query: bool) -> Tokens {
    let handshake = &connect.handshake;
    let cookie = |name| handshake.cookie(name).map(str::to_owned);
    let query = |name| handshake.query(name).filter(|_| allow_query);
    let query_tokens = || query("accessToken").zip(query("refreshToken"));
    from_payload(connect.auth.as_deref())
        .or_else(|| query_tokens().map(|(access, refresh)| Tokens { access: Some(access), refresh: Some(refresh) }))
        .or_else(|| {
            bearer(handshake.header("authorization").as_deref())
                .map(|access| Tokens { access: Some(access), refresh: None })
        })
        .unwrap_or_else(|| Tokens { access: cookie("access_token"), refresh: cookie("refresh_token") })
}

fn from_payload(auth: Option<&str>) -> Option<Tokens> {
    // What serde derives for a struct takes a list of its fields too.
    let object = auth?.trim_start();
    let payload: Payload = object.starts_with('{').then(|| serde_json::from_str(object).ok())??;
    let tokens = Tokens { access: payload.access_token, refresh: payload.refresh_token };
    (tokens.access.is_some() || tokens.refresh.is_some()).then_some(tokens)
}

fn bearer(header: Option<&str>) -> Option<String> {
    let (scheme, token) = header?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_without_tokens_or_with_wrong_types_is_no_source() {
        for payload in
            [None, Some("{}"), Some(r#"{"accessToken":5}"#), Some(r#"{"accessToken":null}"#), Some(r#"["a","r"]"#)]
        {
            assert!(from_payload(payload).is_none(), "{payload:?}");
        }
        let tokens = from_payload(Some(r#"{"refreshToken":"r","other":1}"#)).unwrap();
        assert_eq!((tokens.access.as_deref(), tokens.refresh.as_deref()), (None, Some("r")));
    }

    #[test]
    fn a_bearer_header_is_recognised_whatever_the_case_of_its_scheme() {
        assert_eq!(bearer(Some("bearer abc")).as_deref(), Some("abc"));
        assert_eq!(bearer(Some("Basic abc")), None);
        assert_eq!(bearer(None), None);
    }
}
