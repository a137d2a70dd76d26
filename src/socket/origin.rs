//! Which web pages may talk to this server: the Origin rule for requests with cookies, and CORS.

use actix_http::RequestHead;
use actix_web::http::header::{COOKIE, HOST, HeaderName, HeaderValue, ORIGIN};

/// The pages that may reach this server from a browser.
#[derive(Clone, Debug, Default)]
pub struct Origins {
    /// The server's own address as browsers see it, `scheme://host[:port]`; without it the Host header tells.
    pub public_url: Option<String>,
    /// Origins that may send cookies besides the server's own; compared exactly.
    pub allowed: Vec<String>,
    /// Whether the allowed origins get CORS headers.
    pub cors: bool,
    /// Every page may talk to this server, without cookies: CORS `*`.
    pub any: bool,
}

impl Origins {
    /// The rule of [`Origins::admit`] for an HTTP request of any kind. An Origin that cannot be read is a foreign one.
    pub fn admits(&self, head: &RequestHead) -> bool {
        let host = text(head, HOST);
        let has_cookie = head.headers().contains_key(COOKIE);
        let mut origins = head.headers().get_all(ORIGIN).map(HeaderValue::to_str);
        !has_cookie || origins.all(|origin| origin.is_ok_and(|origin| self.admit(Some(origin), host, has_cookie)))
    }

    /// Whether a request may go on: without a cookie always, with a cookie only if its Origin is absent, the server's
    /// own, or listed.
    pub fn admit(&self, origin: Option<&str>, host: Option<&str>, has_cookie: bool) -> bool {
        match origin {
            Some(origin) if has_cookie => self.is_own(origin, host) || self.is_allowed(origin),
            _ => true,
        }
    }

    /// The value of `access-control-allow-origin` for a request of `origin`, if it is to have one.
    pub fn cors_for<'a>(&self, origin: Option<&'a str>) -> Option<&'a str> {
        if self.any {
            return Some("*");
        }
        origin.filter(|origin| self.cors && self.is_allowed(origin))
    }

    fn is_allowed(&self, origin: &str) -> bool {
        self.allowed.iter().any(|allowed| allowed == origin)
    }

    /// Same scheme, host and port. Without a public URL, the scheme is that of this server itself: plain HTTP.
    fn is_own(&self, origin: &str, host: Option<&str>) -> bool {
        match &self.public_url {
            Some(url) => origin == url.trim_end_matches('/'),
            None => host.is_some_and(|host| origin.strip_prefix("http://") == Some(host)),
        }
    }
}

/// The first header of `name`, if it is text.
pub(super) fn text(head: &RequestHead, name: HeaderName) -> Option<&str> {
    head.headers().get(name)?.to_str().ok()
}
