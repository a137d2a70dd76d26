//! The chat as an application of the socket room: admits sockets that are signed in, turns their events into commands,
//! and refusals into answers.
//!
//! `admission`: who gets in and what they hear first · `tokens`: where tokens are looked for · `presence_guard`: what a socket holds
//! while it is here · `dispatch`: one socket's events, each to the feature's file of the same name as in `events` · `rates`: how
//! often · `unanswered`: questions that the database helps to answer · `account_end`: who hears of it.
//!
//! One value is mounted for all sockets:
//!
//! ```
//! use greenroom::{client::Chatroom, socket::Endpoint};
//!
//! fn mount(chatroom: Chatroom) -> Endpoint {
//!     Endpoint::socket_io("/socket.io/", std::sync::Arc::new(chatroom))
//! }
//! ```
mod account_end;
mod admission;
mod blocks;
mod chats;
mod dispatch;
mod files;
mod forwards;
mod groups;
mod hints;
mod invites;
mod members;
mod people;
mod presence_guard;
mod privacy;
mod profiles;
mod rates;
mod search;
mod selections;
mod stats;
mod sync;
mod tokens;
mod unanswered;

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use actix::Recipient;
use arc_swap::ArcSwap;

use crate::{
    auth::Auth,
    cluster::{Left, Watch},
    domain::Rules,
    events::PayloadBounds,
    limits::Rates,
    presence::Presence,
    registry::Registry,
    settings::RefuseWith,
    store::Store,
};

pub use account_end::tell_account_ended;
pub use stats::Stats;

/// What the operator lets sockets do.
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    /// The bounds on what clients ask.
    pub bounds: PayloadBounds,
    /// What chats go by.
    pub rules: Rules,
    /// The most sockets of one user; `None`: any number.
    pub sockets_per_user: Option<usize>,
    /// Whether tokens in the handshake's query count.
    pub allow_query_tokens: bool,
    /// How a socket without valid tokens is refused.
    pub refuse_with: RefuseWith,
    /// Whether messages can be searched.
    pub search: bool,
    /// Whether searches show mail addresses.
    pub show_email: bool,
    /// How often whoever watches others is told of them.
    pub presence_interval: Duration,
    /// How long somebody whose last socket went counts as online.
    pub presence_grace: Duration,
}

/// The chat as an application. One value serves all sockets. Cheap to clone.
#[derive(Clone)]
pub struct Chatroom(Arc<Services>);

/// Whom a socket's requests go to.
struct Services {
    auth: Auth,
    store: Store,
    presence: Presence,
    registry: Registry,
    policy: ArcSwap<Policy>,
    rates: Arc<Rates>,
    /// Who must know who is here, if there are other nodes.
    nodes: OnceLock<Nodes>,
    stats: Stats,
}

/// Whom other nodes are heard by.
pub struct Nodes {
    /// Told who comes.
    pub watch: Recipient<Watch>,
    /// Told who goes.
    pub left: Recipient<Left>,
}

impl Services {
    fn policy(&self) -> Policy {
        **self.policy.load()
    }
}

impl Chatroom {
    /// Puts the application together.
    pub fn new(
        auth: Auth,
        store: Store,
        presence: Presence,
        registry: Registry,
        policy: Policy,
        rates: Arc<Rates>,
    ) -> Self {
        let policy = ArcSwap::from_pointee(policy);
        Self(Arc::new(Services {
            auth,
            store,
            presence,
            registry,
            policy,
            rates,
            nodes: OnceLock::new(),
            stats: Stats::default(),
        }))
    }

    /// From now on there are other nodes.
    pub fn join_nodes(&self, nodes: Nodes) {
        assert!(self.0.nodes.set(nodes).is_ok(), "a server joins others once");
    }

    /// What is counted about all sockets.
    pub fn stats(&self) -> &Stats {
        &self.0.stats
    }

    /// What comes from now on goes by another policy.
    pub fn retune(&self, policy: Policy) {
        self.0.policy.store(Arc::new(policy));
    }
}
