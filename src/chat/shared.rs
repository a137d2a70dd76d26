//! What all chats of a shard share: their neighbours, and what the operator lets them do.
use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicUsize, Ordering::Relaxed},
};

use actix::prelude::*;
use arc_swap::ArcSwap;

use super::{
    among::{Abreast, Behind},
    stats::Stats,
};
use crate::{domain::Rules, presence::Presence, store::Store, writer::Record};

/// The neighbours of every chat of a shard, and what they all go by.
pub struct Shared {
    /// Where chats are loaded and pages fetched.
    pub store: Store,
    /// Where everything told goes.
    pub presence: Presence,
    /// Where everything decided goes. One handle for all chats: each handle adds a place to the mailbox.
    pub writer: Recipient<Record>,
    /// What they count.
    pub stats: Arc<Stats>,
    rules: ArcSwap<Rules>,
    mailbox_capacity: AtomicUsize,
    nodes: OnceLock<Nodes>,
}

/// Whom chats ask where there are several nodes.
pub struct Nodes {
    /// Who knows what was heard of the others.
    pub abreast: Recipient<Abreast>,
    /// The registry's shard that a chat belongs to.
    pub behind: Recipient<Behind>,
}

impl Shared {
    /// The neighbours, what the operator allows, and how many commands may wait for one chat: more are refused as busy.
    pub fn new(
        store: Store,
        presence: Presence,
        writer: Recipient<Record>,
        rules: Rules,
        mailbox_capacity: usize,
        stats: Arc<Stats>,
    ) -> Self {
        let rules = ArcSwap::from_pointee(rules);
        let mailbox_capacity = AtomicUsize::new(mailbox_capacity);
        let nodes = OnceLock::new();
        Self { store, presence, writer, stats, rules, mailbox_capacity, nodes }
    }

    /// From now on chats go by these rules; the mailboxes of those that live stay as they are.
    pub fn retune(&self, rules: Rules, mailbox_capacity: usize) {
        self.rules.store(Arc::new(rules));
        self.mailbox_capacity.store(mailbox_capacity, Relaxed);
    }

    /// From now on there are other nodes.
    pub fn join(&self, nodes: Nodes) {
        assert!(self.nodes.set(nodes).is_ok(), "a server joins others once");
    }

    /// The others, if there are any.
    pub(super) fn nodes(&self) -> Option<&Nodes> {
        self.nodes.get()
    }

    /// What the operator allows.
    pub(super) fn rules(&self) -> Rules {
        **self.rules.load()
    }

    /// Commands that may wait for a chat that starts now, and decisions that may be pending in any.
    pub(super) fn mailbox_capacity(&self) -> usize {
        self.mailbox_capacity.load(Relaxed)
    }
}
