//! The TCP connection of a client. It is counted as long as it is open, whatever it carries, and while it carries HTTP it
//! ends as soon as the client is late with what it owes.
use std::{
    io::{self, IoSlice},
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
};

use actix_rt::{
    net::TcpStream,
    time::{Instant, Sleep, sleep_until},
};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_rustls::server::TlsStream;
use tokio_util::task::task_tracker::TaskTrackerToken;

use super::{clock::Clock, occupancy::Counted};

/// A TCP connection.
pub struct Stream {
    tcp: TcpStream,
    watch: Option<Watch>,
    _counted: Counted,
    _connected: TaskTrackerToken,
}

/// The clock, and what wakes the connection when it is time.
struct Watch {
    clock: Rc<Clock>,
    /// It may ring early, which costs less than to move it with each request.
    alarm: Option<Pin<Box<Sleep>>>,
}

impl Stream {
    /// Begins to hold `tcp` to `clock`.
    pub fn new(tcp: TcpStream, clock: Rc<Clock>, counted: Counted, connected: TaskTrackerToken) -> Stream {
        Stream { tcp, watch: Some(Watch { clock, alarm: None }), _counted: counted, _connected: connected }
    }

    /// It carries no HTTP any more.
    pub fn release(&mut self) {
        self.watch = None;
    }

    /// See [`TcpStream::poll_read_ready`].
    pub fn poll_read_ready(&self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.tcp.poll_read_ready(cx)
    }

    fn check(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        self.watch.as_mut().map_or(Ok(()), |watch| watch.check(cx))
    }

    fn sent(&mut self, cx: &mut Context<'_>, sent: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if let Some(watch) = &mut self.watch {
            if sent.is_pending() {
                watch.clock.stall();
                watch.check(cx)?;
            } else {
                watch.clock.sent();
            }
        }
        sent
    }
}

impl Watch {
    /// Fails if the client is late; else this task is woken when it is.
    fn check(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        while let Some(until) = self.clock.until().map(Instant::from_std) {
            let alarm = self.alarm.get_or_insert_with(|| Box::pin(sleep_until(until)));
            if alarm.deadline() > until {
                alarm.as_mut().reset(until);
            }
            if alarm.as_mut().poll(cx).is_pending() {
                break;
            }
            if until <= Instant::now() {
                return Err(io::ErrorKind::TimedOut.into());
            }
            alarm.as_mut().reset(until);
        }
        Ok(())
    }
}

impl AsyncRead for Stream {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let read = Pin::new(&mut this.tcp).poll_read(cx, into);
        if let Some(watch) = &mut this.watch {
            if read.is_pending() {
                watch.check(cx)?;
            } else {
                watch.clock.heard();
            }
        }
        read
    }
}

impl AsyncWrite for Stream {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let sent = Pin::new(&mut this.tcp).poll_write(cx, bytes);
        this.sent(cx, sent)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let sent = Pin::new(&mut this.tcp).poll_write_vectored(cx, bytes);
        this.sent(cx, sent)
    }

    fn is_write_vectored(&self) -> bool {
        self.tcp.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        this.check(cx)?;
        Pin::new(&mut this.tcp).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        this.check(cx)?;
        Pin::new(&mut this.tcp).poll_shutdown(cx)
    }
}

/// What HTTP runs over.
pub trait OverTcp {
    /// The TCP connection below.
    fn tcp(&self) -> &Stream;

    /// The clock that HTTP on it goes by.
    fn clock(&self) -> Option<Rc<Clock>> {
        self.tcp().watch.as_ref().map(|watch| watch.clock.clone())
    }
}

impl OverTcp for Stream {
    fn tcp(&self) -> &Stream {
        self
    }
}

impl OverTcp for TlsStream<Stream> {
    fn tcp(&self) -> &Stream {
        self.get_ref().0
    }
}
