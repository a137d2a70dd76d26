//! The HTTP request that opened a connection, kept small: it lives as long as the connection.
use std::{borrow::Cow, fmt, net::IpAddr};

use ipnet::IpNet;

use actix_http::RequestHead;
use actix_web::http::header::COOKIE;

use super::{client_address, headers::cookie_in};

/// The HTTP request that opened a connection.
#[derive(Clone, Default)]
pub struct Handshake {
    /// Address of the client, as far as proxies that are trusted tell it.
    pub peer: Option<IpAddr>,
    query: Box<str>,
    /// `name: value` lines, one allocation for all. Values are bytes, of which not all need be text.
    headers: Box<[u8]>,
}

impl Handshake {
    /// The handshake that `head` is.
    pub fn of(head: &RequestHead, trusted_proxies: &[IpNet]) -> Handshake {
        let mut headers = Vec::new();
        for (name, value) in head.headers() {
            for part in [name.as_str().as_bytes(), b": ", value.as_bytes(), b"\n"] {
                headers.extend_from_slice(part);
            }
        }
        Handshake {
            peer: client_address(head, trusted_proxies),
            query: head.uri.query().unwrap_or_default().into(),
            headers: headers.into(),
        }
    }

    /// A handshake that never was a request, for tests of an application.
    pub fn made_of(query: &str, headers: &[(&str, &str)], peer: Option<IpAddr>) -> Handshake {
        let headers: String =
            headers.iter().map(|(name, value)| format!("{}: {value}\n", name.to_lowercase())).collect();
        Handshake { peer, query: query.into(), headers: headers.into_bytes().into() }
    }

    /// The first header of `name`, which is given in lower case. What is no text in it is replaced, so that it is still there
    /// and still wrong.
    pub fn header(&self, name: &str) -> Option<Cow<'_, str>> {
        self.lines(name).next().map(String::from_utf8_lossy)
    }

    /// The value of the cookie `name`, as it came.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.lines(COOKIE.as_str()).find_map(|line| cookie_in(line, name))
    }

    /// The first value of `name` in the query, decoded.
    pub fn query(&self, name: &str) -> Option<String> {
        form_urlencoded::parse(self.query.as_bytes()).find(|(n, _)| n == name).map(|(_, value)| value.into_owned())
    }

    /// The whole query, decoded.
    pub fn query_pairs(&self) -> Vec<(String, String)> {
        form_urlencoded::parse(self.query.as_bytes()).into_owned().collect()
    }

    fn lines<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a [u8]> {
        let lines = self.headers.split(|byte| *byte == b'\n');
        lines.filter_map(move |line| line.strip_prefix(name.as_bytes())?.strip_prefix(b": "))
    }
}

/// Headers and query hold tokens, which no log may show.
impl fmt::Debug for Handshake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handshake").finish_non_exhaustive()
    }
}
