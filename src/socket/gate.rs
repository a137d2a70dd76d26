//! The checks that stand before every request to an endpoint, plain or upgrading, before any state is made.
use actix::Addr;
use actix_http::{Method as HttpMethod, RequestHead};

use super::{house::Mount, session::Session};
use crate::protocol::engine::{Attempt, Method, Refusal, Transport, check_live, check_new};

/// What a request that passed is for.
pub enum Passed {
    /// It opens a connection.
    New(Transport),
    /// It belongs to a live one.
    Live(Addr<Session>),
}

/// Checks a request, in the reference server's order. `upgrades` tells that it asks for a WebSocket.
pub fn pass(mount: &Mount, head: &RequestHead, upgrades: bool) -> Result<Passed, Refusal> {
    let query = head.uri.query().unwrap_or_default();
    let attempt = Attempt::of(query);
    attempt.transport()?;
    if !mount.house.options.origins.admits(head) {
        log::info!("refused a handshake from a foreign origin");
        return Err(Refusal::Forbidden);
    }
    let method = method(&head.method);
    match &attempt.sid {
        None => check_new(&attempt, method, upgrades).map(Passed::New),
        Some(sid) => {
            let session = mount.find(sid).ok_or(Refusal::UnknownSid)?;
            check_live(&attempt, method, upgrades).map(|_| Passed::Live(session))
        }
    }
}

fn method(method: &HttpMethod) -> Method {
    match *method {
        HttpMethod::GET => Method::Get,
        HttpMethod::POST => Method::Post,
        _ => Method::Other,
    }
}
