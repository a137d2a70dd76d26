//! Stopping: no new sockets, what was taken is stored and answered, then the sockets are closed so that clients come back.
use std::{process, time::Duration};

use actix::Addr;
use actix_rt::time::{Instant, timeout};
use actix_server::ServerHandle;
use tokio::signal::unix::{Signal, SignalKind, signal as listen};

use super::Failure;
use crate::{
    registry::Registry,
    socket::Doors,
    store::Store,
    writer::{Flush, Writer},
};

/// The exit code of a server that was not let finish: 128 + SIGTERM.
const KILLED: i32 = 143;

/// Of the time for a stop, requests leave this part to what comes after them.
const FOR_THE_REST: u32 = 10;

/// SIGTERM and Ctrl-C, caught from the moment this is made.
pub(super) struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    /// From now on neither signal ends the process by itself.
    pub(super) fn catch() -> Result<Self, Failure> {
        Ok(Self { terminate: listen(SignalKind::terminate())?, interrupt: listen(SignalKind::interrupt())? })
    }

    /// Waits for the first signal. The second ends the process at once.
    pub(super) async fn first(mut self) {
        self.next().await;
        actix_rt::spawn(async move {
            self.next().await;
            log::warn!("stopped at once by a second signal");
            log::logger().flush();
            process::exit(KILLED);
        });
    }

    /// Waits for a signal.
    pub(super) async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// What a stop needs of the house.
pub(super) struct Stop<'a> {
    pub(super) server: &'a ServerHandle,
    pub(super) doors: &'a Doors,
    pub(super) registry: &'a Registry,
    pub(super) writer: &'a Addr<Writer>,
    pub(super) store: &'a Store,
    /// Over how long sockets are closed.
    pub(super) spread: Duration,
    /// How long all of it may take.
    pub(super) patience: Duration,
}

impl Stop<'_> {
    /// Stops everything, in time. False if something did not end: then nothing may be waited for any more.
    pub(super) async fn in_order(self) -> bool {
        let patience = self.patience;
        log::info!("stopping: {} sockets, at most {patience:?}", self.doors.live());
        match timeout(patience, self.orderly()).await {
            Ok(()) => {
                log::info!("stopped");
                true
            }
            Err(_) => {
                log::warn!("not everything ended within {patience:?}: stopping anyway");
                // The server does it when it is told; it may wait for an earlier stop, which nobody else does.
                drop(self.server.stop(false));
                false
            }
        }
    }

    /// Nobody comes in; wave by wave nobody is heard any more, what was heard is stored and answered, the sockets close.
    /// What others than chats began to change is done.
    async fn orderly(&self) {
        let begin = Instant::now();
        self.doors.close_in_waves(self.spread, async || self.registry.settled().await).await;
        self.doors.end_by(begin + self.patience - self.patience / FOR_THE_REST).await;
        self.server.stop(true).await;
        self.store.at_rest().await;
        flush(self.writer).await;
    }
}

async fn flush(writer: &Addr<Writer>) {
    if writer.send(Flush).await.is_err() {
        log::error!("the writer is gone");
    }
}
