//! The sockets: by transport, from their connect to their disconnect, and what waits to be sent to them.
use std::fmt;

use prometheus_client::{collector::Collector, encoding::DescriptorEncoder, registry::Unit};

use super::page::{Page, counter, gauge};
use crate::{
    presence::Presence,
    socket::{Reason, SocketServer},
};

/// What is watched of the sockets.
pub struct Sockets {
    /// The sockets.
    pub socket_server: SocketServer,
    /// Whose they are.
    pub presence: Presence,
}

impl Collector for Sockets {
    fn encode(&self, encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let mut page = Page(encoder);
        let stats = self.socket_server.stats();
        let by_transport =
            |polling, websocket| [([("transport", "polling")], polling), ([("transport", "websocket")], websocket)];
        let live = by_transport(stats.polling(), stats.websocket()).map(|(labels, live)| (labels, gauge(live)));
        page.family("sockets", None, "Live sockets.", live)?;
        page.one("users_online", None, "Users with a socket.", gauge(self.presence.count().0 as u64))?;
        let watching = self.presence.count_watching() as u64;
        page.one("sockets_watching", None, "Sockets that are told who is online.", gauge(watching))?;
        let opened = by_transport(stats.opened_polling(), stats.opened_websocket());
        let opened = opened.map(|(labels, opened)| (labels, counter(opened)));
        page.family("connects", None, "Sockets that connected, by the transport that they began with.", opened)?;
        page.one("upgrades", None, "Sockets that moved from polling to WebSocket.", counter(stats.upgraded.get()))?;
        let ended = Reason::ALL.map(|reason| ([("reason", reason.as_str())], counter(stats.ended(reason))));
        page.family("disconnects", None, "Sockets that disconnected, by the reason for it.", ended)?;
        let refused = [
            ([("reason", "server")], counter(stats.refused_by_server.get())),
            ([("reason", "address")], counter(stats.refused_by_address.get())),
        ];
        page.family("handshakes_refused", None, HANDSHAKES, refused)?;
        let turned_away = [
            ([("reason", "server")], counter(stats.turned_away_by_server.get())),
            ([("reason", "address")], counter(stats.turned_away_by_address.get())),
        ];
        page.family("connections_refused", None, CONNECTIONS, turned_away)?;
        page.one("connections", None, "Open TCP connections.", gauge(self.socket_server.connections() as u64))?;
        page.one("reading_paused", None, PAUSED, counter(stats.paused.get()))?;
        let waiting = self.socket_server.waiting().bytes as u64;
        let capacity = self.socket_server.bounds().outbound_bytes as u64;
        page.one(
            "outbound_queued",
            Some(Unit::Bytes),
            "What waits to be sent, to all sockets together.",
            gauge(waiting),
        )?;
        page.one("outbound_capacity", Some(Unit::Bytes), OUTBOUND, gauge(capacity))
    }
}

const HANDSHAKES: &str =
    "Handshakes refused because the server was full or stopping, or because the address had its share.";
const CONNECTIONS: &str =
    "TCP connections closed at once because there were too many, or because the address had its share.";
const PAUSED: &str = "How often a socket was not read for a while because its session's mailbox was full.";
const OUTBOUND: &str = "What may wait to be sent to one socket. Beyond it a slow reader is disconnected.";

impl fmt::Debug for Sockets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sockets")
    }
}
