//! How far the stop of a server has come.
use std::{
    sync::{
        OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};

use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

/// The two steps of a stop: first no socket is let in any more, then no request is begun any more.
#[derive(Default)]
pub struct Shutdown {
    closed: AtomicBool,
    over: CancellationToken,
    last_moment: OnceLock<Instant>,
}

impl Shutdown {
    /// Lets no socket in any more.
    pub fn close(&self) {
        self.closed.store(true, Ordering::SeqCst);
    }

    /// Whether no socket is let in any more.
    pub fn is_closed(&self) -> bool {
        self.closed.load(Ordering::SeqCst)
    }

    /// No request is begun any more, and those under way have until `last`. HTTP connections that are idle end now.
    pub fn end_by(&self, last: Instant) {
        // Who asks a second time has come too late.
        let _ = self.last_moment.set(last);
        self.over.cancel();
    }

    /// When the last connection ends, once that is decided.
    pub fn last_moment(&self) -> Option<Instant> {
        self.last_moment.get().copied()
    }

    /// Whether no request is begun any more.
    pub fn is_over(&self) -> bool {
        self.over.is_cancelled()
    }

    /// Waits until no request is begun any more.
    pub fn until_over(&self) -> WaitForCancellationFutureOwned {
        self.over.clone().cancelled_owned()
    }
}
