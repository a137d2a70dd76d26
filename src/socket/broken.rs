//! Connections that end because their clients send something else than requests.
use std::{io, net::SocketAddr};

use actix_http::error::{DispatchError, ParseError};
use actix_rt::net::TcpStream;
use actix_service::{Service, ServiceFactory, apply_fn_factory};
use actix_tls::accept::TlsError;
use log::Level;

use super::address::network;
use crate::measure::tell;

/// What is counted and told of bytes that are no request.
pub const NOT_HTTP: &str = "bytes that are not HTTP";
/// The same of a TLS handshake that fails. Whoever only looks whether the port is open causes one, too.
const FAILED_TLS: &str = "failed TLS handshake";

/// How a connection can end.
pub trait End {
    /// What the client sent, if that was the cause, and how important it is.
    fn cause(&self) -> Option<(Level, &'static str, String)>;
}

impl End for DispatchError {
    fn cause(&self) -> Option<(Level, &'static str, String)> {
        match self {
            Self::Parse(ParseError::Io(_)) => None,
            Self::Parse(error) => Some((Level::Info, NOT_HTTP, error.to_string())),
            _ => None,
        }
    }
}

impl End for TlsError<io::Error, DispatchError> {
    fn cause(&self) -> Option<(Level, &'static str, String)> {
        match self {
            Self::Timeout => Some((Level::Debug, FAILED_TLS, "it took too long".into())),
            Self::Tls(error) => Some((Level::Debug, FAILED_TLS, error.to_string())),
            Self::Service(end) => end.cause(),
        }
    }
}

/// Serves connections by `factory`, and tells of those that end like this. The HTTP server does so itself, but does not say
/// who it was.
pub fn telling<F, E>(
    factory: F,
) -> impl ServiceFactory<TcpStream, Config = (), Response = (), Error = E, InitError = F::InitError>
where
    F: ServiceFactory<TcpStream, Config = (), Response = (), Error = E>,
    E: End,
{
    apply_fn_factory(factory, |io: TcpStream, service: &F::Service| {
        let peer = io.peer_addr().ok();
        let serving = service.call(io);
        async move { serving.await.inspect_err(|end| tell_of(end, peer)) }
    })
}

fn tell_of(end: &impl End, peer: Option<SocketAddr>) {
    let Some((level, kind, cause)) = end.cause() else { return };
    let place = peer.map(|peer| network(peer.ip()).to_string()).unwrap_or_default();
    tell(level, kind, &place, format_args!("refused: {kind}, from {place}: {cause}"));
}
