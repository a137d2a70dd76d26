//! The bytes of one connection, in the clear or by TLS. One task reads and writes, so both share it without a lock.
use std::{
    cell::{Cell, RefCell},
    io,
    pin::Pin,
    task::{Context, Poll},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_rustls::server::TlsStream;

use crate::socket::stream;

/// A connection that was taken from the HTTP server.
pub struct Io {
    stream: Stream,
    /// The last look found nothing to read.
    dry: Cell<bool>,
}

enum Stream {
    /// As the network has it.
    Plain(RefCell<stream::Stream>),
    /// Decrypted here.
    Tls(Box<RefCell<TlsStream<stream::Stream>>>),
}

impl From<stream::Stream> for Io {
    fn from(stream: stream::Stream) -> Io {
        Io { stream: Stream::Plain(RefCell::new(stream)), dry: Cell::new(false) }
    }
}

impl From<TlsStream<stream::Stream>> for Io {
    fn from(stream: TlsStream<stream::Stream>) -> Io {
        Io { stream: Stream::Tls(Box::new(RefCell::new(stream))), dry: Cell::new(false) }
    }
}

impl Io {
    /// It carries no HTTP any more: whoever runs it now sees to its end.
    pub fn release(&self) {
        match &self.stream {
            Stream::Plain(stream) => stream.borrow_mut().release(),
            Stream::Tls(stream) => stream.borrow_mut().get_mut().0.release(),
        }
    }

    /// Whether a read was tried that found nothing, and nothing has come since. Whoever asks is woken when something does.
    pub fn is_silent(&self, cx: &mut Context<'_>) -> bool {
        match &self.stream {
            Stream::Plain(stream) => self.dry.get() && stream.borrow().poll_read_ready(cx).is_pending(),
            // It may hold what it has decrypted already.
            Stream::Tls(_) => false,
        }
    }

    /// Reads some bytes; none at the end.
    pub fn poll_read(&self, cx: &mut Context<'_>, into: &mut [u8]) -> Poll<io::Result<usize>> {
        let mut buffer = ReadBuf::new(into);
        let read = match &self.stream {
            Stream::Plain(stream) => Pin::new(&mut *stream.borrow_mut()).poll_read(cx, &mut buffer),
            Stream::Tls(stream) => Pin::new(&mut *stream.borrow_mut()).poll_read(cx, &mut buffer),
        };
        self.dry.set(read.is_pending());
        read.map_ok(|()| buffer.filled().len())
    }

    /// Writes some of `bytes`.
    pub fn poll_write(&self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match &self.stream {
            Stream::Plain(stream) => Pin::new(&mut *stream.borrow_mut()).poll_write(cx, bytes),
            Stream::Tls(stream) => Pin::new(&mut *stream.borrow_mut()).poll_write(cx, bytes),
        }
    }

    /// TLS keeps what did not fit; this waits until it left.
    pub fn poll_flush(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &self.stream {
            Stream::Plain(_) => Poll::Ready(Ok(())),
            Stream::Tls(stream) => Pin::new(&mut *stream.borrow_mut()).poll_flush(cx),
        }
    }

    /// Tells the other side that nothing follows.
    pub fn poll_shutdown(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &self.stream {
            Stream::Plain(stream) => Pin::new(&mut *stream.borrow_mut()).poll_shutdown(cx),
            Stream::Tls(stream) => Pin::new(&mut *stream.borrow_mut()).poll_shutdown(cx),
        }
    }
}
