//! The checks that stand before every request to an endpoint, plain or upgrading, before any state is made.
use actix::Addr;
use actix_http::{Method as HttpMethod, RequestHead};

use super::{
    address::network,
    client_address,
    session::{Mount, Session},
};
use crate::{
    measure::tell_refused,
    protocol::engine::{Attempt, Method, Refusal, Transport, check_live, check_new},
};

/// What is counted and told of a request that a page of another origin sends with its visitor's cookies.
pub const FOREIGN_ORIGIN: &str = "cookies from another origin";
/// The same of a body that would have to be unfolded.
pub const ENCODED_BODY: &str = "encoded body";

/// What a request that passed is for.
pub enum Passed {
    /// It opens a connection.
    New(Transport),
    /// It belongs to a live one.
    Live(Addr<Session>),
}

/// Checks a request, in the reference server's order. `upgrades` tells that it asks for a WebSocket.
pub fn check(mount: &Mount, head: &RequestHead, upgrades: bool) -> Result<Passed, Refusal> {
    let query = head.uri.query().unwrap_or_default();
    let attempt = Attempt::of(query);
    attempt.transport()?;
    if !mount.server.options.origins.admits(head) {
        tell_refused(FOREIGN_ORIGIN, &network_of(mount, head));
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

/// Where a request comes from, as limits count places.
pub fn network_of(mount: &Mount, head: &RequestHead) -> String {
    let address = client_address(head, &mount.server.options.trusted_proxies);
    address.map(|address| network(address).to_string()).unwrap_or_default()
}

fn method(method: &HttpMethod) -> Method {
    match *method {
        HttpMethod::GET => Method::Get,
        HttpMethod::POST => Method::Post,
        _ => Method::Other,
    }
}
