//! The chat as an application of the socket room: admits sockets that are signed in, turns their events into commands,
//! and refusals into answers.
//!
//! `admission`: who gets in and what they hear first · `place`: what they hold while they are here · `tokens`: where tokens are looked for · `signed_in`: one socket's
//! events · `people`: what is answered without a chat actor · `founding`: of chats · `catch_up`: what a socket missed.
mod admission;
mod catch_up;
mod farewell;
mod founding;
mod people;
mod place;
mod signed_in;
mod stats;
mod tokens;

use std::sync::Arc;

use arc_swap::ArcSwap;

use crate::{
    auth::Auth, domain::Rules, events::Limits, limits::Limits as Rates, presence::Presence, registry::Registry,
    settings::RefuseWith, store::Store,
};

pub use farewell::see_off;
pub use stats::Stats;

/// What the operator lets sockets do.
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    /// The bounds on what clients ask.
    pub limits: Limits,
    /// What chats go by.
    pub rules: Rules,
    /// The most sockets of one user; `None`: any number.
    pub sockets_per_user: Option<usize>,
    /// Whether tokens in the handshake's query count.
    pub allow_query_tokens: bool,
    /// How a socket without valid tokens is turned away.
    pub refuse_with: RefuseWith,
    /// Whether searches show mail addresses.
    pub show_email: bool,
}

/// The chat as an application. One value serves all sockets. Cheap to clone.
#[derive(Clone)]
pub struct Chatroom(Arc<Neighbours>);

/// Whom a socket's requests go to.
struct Neighbours {
    auth: Auth,
    store: Store,
    presence: Presence,
    registry: Registry,
    policy: ArcSwap<Policy>,
    rates: Arc<Rates>,
    stats: Stats,
}

impl Neighbours {
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
        Self(Arc::new(Neighbours { auth, store, presence, registry, policy, rates, stats: Stats::default() }))
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
