//! Finding, starting and letting go of chats.
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use actix::prelude::*;
use greenroom::{
    chat::{Command, Request},
    domain::{ChatId, Kind, UserId},
    events::PageRequest,
    presence::{Caller, Presence},
    registry::{Registry, Stats, Tuning},
    store::Store,
    writer::{self, Writer},
};
use sea_orm::{ConnectionTrait, Database as Driver, TransactionTrait};

use crate::support::{Socket, personal, post_as, rules, store};

fn tuning(idle_timeout: Duration, max_live: usize) -> Tuning {
    Tuning { mailbox_capacity: 64, chat_mailbox_capacity: 64, idle_timeout, max_live, rules: rules() }
}

/// A registry whose only shard has started: until then its mailbox has not the size it is to have.
pub async fn start(store: &Store, presence: &Presence, idle_timeout: Duration, max_live: usize) -> Registry {
    start_with(store, presence, tuning(idle_timeout, max_live), Duration::from_secs(1)).await
}

/// The same, with a writer that tries for so long.
async fn start_with(store: &Store, presence: &Presence, tuning: Tuning, retry_for: Duration) -> Registry {
    let writing = writer::Tuning { mailbox_capacity: 64, batch_size: 64, batch_delay: Duration::ZERO, retry_for };
    let writer = Writer::start(&Arbiter::current(), store.clone(), writing, Arc::default());
    let registry = Registry::new(1, store, presence, &writer, tuning);
    registry.open_shard(&Arbiter::current());
    assert_eq!(registry.live().await, 0);
    registry
}

fn fetch(caller: Caller, kind: Kind) -> Command {
    Command { caller, request: Request::Fetch { kind, page: PageRequest { before: None, after: None, limit: 10 } } }
}

async fn until_live(registry: &Registry, wanted: impl Fn(usize) -> bool) {
    let patience = Instant::now() + Duration::from_secs(10);
    while !wanted(registry.live().await) {
        assert!(Instant::now() < patience, "{} chats still live", registry.live().await);
    }
}

#[actix::test]
async fn an_idle_chat_is_let_go_and_comes_back_with_its_history() {
    let (store, _scratch) = store().await;
    let presence = Presence::default();
    let registry = start(&store, &presence, Duration::from_millis(1), 100).await;
    let mut ann = Socket::open(UserId::new());
    let bob = UserId::new();
    ann.join(&presence);
    let chat = personal(&store, ann.user, bob).await;

    registry.route(chat, post_as(Kind::Personal, ann.asks(1), "kept"));
    assert_eq!(ann.hears().await.1[0]["Ok"], true);
    until_live(&registry, |live| live == 0).await;
    let (started, idle, evicted) = counts(&registry);
    assert_eq!((started, idle, evicted), (1, 1, 0));

    registry.route(chat, fetch(ann.asks(2), Kind::Personal));
    assert_eq!(ann.hears().await.1[1]["Messages"][0]["Content"], "kept");
}

#[actix::test]
async fn beyond_the_most_live_chats_the_longest_idle_go_first_and_those_in_use_stay() {
    let (store, _scratch) = store().await;
    let presence = Presence::default();
    let forever = Duration::from_secs(60 * 60);
    let registry = start(&store, &presence, forever, 100).await;
    let mut ann = Socket::open(UserId::new());
    ann.join(&presence);
    let chats: Vec<_> = (0..9).map(|_| ChatId::new()).collect();
    // The first one is used again after all others.
    for chat in chats.iter().chain([&chats[0]]) {
        find_nothing(&registry, &mut ann, *chat).await;
    }
    assert_eq!((registry.live().await, counts(&registry)), (9, (9, 0, 0)));

    registry.retune(tuning(forever, 3));
    let patience = Instant::now() + Duration::from_secs(10);
    while registry.live().await == 9 {
        // Chats are looked at when one is used, now and then.
        find_nothing(&registry, &mut ann, chats[0]).await;
        assert!(Instant::now() < patience);
    }
    until_live(&registry, |live| live <= 3).await;
    assert_eq!((registry.live().await, counts(&registry)), (3, (9, 0, 6)));
    for stayed in [7, 8, 0] {
        find_nothing(&registry, &mut ann, chats[stayed]).await;
        assert_eq!(counts(&registry).0, 9, "{stayed}");
    }
    find_nothing(&registry, &mut ann, chats[6]).await;
    assert_eq!(counts(&registry).0, 10, "it was the last to go");
}

async fn find_nothing(registry: &Registry, ann: &mut Socket, chat: ChatId) {
    registry.route(chat, fetch(ann.asks(1), Kind::Personal));
    assert_eq!(ann.hears().await.1[0]["Code"], "not_found");
}

#[actix::test]
async fn a_chat_that_waits_for_the_writer_is_not_let_go_however_long_it_takes() {
    let (store, scratch) = store().await;
    let presence = Presence::default();
    let soon = tuning(Duration::from_millis(1), 100);
    let long = Duration::from_secs(60);
    let registry = start_with(&store, &presence, soon, long).await;
    let mut ann = Socket::open(UserId::new());
    ann.join(&presence);
    let chat = personal(&store, ann.user, UserId::new()).await;
    let database = Driver::connect(&scratch.url).await.unwrap();
    let holder = database.begin().await.unwrap();
    holder.execute_unprepared("UPDATE chat SET created_at = created_at + 1").await.unwrap();
    registry.route(chat, post_as(Kind::Personal, ann.asks(1), "held up"));

    // Two others come and go: it was looked at as often.
    for round in 0..2 {
        find_nothing(&registry, &mut ann, ChatId::new()).await;
        until_live(&registry, |live| live == 1).await;
        assert_eq!(counts(&registry), (round + 2, round + 1, 0));
    }
    holder.rollback().await.unwrap();
    assert_eq!(ann.hears().await.1[0]["Seq"], 1);
    until_live(&registry, |live| live == 0).await;
}

/// Chats started, let go for being idle, and let go early.
fn counts(registry: &Registry) -> (u64, u64, u64) {
    let sum = |count: fn(&Stats) -> u64| registry.stats().map(count).sum();
    (sum(|shard| shard.started.get()), sum(|shard| shard.idle.get()), sum(|shard| shard.evicted.get()))
}

#[actix::test]
async fn other_bounds_hold_for_chats_that_start_after() {
    let (store, _folder) = store().await;
    let presence = Presence::default();
    let registry = start(&store, &presence, Duration::from_secs(60), 100).await;
    let mut ann = Socket::open(UserId::new());
    ann.join(&presence);
    let chat = personal(&store, ann.user, UserId::new()).await;

    assert_eq!(busy(&registry, &mut ann, chat).await, 0);
    registry.retune(Tuning { chat_mailbox_capacity: 1, ..tuning(Duration::from_millis(1), 100) });
    until_live(&registry, |live| live == 0).await;
    assert!(busy(&registry, &mut ann, chat).await > 0);
}

/// How many of twenty messages at once the chat has no room for.
async fn busy(registry: &Registry, ann: &mut Socket, chat: ChatId) -> usize {
    for n in 0..20 {
        registry.route(chat, post_as(Kind::Personal, ann.asks(n), "all at once"));
    }
    let mut busy = 0;
    for _ in 0..20 {
        busy += usize::from(ann.hears().await.1[0]["Code"] == "busy");
    }
    busy
}
