//! Moves the bytes of one WebSocket: runs its feeder, and writes what session and feeder have for the client.
use std::{
    future::poll_fn,
    io,
    pin::Pin,
    rc::Rc,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use actix_rt::time::{Sleep, sleep, timeout};
use actix_web::Error;
use bytes::{Buf, Bytes};
use futures_util::Stream;

use super::io::Io;
use crate::socket::outbound::{Ending, Outbound, Taken, close_frame};

/// How long a client may take to close its side after ours.
const LINGER: Duration = Duration::from_secs(2);

/// The life of one WebSocket after its handshake, whose answer is `first`.
pub async fn run<S>(io: Rc<Io>, first: Bytes, feeder: S, outbound: Arc<Outbound>)
where
    S: Stream<Item = Result<Bytes, Error>>,
{
    let pump = Pump::new(&io, first, feeder, &outbound);
    let clean = pump.await.is_ok();
    if let (true, Some(io)) = (clean, Rc::into_inner(io)) {
        linger(io).await;
    }
}

/// Closes our side and waits a moment for the other: a socket that is dropped with unread input resets the connection,
/// and the close frame might never be seen.
pub async fn linger(io: Io) {
    let closing = async {
        poll_fn(|cx| io.poll_shutdown(cx)).await?;
        let mut rest = [0; 512];
        while poll_fn(|cx| io.poll_read(cx, &mut rest)).await? > 0 {}
        io::Result::Ok(())
    };
    // Whatever this comes to, the socket is dropped.
    let _ = timeout(LINGER, closing).await;
}

struct Pump<'a, S> {
    io: &'a Io,
    feeder: Pin<Box<S>>,
    outbound: &'a Outbound,
    /// Whole frames, from the first byte that is not written.
    writing: Bytes,
    /// Whether `writing` is charged to the byte budget: the feeder's own frames are not.
    charged: bool,
    /// The feeder's own frames that are to be written next. While there are any, the feeder reads nothing.
    own: Bytes,
    /// Runs while nothing of the session's may follow what was written.
    pause: Option<Pin<Box<Sleep>>>,
    /// The feeder had nothing to do when it ran last.
    resting: bool,
    /// The feeder came to its end.
    fed: bool,
    /// Nothing follows what is being written.
    closing: bool,
    /// Runs from the moment the end is decided.
    patience: Option<Pin<Box<Sleep>>>,
}

impl<'a, S> Pump<'a, S>
where
    S: Stream<Item = Result<Bytes, Error>>,
{
    fn new(io: &'a Io, first: Bytes, feeder: S, outbound: &'a Outbound) -> Pump<'a, S> {
        let feeder = Box::pin(feeder);
        Pump {
            io,
            feeder,
            outbound,
            writing: first,
            charged: false,
            own: Bytes::new(),
            pause: None,
            resting: false,
            fed: false,
            closing: false,
            patience: None,
        }
    }

    /// Runs the feeder, even while the client does not read: its pongs must be heard. If it was waiting for the client
    /// and the client is silent, it is left alone.
    fn feed(&mut self, cx: &mut Context<'_>) {
        if !self.own.is_empty() || self.fed || (self.resting && self.io.is_silent(cx)) {
            return;
        }
        self.resting = false;
        match self.feeder.as_mut().poll_next(cx) {
            Poll::Ready(Some(Ok(bytes))) => self.own = bytes,
            Poll::Ready(_) => self.fed = true,
            Poll::Pending => self.resting = true,
        }
    }

    fn is_paused(&mut self, cx: &mut Context<'_>) -> bool {
        let paused = self.pause.as_mut().is_some_and(|pause| pause.as_mut().poll(cx).is_pending());
        if !paused {
            self.pause = None;
        }
        paused
    }

    /// Finds something to write. False if there is nothing now.
    fn refill(&mut self, cx: &mut Context<'_>) -> bool {
        if self.fed && self.own.is_empty() {
            // The feeder's last frame was the close frame, and nothing may follow that.
            self.closing = true;
            return true;
        }
        let Taken { bytes, pause, ending } = if self.is_paused(cx) { Taken::default() } else { self.outbound.take() };
        if !pause.is_zero() {
            self.pause = Some(Box::pin(sleep(pause)));
            if bytes.is_empty() {
                // The frame before the pause is written already.
                return self.refill(cx);
            }
        }
        if !bytes.is_empty() {
            (self.writing, self.charged) = (bytes, true);
        } else if !self.own.is_empty() {
            (self.writing, self.charged) = (std::mem::take(&mut self.own), false);
        } else if let Some(Ending::Close(code)) = ending {
            (self.writing, self.charged, self.closing) = (close_frame(code), false, true);
        }
        !self.writing.is_empty()
    }

    /// Fails if the WebSocket is to be dropped at once, or if the client did not take the end in time.
    fn check_end(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        let ending = self.outbound.ending();
        if ending == Some(Ending::Abort) {
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        if ending.is_some() || self.fed {
            let patience = self.patience.get_or_insert_with(|| Box::pin(sleep(LINGER)));
            if patience.as_mut().poll(cx).is_ready() {
                return Err(io::ErrorKind::TimedOut.into());
            }
        }
        Ok(())
    }

    fn poll_write(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.writing.is_empty() {
            match ready!(self.io.poll_write(cx, &self.writing))? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                written => self.advance(written),
            }
        }
        ready!(self.io.poll_flush(cx))?;
        self.writing = Bytes::new();
        Poll::Ready(Ok(()))
    }

    fn advance(&mut self, written: usize) {
        self.writing.advance(written);
        if self.charged {
            self.outbound.written(written);
        }
    }
}

impl<S> Future for Pump<'_, S>
where
    S: Stream<Item = Result<Bytes, Error>>,
{
    type Output = io::Result<()>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.outbound.pump().register(cx.waker());
        loop {
            self.feed(cx);
            self.check_end(cx)?;
            ready!(self.poll_write(cx))?;
            if self.closing {
                return Poll::Ready(Ok(()));
            }
            if !self.refill(cx) {
                return Poll::Pending;
            }
        }
    }
}
