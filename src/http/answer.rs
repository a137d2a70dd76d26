//! What every route answers with: a number, a sentence, and sometimes more. Old clients look only at `success`.
use std::{borrow::Cow, fmt};

use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder, Responder, ResponseError,
    body::BoxBody,
    cookie::Cookie,
    http::{StatusCode, header},
};
use log::Level;
use serde_json::{Map, Value};

use crate::{
    auth::{Denied, Fault},
    domain::Refusal,
    measure::tell,
};

const NO_CONTENT_FROM_ANYWHERE: &str = "default-src 'none'; frame-ancestors 'none'";
const RETRY_AFTER_SECONDS: u64 = 1;

/// The `success` of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::http) enum Success {
    Yes = 1,
    No = 0,
    Invalid = -1,
    Unverified = -2,
    /// Too often.
    TooMany = -3,
    /// The server cannot at the moment, or at all.
    Unable = -4,
}

/// One answer. As an error it ends a handler by `?`.
pub(in crate::http) struct Answer {
    status: StatusCode,
    success: Success,
    message: Cow<'static, str>,
    more: Map<String, Value>,
    cookies: Vec<Cookie<'static>>,
    retry_after: Option<u64>,
}

impl Answer {
    pub(in crate::http) fn new(status: StatusCode, success: Success, message: impl Into<Cow<'static, str>>) -> Self {
        let message = message.into();
        Self { status, success, message, more: Map::new(), cookies: vec![], retry_after: None }
    }

    pub(in crate::http) fn yes(message: &'static str) -> Self {
        Self::new(StatusCode::OK, Success::Yes, message)
    }

    pub(in crate::http) fn no(status: StatusCode, message: &'static str) -> Self {
        Self::new(status, Success::No, message)
    }

    pub(in crate::http) fn invalid(status: StatusCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(status, Success::Invalid, message)
    }

    pub(in crate::http) fn broken() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, Success::Unable, "Something went wrong on the server")
    }

    pub(in crate::http) fn too_many(seconds: u64) -> Self {
        let answer = Self::new(StatusCode::TOO_MANY_REQUESTS, Success::TooMany, "Too often: try again later");
        Self { retry_after: Some(seconds), ..answer }
    }

    pub(in crate::http) fn later(message: &'static str) -> Self {
        let answer = Self::new(StatusCode::SERVICE_UNAVAILABLE, Success::Unable, message);
        Self { retry_after: Some(RETRY_AFTER_SECONDS), ..answer }
    }

    pub(in crate::http) fn with(mut self, field: &str, value: impl Into<Value>) -> Self {
        self.more.insert(field.into(), value.into());
        self
    }

    /// The response of a refusal, with its reason in a word: as its status says it, unless it says more itself.
    pub(in crate::http) fn respond_with_code(&self) -> HttpResponse {
        let (success, code) = match self.status {
            StatusCode::UNAUTHORIZED => (Success::No, "unauthorized"),
            StatusCode::FORBIDDEN => (Success::No, "forbidden"),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => (Success::Invalid, "unsupported"),
            StatusCode::TOO_MANY_REQUESTS => (Success::TooMany, "rate_limited"),
            StatusCode::SERVICE_UNAVAILABLE => (Success::Unable, "unavailable"),
            _ => (self.success, ""),
        };
        self.respond_as(success, Some(code).filter(|code| !code.is_empty()))
    }

    pub(in crate::http) fn set(mut self, cookies: impl IntoIterator<Item = Cookie<'static>>) -> Self {
        self.cookies.extend(cookies);
        self
    }

    fn respond(&self) -> HttpResponse {
        self.respond_as(self.success, None)
    }

    fn respond_as(&self, success: Success, code: Option<&str>) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        common_headers(&mut response, NO_CONTENT_FROM_ANYWHERE);
        for cookie in &self.cookies {
            response.cookie(cookie.clone());
        }
        if let Some(seconds) = self.retry_after {
            response.insert_header((header::RETRY_AFTER, seconds));
        }
        let mut body = self.more.clone();
        if let Some(code) = code {
            body.entry("Code").or_insert_with(|| code.into());
        }
        body.insert("success".into(), (success as i8).into());
        body.insert("message".into(), self.message.as_ref().into());
        response.json(body)
    }
}

/// What every answer says to a browser: do not guess types, keep nothing, tell no other site, and load only `policy`.
pub(in crate::http) fn common_headers(response: &mut HttpResponseBuilder, policy: &str) {
    response
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .insert_header((header::CONTENT_SECURITY_POLICY, policy));
}

impl Responder for Answer {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        self.respond()
    }
}

impl ResponseError for Answer {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        self.respond()
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.status, self.message)
    }
}

/// By hand, because the derived one would show tokens and cookies.
impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<Refusal> for Answer {
    fn from(refusal: Refusal) -> Self {
        Self::invalid(StatusCode::BAD_REQUEST, refusal.message)
    }
}

/// The one place where a fault of these routes is logged. While it lasts, every request runs into it.
impl From<Fault> for Answer {
    fn from(fault: Fault) -> Self {
        let level = if fault == Fault::Busy { Level::Warn } else { Level::Error };
        tell(level, "request with a fault of the server", &fault.to_string(), &fault);
        match fault {
            Fault::Busy => Self::later("The server is busy: try again"),
            Fault::Store(store) if store.is_passing() => Self::later("Storage is unavailable: try again"),
            Fault::Store(_) | Fault::Broken(_) => Self::broken(),
        }
    }
}

impl From<Denied> for Answer {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::Refused(reason) => Self::no(StatusCode::UNAUTHORIZED, reason),
            Denied::Fault(fault) => fault.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store;

    #[test]
    fn what_passes_is_503_with_a_time_to_come_back_and_what_lasts_is_500() {
        let unavailable = Fault::Store(store::Fault::Unavailable("disk I/O".into()));
        for passing in [Fault::Busy, unavailable] {
            let response = Answer::from(passing).error_response();
            assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
            assert_eq!(response.headers().get(header::RETRY_AFTER).unwrap(), "1");
        }
        let refused = Fault::Store(store::Fault::Refused("no such table".into()));
        for lasting in [Fault::Broken("hash".into()), refused] {
            let response = Answer::from(lasting).error_response();
            assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
            assert!(response.headers().get(header::RETRY_AFTER).is_none());
        }
    }

    #[test]
    fn an_answer_in_a_log_shows_no_token() {
        let answer = Answer::yes("Logged in").with("accessToken", "planted").set([Cookie::new("a", "planted")]);
        assert_eq!(format!("{answer:?}"), "200 OK: Logged in");
    }
}
