//! Reading requests: JSON bodies, who asks, and how they want their proof.
use std::net::IpAddr;

use actix_web::{
    FromRequest, HttpMessage, HttpRequest,
    dev::RequestHead,
    error::JsonPayloadError,
    http::{StatusCode, header},
    web::{Json, JsonConfig, Payload},
};
use serde::de::DeserializeOwned;

use super::{Answer, State, object::Object};
use crate::{
    auth::{Delivery, Visitor},
    domain::{Email, Refusal},
    mail::Mailer,
    socket::{client_address, network},
};

const MAX_BODY_BYTES: usize = 16 * 1024;
const FROM_AN_APP: &str = "app";
const FROM_THE_WEB: &str = "web";

/// A body that is not JSON or has a missing field or a wrong type gets an answer like any other mistake.
/// What was wrong is not repeated: it may be a password.
pub(in crate::http) fn json() -> JsonConfig {
    JsonConfig::default().limit(MAX_BODY_BYTES).error_handler(|error, _| {
        let (status, message) = match error {
            JsonPayloadError::ContentType => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "The body must be application/json"),
            JsonPayloadError::Overflow { .. } | JsonPayloadError::OverflowKnownLength { .. } => {
                (StatusCode::PAYLOAD_TOO_LARGE, "The body is too large")
            }
            _ => (StatusCode::BAD_REQUEST, "Malformed JSON, a missing field, or a field of the wrong type"),
        };
        Answer::invalid(status, message).into()
    })
}

/// The JSON body of a request that may come without one.
pub(in crate::http) async fn body_if_any<T: DeserializeOwned>(
    request: &HttpRequest,
    payload: Payload,
) -> Result<Option<T>, actix_web::Error> {
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    if length == Some("0") || length.is_none() && !request.headers().contains_key(header::TRANSFER_ENCODING) {
        return Ok(None);
    }
    let body = Json::<Object<T>>::from_request(request, &mut payload.into_inner()).await?;
    Ok(Some(body.into_inner().into_inner()))
}

/// Whether a browser sends a form.
pub(in crate::http) fn is_form(request: &HttpRequest) -> bool {
    request.content_type().eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// An address that mail can reach.
pub(in crate::http) fn email(text: &str) -> Result<Email, Refusal> {
    let email = Email::new(text)?;
    let reached = Mailer::can_reach(&email);
    reached.then_some(email).ok_or_else(|| Refusal::bad_request("Email must be a mail address"))
}

/// An address for a new account. Letters beyond ASCII before the @ need a mail server with SMTPUTF8 all the way.
pub(in crate::http) fn new_email(text: &str) -> Result<Email, Refusal> {
    let email = email(text)?;
    email.is_ascii().then_some(email).ok_or_else(|| Refusal::bad_request("Email must be in ASCII before the @"))
}

/// Apps say `"source":"app"`: they take codes instead of links and tokens instead of cookies.
pub(in crate::http) fn is_app(source: Option<&str>) -> bool {
    source == Some(FROM_AN_APP)
}

/// How a proof of the address reaches its owner.
pub(in crate::http) fn delivery(source: Option<&str>) -> Delivery {
    match source {
        Some(FROM_AN_APP) => Delivery::Code,
        Some(FROM_THE_WEB) => Delivery::Both,
        _ => Delivery::Link,
    }
}

/// Where a request comes from.
pub(in crate::http) fn visitor(state: &State, request: &HttpRequest) -> Visitor {
    visitor_of(state, request.head())
}

/// The same of a request of any kind.
pub(in crate::http) fn visitor_of(state: &State, head: &RequestHead) -> Visitor {
    let ip = client_address(head, &state.trusted_proxies);
    let agent = head.headers().get(header::USER_AGENT).map(|agent| String::from_utf8_lossy(agent.as_bytes()));
    let text = |ip: Option<IpAddr>| ip.map(|ip| ip.to_string()).unwrap_or_default();
    Visitor { ip: text(ip), network: text(ip.map(network)), user_agent: agent.unwrap_or_default().into_owned() }
}
