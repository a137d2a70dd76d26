//! Drives `protocol` over HTTP and WebSocket for an `Application`.
