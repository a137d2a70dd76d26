//! The two cookies that keep a browser logged in.
use actix_web::{
    HttpRequest,
    cookie::{Cookie, SameSite, time::Duration as Age},
    http::header,
};

use super::State;
use crate::{
    auth::{Opened, Tokens},
    socket,
};

const ACCESS: &str = "access_token";
const REFRESH: &str = "refresh_token";

impl State {
    /// Both cookies of a fresh login.
    pub(in crate::http) fn login_cookies(&self, opened: &Opened) -> [Cookie<'static>; 2] {
        let life = Age::try_from(self.auth.refresh_ttl()).unwrap_or(Age::MAX);
        [self.access_cookie(&opened.access), self.cookie(REFRESH, &opened.refresh, life)]
    }

    /// The cookie of an access token.
    pub(in crate::http) fn access_cookie(&self, token: &str) -> Cookie<'static> {
        self.cookie(ACCESS, token, Age::try_from(self.auth.access_ttl()).unwrap_or(Age::MAX))
    }

    /// What makes a browser forget both.
    pub(in crate::http) fn cleared_cookies(&self) -> [Cookie<'static>; 2] {
        [ACCESS, REFRESH].map(|name| self.cookie(name, "", Age::ZERO))
    }

    fn cookie(&self, name: &'static str, value: &str, life: Age) -> Cookie<'static> {
        Cookie::build(name, value.to_owned())
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax)
            .secure(self.is_https)
            .max_age(life)
            .finish()
    }
}

/// The tokens of a request: `Authorization: Bearer` if there is one, else the cookies.
pub(in crate::http) fn tokens(request: &HttpRequest) -> Tokens {
    match bearer(request) {
        Some(access) => Tokens { access: Some(access), refresh: None },
        None => Tokens { access: cookie(request, ACCESS), refresh: refresh_cookie(request) },
    }
}

/// The refresh token that the browser keeps.
pub(in crate::http) fn refresh_cookie(request: &HttpRequest) -> Option<String> {
    cookie(request, REFRESH)
}

fn cookie(request: &HttpRequest, name: &str) -> Option<String> {
    socket::cookie(request.headers(), name).map(str::to_owned)
}

fn bearer(request: &HttpRequest) -> Option<String> {
    // What is no text makes a wrong token, and not the lack of one: the cookies would speak for somebody else.
    let value = String::from_utf8_lossy(request.headers().get(header::AUTHORIZATION)?.as_bytes());
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}
