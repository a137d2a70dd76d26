//! What is checked before a request may touch a connection, and the packet that opens one.
use std::time::Duration;

use super::{Frame, Sid};

/// Why a request was refused. The discriminant is the code in the answer's body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// `transport` is absent or unknown.
    UnknownTransport = 0,
    /// `sid` names no live connection.
    UnknownSid = 1,
    /// Only a GET opens a connection.
    BadMethod = 2,
    /// The request does not fit the state of the connection.
    BadRequest = 3,
    /// The page that sent this may not talk to this server.
    Forbidden = 4,
    /// `EIO` is absent or not 4.
    BadVersion = 5,
}

impl Refusal {
    /// The HTTP status.
    pub fn status(self) -> u16 {
        if self == Refusal::Forbidden { 403 } else { 400 }
    }

    /// The JSON body.
    pub fn body(self) -> String {
        let message = match self {
            Refusal::UnknownTransport => "Transport unknown",
            Refusal::UnknownSid => "Session ID unknown",
            Refusal::BadMethod => "Bad handshake method",
            Refusal::BadRequest => "Bad request",
            Refusal::Forbidden => "Forbidden",
            Refusal::BadVersion => "Unsupported protocol version",
        };
        format!(r#"{{"code":{},"message":"{message}"}}"#, self as u8)
    }
}

/// How packets travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// HTTP long-polling.
    Polling,
    /// One WebSocket.
    WebSocket,
}

/// The HTTP method of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Opens a connection, or polls.
    Get,
    /// Brings packets.
    Post,
    /// Anything else.
    Other,
}

/// All that a request says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attempt {
    /// `EIO`.
    pub version: Option<String>,
    /// `transport`.
    pub transport: Option<String>,
    /// `sid`; an empty one is one.
    pub sid: Option<String>,
}

impl Attempt {
    /// Reads a query as it stands in the URL; the first of each name counts.
    pub fn of(query: &str) -> Attempt {
        let mut attempt = Attempt::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let field = match &*name {
                "EIO" => &mut attempt.version,
                "transport" => &mut attempt.transport,
                "sid" => &mut attempt.sid,
                _ => continue,
            };
            field.get_or_insert_with(|| value.into_owned());
        }
        attempt
    }

    /// The transport, if it is one.
    ///
    /// # Errors
    /// [`Refusal::UnknownTransport`].
    pub fn transport(&self) -> Result<Transport, Refusal> {
        match self.transport.as_deref() {
            Some("polling") => Ok(Transport::Polling),
            Some("websocket") => Ok(Transport::WebSocket),
            _ => Err(Refusal::UnknownTransport),
        }
    }

    fn check_version(&self) -> Result<(), Refusal> {
        if self.version.as_deref() == Some("4") { Ok(()) } else { Err(Refusal::BadVersion) }
    }
}

/// Whether a request without `sid` may open a connection. `upgrades` tells that it asks for a WebSocket.
///
/// # Errors
/// The first check that fails, in the reference server's order.
pub fn check_new(attempt: &Attempt, method: Method, upgrades: bool) -> Result<Transport, Refusal> {
    let transport = attempt.transport()?;
    if method != Method::Get {
        return Err(Refusal::BadMethod);
    }
    if upgrades != (transport == Transport::WebSocket) {
        return Err(Refusal::BadRequest);
    }
    attempt.check_version()?;
    Ok(transport)
}

/// Whether a request may reach the live connection that its `sid` names. The connection itself checks the rest.
///
/// # Errors
/// The first check that fails.
pub fn check_live(attempt: &Attempt, method: Method, upgrades: bool) -> Result<Transport, Refusal> {
    let transport = attempt.transport()?;
    if upgrades != (transport == Transport::WebSocket) || method == Method::Other {
        return Err(Refusal::BadRequest);
    }
    attempt.check_version()?;
    Ok(transport)
}

/// The packet that opens a connection.
pub fn opening(sid: Sid, transport: Transport, interval: Duration, timeout: Duration, max_payload: usize) -> Frame {
    let upgrades = if transport == Transport::Polling { r#"["websocket"]"# } else { "[]" };
    let interval = interval.as_millis();
    let timeout = timeout.as_millis();
    Frame::Text(
        format!(
            r#"0{{"sid":"{sid}","upgrades":{upgrades},"pingInterval":{interval},"pingTimeout":{timeout},"maxPayload":{max_payload}}}"#
        )
        .into(),
    )
}
