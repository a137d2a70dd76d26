//! Chats with all their neighbours, and no sockets but those that a test stands in for.
use std::sync::Arc;

use actix::prelude::*;
use greenroom::{
    domain::{ChatId, Description, Email, Name, Rules, Timestamp, UserId},
    presence::Presence,
    registry::{Registry, Tuning},
    store::Store,
    writer::{self, Writer},
};
use serde_json::Value;

use crate::{
    scratch::Scratch,
    support::{Socket, store},
};

/// The next acknowledgement.
pub async fn answered(socket: &mut Socket) -> Value {
    loop {
        let (kind, heard) = socket.hears().await;
        if kind.starts_with("43") {
            return heard[0].clone();
        }
    }
}

/// A server without sockets.
pub struct Server {
    pub store: Store,
    pub presence: Presence,
    pub registry: Registry,
    pub scratch: Scratch,
}

/// A throw of the dice, the same for the same seed.
pub struct Dice(pub u64);

impl Dice {
    /// Less than `sides`.
    pub fn throw(&mut self, sides: u64) -> u64 {
        // Knuth's MMIX.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

impl Server {
    pub async fn new() -> Self {
        let (store, scratch) = store().await;
        let presence = Presence::default();
        let writing = writer::Tuning {
            mailbox_capacity: 1024,
            batch_size: 64,
            batch_delay: std::time::Duration::ZERO,
            retry_for: std::time::Duration::from_secs(5),
        };
        let writer = Writer::start(&Arbiter::new().handle(), store.clone(), writing, Arc::default());
        let tuning = Tuning {
            mailbox_capacity: 1024,
            chat_mailbox_capacity: 64,
            idle_timeout: std::time::Duration::from_secs(600),
            max_live: 10_000,
            rules: Rules::default(),
        };
        let registry = Registry::new(1, &store, &presence, &writer, tuning);
        registry.open_shard(&Arbiter::current());
        assert_eq!(registry.live().await, 0);
        Self { store, presence, registry, scratch }
    }

    pub async fn people(&self, tag: u64) -> [UserId; 4] {
        let people = ["ann", "bob", "cat", "dan"]
            .map(|name| (Name::new(name).unwrap(), Email::new(&format!("{name}.{tag}@example.org")).unwrap()));
        self.store.add_verified(&people, "a hash", Timestamp::now()).await.unwrap().try_into().unwrap()
    }

    pub async fn group(&self, seed: u64, members: &[UserId]) -> Option<ChatId> {
        let name = Name::new(&format!("Band {seed}")).unwrap();
        self.store.create_group(&name, &Description::new("").unwrap(), members).await.unwrap().ok()
    }
}
