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

/// Waits for SIGTERM or Ctrl-C. The next one ends the process at once.
pub(super) async fn signal() -> Result<(), Failure> {
    let (mut term, mut interrupt) = (listen(SignalKind::terminate())?, listen(SignalKind::interrupt())?);
    either(&mut term, &mut interrupt).await;
    actix_rt::spawn(async move {
        either(&mut term, &mut interrupt).await;
        log::warn!("stopped at once by a second signal");
        process::exit(KILLED);
    });
    Ok(())
}

async fn either(one: &mut Signal, other: &mut Signal) {
    tokio::select! {
        _ = one.recv() => {}
        _ = other.recv() => {}
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
