//! Stopping: no new sockets, what was taken is stored and answered, then the sockets are closed so that clients come back.
use std::time::Duration;

use actix::Addr;
use actix_rt::time::{Instant, timeout};
use actix_server::ServerHandle;

use super::parts::Parts;
use crate::{
    chat::KeepNext,
    socket::SocketServer,
    writer::{Flush, Writer},
};

/// Of the time for a stop, requests leave this part to what comes after them.
const FOR_THE_REST: u32 = 10;

/// What is to be stopped.
pub(super) struct Stop<'a> {
    pub(super) server: &'a ServerHandle,
    pub(super) socket_server: &'a SocketServer,
    pub(super) parts: &'a Parts,
    /// Over how long sockets are closed.
    pub(super) spread: Duration,
    /// How long all of it may take.
    pub(super) patience: Duration,
}

impl Stop<'_> {
    /// Stops everything, in time. False if something did not end: then nothing may be waited for any more.
    pub(super) async fn in_order(self) -> bool {
        let patience = self.patience;
        log::info!("stopping: {} sockets, at most {patience:?}", self.socket_server.live());
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
        self.socket_server.close_in_waves(self.spread, async || self.parts.registry.settled().await).await;
        self.socket_server.end_by(begin + self.patience - self.patience / FOR_THE_REST).await;
        self.server.stop(true).await;
        self.parts.store.detached_done().await;
        self.parts.chatroom.remember_last_seen().await;
        flush(&self.parts.writer).await;
        self.keep_arrivals().await;
        self.parts.indexer.finish().await;
        if let Some(node) = &self.parts.node {
            node.leave().await;
        }
        self.parts.store.close().await;
    }

    /// Piece by piece, as long as it gets fewer.
    async fn keep_arrivals(&self) {
        let mut before = usize::MAX;
        while let Ok(left) = self.parts.arrivals.send(KeepNext).await
            && (1..before).contains(&left)
        {
            before = left;
            flush(&self.parts.writer).await;
        }
    }
}

async fn flush(writer: &Addr<Writer>) {
    if writer.send(Flush).await.is_err() {
        log::error!("the writer is gone");
    }
}
