//! Stopping: no new sockets, what was taken is stored and answered, then the sockets are closed so that clients come back.
use std::{process, time::Duration};

use actix::Addr;
use actix_rt::time::timeout;
use actix_server::ServerHandle;
use tokio::signal::unix::{Signal, SignalKind, signal as listen};

use super::Failure;
use crate::{
    socket::{Doors, Reason},
    writer::{Flush, Writer},
};

/// The exit code of a server that was not let finish: 128 + SIGTERM.
const KILLED: i32 = 143;

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
            process::exit(KILLED);
        });
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// Stops everything within `patience`.
pub(super) async fn in_order(server: &ServerHandle, doors: &Doors, writer: &Addr<Writer>, patience: Duration) {
    log::info!("stopping: {} sockets, at most {patience:?}", doors.live());
    let orderly = async {
        doors.shut();
        flush(writer).await;
        doors.close_all(Reason::ServerShutdown);
        server.stop(true).await;
        flush(writer).await;
    };
    match timeout(patience, orderly).await {
        Ok(()) => log::info!("stopped"),
        Err(_) => {
            log::warn!("not everything ended within {patience:?}: stopping anyway");
            server.stop(false).await;
        }
    }
}

async fn flush(writer: &Addr<Writer>) {
    if writer.send(Flush).await.is_err() {
        log::error!("the writer is gone");
    }
}
