//! The bytes of one connection, in the clear or by TLS. One task reads and writes, so both share it without a lock.
use std::{
    cell::RefCell,
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use actix_rt::net::TcpStream;
use actix_tls::accept::rustls_0_23::TlsStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// A connection that was taken from the HTTP server.
pub enum Io {
    /// As the network has it.
    Plain(RefCell<TcpStream>),
    /// Decrypted here.
    Tls(Box<RefCell<TlsStream<TcpStream>>>),
}

impl From<TcpStream> for Io {
    fn from(stream: TcpStream) -> Io {
        Io::Plain(RefCell::new(stream))
    }
}

impl From<TlsStream<TcpStream>> for Io {
    fn from(stream: TlsStream<TcpStream>) -> Io {
        Io::Tls(Box::new(RefCell::new(stream)))
    }
}

impl Io {
    /// Small frames must not wait for each other.
    pub fn set_nodelay(&self) -> io::Result<()> {
        match self {
            Io::Plain(stream) => stream.borrow().set_nodelay(true),
            Io::Tls(stream) => stream.borrow().get_ref().0.set_nodelay(true),
        }
    }

    /// Reads some bytes; none at the end.
    pub fn poll_read(&self, cx: &mut Context<'_>, into: &mut [u8]) -> Poll<io::Result<usize>> {
        let mut buffer = ReadBuf::new(into);
        match self {
            Io::Plain(stream) => ready!(Pin::new(&mut *stream.borrow_mut()).poll_read(cx, &mut buffer))?,
            Io::Tls(stream) => ready!(Pin::new(&mut *stream.borrow_mut()).poll_read(cx, &mut buffer))?,
        }
        Poll::Ready(Ok(buffer.filled().len()))
    }

    /// Writes some of `bytes`.
    pub fn poll_write(&self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self {
            Io::Plain(stream) => Pin::new(&mut *stream.borrow_mut()).poll_write(cx, bytes),
            Io::Tls(stream) => Pin::new(&mut *stream.borrow_mut()).poll_write(cx, bytes),
        }
    }

    /// TLS keeps what did not fit; this waits until it left.
    pub fn poll_flush(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self {
            Io::Plain(_) => Poll::Ready(Ok(())),
            Io::Tls(stream) => Pin::new(&mut *stream.borrow_mut()).poll_flush(cx),
        }
    }

    /// Tells the other side that nothing follows.
    pub fn poll_shutdown(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self {
            Io::Plain(stream) => Pin::new(stream.get_mut()).poll_shutdown(cx),
            Io::Tls(stream) => Pin::new(stream.get_mut()).poll_shutdown(cx),
        }
    }
}
