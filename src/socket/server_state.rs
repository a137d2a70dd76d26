//! What all workers of one server share, whatever its endpoints: options, counters, slots, and how far its stop has come.
use std::{net::IpAddr, sync::Arc, time::Instant};

use arc_swap::ArcSwap;
use tokio_util::task::{TaskTracker, task_tracker::TaskTrackerToken};

use super::{
    Bounds, Options, Stats,
    address::network,
    occupancy::{Counted, Full, Occupancy},
    options::AddressLimit,
    shutdown::Shutdown,
};
use crate::protocol::engine::Timing;

/// One server.
pub struct ServerState {
    pub options: Options,
    pub opened: Instant,
    bounds: ArcSwap<Bounds>,
    pub stats: Arc<Stats>,
    /// Slots, sessions and WebSockets that are not wholly gone. What is to follow another begins before that ends, so that
    /// a stop never sees none between the two.
    pub running: TaskTracker,
    /// Open TCP connections.
    pub connected: TaskTracker,
    pub shutdown: Arc<Shutdown>,
    sockets: Arc<Occupancy>,
    connections: Arc<Occupancy>,
}

impl ServerState {
    /// An empty server.
    pub fn new(options: Options) -> Arc<ServerState> {
        Arc::new(ServerState {
            bounds: ArcSwap::from_pointee(options.bounds),
            options,
            opened: Instant::now(),
            stats: Arc::default(),
            running: TaskTracker::new(),
            connected: TaskTracker::new(),
            shutdown: Arc::default(),
            sockets: Arc::default(),
            connections: Arc::default(),
        })
    }

    /// Takes a slot for a new connection of `peer`; dropping it gives it back.
    pub fn slot(self: &Arc<ServerState>, peer: Option<IpAddr>) -> Result<Slot, Full> {
        self.find_slot(peer).map_err(|full| self.stats.refuse(full))
    }

    fn find_slot(self: &Arc<ServerState>, peer: Option<IpAddr>) -> Result<Slot, Full> {
        let peer = peer.map(network);
        if let (Some(peer), Some(AddressLimit(may_enter))) = (peer, &self.options.address_limit)
            && !may_enter(peer)
        {
            return Err(Full::Address);
        }
        // Before the look at whether it is closed, so that a stop sees whoever passes it.
        let running = self.running.token();
        let bounds = self.bounds();
        let counted = self.sockets.enter(peer, bounds.max_sockets, bounds.max_sockets_per_ip)?;
        if self.shutdown.is_closed() {
            return Err(Full::Server);
        }
        Ok(Slot { _counted: counted, _running: running })
    }

    /// Counts a TCP connection in that `peer` has opened. A trusted proxy's are those of many clients.
    pub fn count_connection(&self, peer: Option<IpAddr>) -> Result<(Counted, TaskTrackerToken), Full> {
        let peer = peer.filter(|peer| !self.options.trusts(peer)).map(network);
        let connected = self.connected.token();
        let bounds = self.bounds();
        let counted = self.connections.enter(peer, bounds.max_connections, bounds.max_connections_per_ip);
        match counted {
            Ok(_) if self.shutdown.is_over() => Err(Full::Server),
            counted => Ok((counted?, connected)),
        }
    }

    /// What connections that begin now are held to.
    pub fn bounds(&self) -> Bounds {
        **self.bounds.load()
    }

    /// Holds connections to other bounds from now on.
    pub fn retune(&self, bounds: Bounds) {
        self.bounds.store(Arc::new(bounds));
    }

    /// Slots taken.
    pub fn sockets(&self) -> usize {
        self.sockets.all()
    }

    /// Open TCP connections.
    pub fn connections(&self) -> usize {
        self.connections.all()
    }

    /// The clocks of every connection.
    pub fn timing(&self) -> Timing {
        Timing {
            ping_interval: self.options.ping_interval,
            ping_timeout: self.options.ping_timeout,
            upgrade_timeout: self.options.upgrade_timeout,
        }
    }
}

/// The slot of one live connection.
pub struct Slot {
    _counted: Counted,
    _running: TaskTrackerToken,
}
