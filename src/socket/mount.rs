//! One endpoint of a server, with the sessions that are live there. What a session is, is not known here: sessions know their
//! endpoint, and whoever needs both names both.
use std::sync::Arc;

use dashmap::DashMap;

use super::{
    Budget, Endpoint, endpoint::Service, inflow::Inflow, last_packets::LastPackets, server_state::ServerState,
};
use crate::protocol::engine::Sid;

/// One endpoint of a server. `A` is the address of a session.
pub struct Mount<A> {
    pub server: Arc<ServerState>,
    pub path: String,
    pub service: Service,
    /// Written by the sessions themselves, read by requests that carry a sid.
    pub sessions: DashMap<Sid, Enrolled<A>>,
    pub last_packets: LastPackets,
}

/// A live session, and what waits on both its sides.
pub struct Enrolled<A> {
    pub session: A,
    pub inflow: Arc<Inflow>,
    pub budget: Arc<Budget>,
}

impl<A: Clone> Mount<A> {
    /// Mounts `endpoint` in `server`.
    pub fn new(server: &Arc<ServerState>, endpoint: Endpoint) -> Arc<Mount<A>> {
        let Endpoint { path, service } = endpoint;
        Arc::new(Mount {
            server: server.clone(),
            path,
            service,
            sessions: DashMap::new(),
            last_packets: LastPackets::default(),
        })
    }

    /// The live session that `sid` names.
    pub fn find(&self, sid: &str) -> Option<A> {
        self.sessions.get(&sid.parse().ok()?).map(|enrolled| enrolled.session.clone())
    }

    /// All live sessions. They leave the table by themselves, so it must not be held while they are told to.
    pub fn all(&self) -> Vec<A> {
        self.sessions.iter().map(|enrolled| enrolled.session.clone()).collect()
    }
}
