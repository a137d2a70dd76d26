//! What is mounted where: a Socket.IO application, or a plain Engine.IO handler, at a path.
use std::sync::Arc;

use bytes::Bytes;
use bytestring::ByteString;

use super::Application;

/// A message of Engine.IO itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// UTF-8 text.
    Text(ByteString),
    /// Bytes.
    Binary(Bytes),
}

/// A path, and what is served there.
#[derive(Clone)]
pub struct Endpoint {
    pub(super) path: String,
    pub(super) service: Service,
}

#[derive(Clone)]
pub(super) enum Service {
    SocketIo(Arc<dyn Application>),
    EngineIo(fn(Message) -> Option<Message>),
}

impl Endpoint {
    /// Serves `application` at `path`, with and without a trailing slash.
    pub fn socket_io(path: &str, application: Arc<dyn Application>) -> Endpoint {
        Endpoint { path: path.trim_end_matches('/').into(), service: Service::SocketIo(application) }
    }

    /// Serves Engine.IO alone at `path`: every message is answered by what `answer` makes of it.
    pub fn engine_io(path: &str, answer: fn(Message) -> Option<Message>) -> Endpoint {
        Endpoint { path: path.trim_end_matches('/').into(), service: Service::EngineIo(answer) }
    }
}
