//! Connections that end because their clients send something else than requests.
use std::{fmt::Display, io, net::SocketAddr};

use actix_http::error::{DispatchError, ParseError};
use actix_service::{Service, ServiceFactory, apply_fn_factory};
use log::Level;

use super::address::network;
use crate::measure::tell;

/// What is counted and told of bytes that are no request.
pub const NOT_HTTP: &str = "bytes that are not HTTP";
/// The same of a TLS handshake that fails. Whoever only looks whether the port is open causes one, too.
const FAILED_TLS: &str = "failed TLS handshake";

/// Serves connections by `factory`, and tells of those that end because of what came. The HTTP server does so itself, but
/// does not say who it was.
pub fn telling<F, S>(
    factory: F,
) -> impl ServiceFactory<Connection<S>, Config = (), Response = (), Error = DispatchError, InitError = F::InitError>
where
    F: ServiceFactory<Connection<S>, Config = (), Response = (), Error = DispatchError>,
{
    apply_fn_factory(factory, |(stream, peer): Connection<S>, service: &F::Service| {
        // In a box, because it is large and would be moved whole from task to task.
        let serving = Box::pin(service.call((stream, peer)));
        async move { serving.await.inspect_err(|end| tell_of(end, peer)) }
    })
}

/// A stream, and who is at its other end.
type Connection<S> = (S, Option<SocketAddr>);

fn tell_of(end: &DispatchError, peer: Option<SocketAddr>) {
    match end {
        DispatchError::Parse(ParseError::Io(_)) => {}
        DispatchError::Parse(error) => tell_cause(Level::Info, NOT_HTTP, error, peer),
        _ => {}
    }
}

/// Tells of a TLS handshake that failed.
pub fn tell_failed_tls(error: &io::Error, peer: Option<SocketAddr>) {
    tell_cause(Level::Debug, FAILED_TLS, error, peer);
}

fn tell_cause(level: Level, kind: &'static str, cause: &impl Display, peer: Option<SocketAddr>) {
    let place = peer.map(|peer| network(peer.ip()).to_string()).unwrap_or_default();
    tell(level, kind, &place, format_args!("refused: {kind}, from {place}: {cause}"));
}
