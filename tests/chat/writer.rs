//! The writer with a real database and probes for chats.
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use actix::prelude::*;
use greenroom::{
    domain::{Change, ChatId, ClientId, Email, Fact, MessageId, Name, Posted, Seq, Step, Timestamp, UserId},
    store::{Attempt, Outcome, Store},
    writer::{Committed, Flush, Record, Tuning, Unstored, Verdict, Writer},
};
use sea_orm::{ConnectionTrait, Database as Driver, TransactionTrait};

use crate::support::{Inbox, Probe, changed, personal, soon, store, text};

fn start(store: &Store, batch_size: usize) -> Addr<Writer> {
    start_with(store, batch_size, Duration::ZERO)
}

fn start_with(store: &Store, batch_size: usize, batch_delay: Duration) -> Addr<Writer> {
    let tuning = Tuning { mailbox_capacity: 10_000, batch_size, batch_delay, retry_for: Duration::from_secs(2) };
    Writer::start(&Arbiter::current(), store.clone(), tuning, Arc::default())
}

fn said(chat: ChatId, sender: UserId, content: &str, client_id: Option<&str>) -> Fact {
    Fact::Posted(Posted {
        chat,
        id: MessageId::new(),
        sender,
        content: text(content),
        client_id: client_id.map(|id| ClientId::new(id).unwrap()),
        sent_at: Timestamp::now(),
        extras: None,
    })
}

/// A chat as the writer sees it.
struct Desk {
    writer: Addr<Writer>,
    chat: Recipient<Committed>,
    verdicts: Inbox<Committed>,
}

impl Desk {
    fn open(writer: &Addr<Writer>) -> Self {
        let (chat, verdicts) = Probe::open(1024);
        Self { writer: writer.clone(), chat, verdicts }
    }

    fn record(&self, fact: Fact) {
        self.writer.do_send(Record {
            facts: vec![fact],
            chat: self.chat.clone(),
            since: Instant::now(),
            known: Step(0),
        });
    }

    async fn settled(&mut self) -> Vec<Verdict> {
        self.writer.send(Flush).await.unwrap();
        self.verdicts.next().await.0
    }
}

fn seq(verdict: &Verdict) -> i64 {
    match verdict {
        Ok(Outcome::Stored { seq } | Outcome::Repeat { seq, .. }) => seq.0,
        other => panic!("not stored: {other:?}"),
    }
}

#[actix::test]
async fn two_hundred_posts_take_a_handful_of_statements_and_get_their_places_in_order() {
    let (store, _scratch) = store().await;
    let ann = UserId::new();
    let bob = UserId::new();
    let chat = personal(&store, ann, bob).await;
    let writer = start(&store, 512);
    let mut desk = Desk::open(&writer);
    let before = store.statements();
    for n in 0..200 {
        desk.record(said(chat, ann, &n.to_string(), None));
    }
    let verdicts = desk.settled().await;
    assert_eq!(verdicts.iter().map(seq).collect::<Vec<_>>(), (1..=200).collect::<Vec<_>>());
    let statements = store.statements() - before;
    assert!((1..=5).contains(&statements), "{statements} statements");
}

#[actix::test]
async fn a_known_client_id_gets_the_first_place_in_the_same_batch_and_in_later_ones() {
    let (store, _scratch) = store().await;
    let ann = UserId::new();
    let bob = UserId::new();
    let chat = personal(&store, ann, bob).await;
    let mut desk = Desk::open(&start(&store, 512));
    desk.record(said(chat, ann, "one", Some("a")));
    desk.record(said(chat, ann, "again", Some("a")));
    desk.record(said(chat, bob, "his own", Some("a")));
    assert_eq!(desk.settled().await.iter().map(seq).collect::<Vec<_>>(), [1, 1, 2]);

    desk.record(said(chat, ann, "much later", Some("a")));
    desk.record(said(chat, ann, "next", None));
    let verdicts = desk.settled().await;
    assert!(matches!(verdicts[0], Ok(Outcome::Repeat { seq: Seq(1), .. })));
    assert_eq!(seq(&verdicts[1]), 3, "repeats leave no gap");
}

#[actix::test]
async fn more_repeats_than_one_condition_takes_are_recognised_among_new_messages() {
    let (store, _scratch) = store().await;
    let ann = UserId::new();
    let chat = personal(&store, ann, UserId::new()).await;
    let mut desk = Desk::open(&start(&store, 2048));
    for n in 0..1000 {
        desk.record(said(chat, ann, "first", Some(&n.to_string())));
    }
    let first = desk.settled().await;
    for n in 0..2000 {
        desk.record(said(chat, ann, "again, or new", Some(&n.to_string())));
    }
    let verdicts = desk.settled().await;
    assert!(verdicts[..1000].iter().zip(&first).all(|(again, first)| seq(again) == seq(first)));
    assert_eq!(verdicts[1000..].iter().map(seq).collect::<Vec<_>>(), (1001..=2000).collect::<Vec<_>>());
}

#[actix::test]
async fn the_first_record_after_a_rest_is_written_at_once_and_the_next_ones_together() {
    let (store, _scratch) = store().await;
    let ann = UserId::new();
    let chat = personal(&store, ann, UserId::new()).await;
    let mut desk = Desk::open(&start_with(&store, 512, Duration::from_secs(3600)));
    desk.record(said(chat, ann, "one", None));
    assert_eq!(desk.verdicts.next().await.0.len(), 1, "nothing was written before it, so it need not wait");
    desk.record(said(chat, ann, "two", None));
    desk.record(said(chat, ann, "three", None));
    assert_eq!(desk.settled().await.len(), 2);
}

#[actix::test]
async fn a_counter_that_somebody_else_moved_is_found_where_it_stands() {
    let (store, scratch) = store().await;
    let elsewhere = Store::open(&scratch.settings()).await.unwrap();
    let ann = UserId::new();
    let [chat, other] = [personal(&store, ann, UserId::new()).await, personal(&store, ann, UserId::new()).await];
    let places = async |store: &Store, chats: &[ChatId]| {
        let facts: Vec<_> = chats.iter().map(|chat| said(*chat, ann, "hi", None)).collect();
        let outcomes = store.commit(&facts, soon()).await.unwrap();
        outcomes.into_iter().map(|outcome| seq(&Ok(outcome))).collect::<Vec<_>>()
    };
    assert_eq!(places(&store, &[chat, other]).await, [1, 1]);
    assert_eq!(places(&store, &[chat, chat, other]).await, [2, 3, 2]);
    assert_eq!(places(&elsewhere, &[chat]).await, [4]);
    assert_eq!(places(&store, &[other, chat]).await, [3, 5]);
    assert_eq!(places(&elsewhere, &[chat, other]).await, [6, 4]);
}

#[actix::test]
async fn a_record_that_can_never_be_stored_refuses_its_own_caller_and_nobody_else() {
    let (store, _scratch) = store().await;
    let person = (Name::new("Bob").unwrap(), Email::new("bob@example.org").unwrap());
    let bob = store.add_verified(&[person], "a hash", Timestamp::now()).await.unwrap()[0];
    let ann = UserId::new();
    let chat = personal(&store, ann, bob).await;
    let writer = start(&store, 512);
    let mut good = Desk::open(&writer);
    let mut bad = Desk::open(&writer);
    let other = personal(&store, bob, UserId::new()).await;
    good.record(said(chat, ann, "one", None));
    // The seat is taken: adding the same member again breaks the table's key.
    let change = Change::Added { user: bob, name: Name::new("Bob").unwrap() };
    bad.record(changed(other, change));
    good.record(said(chat, ann, "two", None));

    writer.send(Flush).await.unwrap();
    let refused = bad.verdicts.next().await.0;
    assert_eq!(refused, [Err(Unstored::Never)]);
    assert_eq!(good.verdicts.next().await.0.iter().map(seq).collect::<Vec<_>>(), [1, 2]);
}

#[actix::test]
async fn verdicts_go_to_the_actor_that_decided_whoever_else_stands_for_the_chat() {
    let (store, _scratch) = store().await;
    let ann = UserId::new();
    let chat = personal(&store, ann, UserId::new()).await;
    let writer = start(&store, 512);
    let mut before = Desk::open(&writer);
    let mut after = Desk::open(&writer);
    before.record(said(chat, ann, "one", None));
    after.record(said(chat, ann, "two", None));
    before.record(said(chat, ann, "three", None));

    assert_eq!(before.settled().await.iter().map(seq).collect::<Vec<_>>(), [1, 3]);
    assert_eq!(after.verdicts.next().await.0.iter().map(seq).collect::<Vec<_>>(), [2]);
}

#[actix::test]
async fn a_post_to_a_chat_that_is_gone_is_told_so() {
    let (store, _scratch) = store().await;
    let mut desk = Desk::open(&start(&store, 512));
    desk.record(said(ChatId::new(), UserId::new(), "hello?", None));
    assert_eq!(desk.settled().await, [Ok(Outcome::Gone)]);
}

#[actix::test]
async fn batches_are_no_larger_than_their_bound_and_keep_the_order() {
    let (store, _scratch) = store().await;
    let ann = UserId::new();
    let bob = UserId::new();
    let chat = personal(&store, ann, bob).await;
    let mut desk = Desk::open(&start(&store, 8));
    for n in 0..20 {
        desk.record(said(chat, ann, &n.to_string(), None));
    }
    let mut seqs = vec![];
    for expected in [8, 8, 4] {
        let verdicts = desk.settled().await;
        assert_eq!(verdicts.len(), expected);
        seqs.extend(verdicts.iter().map(seq));
    }
    assert_eq!(seqs, (1..=20).collect::<Vec<_>>());
}

#[actix::test]
async fn behind_a_locked_database_everybody_is_refused_in_time_however_many_batches_wait() {
    let (store, scratch) = store().await;
    let ann = UserId::new();
    let bob = UserId::new();
    let chat = personal(&store, ann, bob).await;
    let mut desk = Desk::open(&start(&store, 8));
    let other = Driver::connect(&scratch.url).await.unwrap();
    let held = other.begin().await.unwrap();
    held.execute_unprepared("UPDATE chat SET last_seq = last_seq").await.unwrap();

    let begun = Instant::now();
    for n in 0..40 {
        desk.record(said(chat, ann, &n.to_string(), None));
    }
    for _ in 0..5 {
        let verdicts = desk.settled().await;
        assert!(verdicts.iter().all(|verdict| *verdict == Err(Unstored::Late)));
    }
    // One wait for the lock takes as long.
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    held.rollback().await.unwrap();
}

#[actix::test]
async fn a_batch_that_came_true_unseen_is_recognised_at_the_next_attempt() {
    let (store, _scratch) = store().await;
    let ann = UserId::new();
    let bob = UserId::new();
    let chat = personal(&store, ann, bob).await;
    let batch =
        [said(chat, ann, "plain", None), said(chat, ann, "keyed", Some("a")), said(chat, ann, "again", Some("a"))];
    let first = store.commit(&batch, soon()).await.unwrap();
    let second = store.commit(&batch, Attempt { earlier: batch.len(), ..soon() }).await.unwrap();
    assert_eq!(second, first);
    let next = store.commit(&[said(chat, bob, "next", None)], soon()).await.unwrap();
    assert_eq!(next, [Outcome::Stored { seq: Seq(3) }], "nothing was stored twice");
}

#[actix::test]
async fn a_part_of_a_batch_that_came_true_unseen_is_recognised_too() {
    let (store, _scratch) = store().await;
    let ann = UserId::new();
    let chat = personal(&store, ann, UserId::new()).await;
    let batch: Vec<_> = (0..8).map(|n| said(chat, ann, &n.to_string(), None)).collect();
    let first = store.commit(&batch, soon()).await.unwrap();
    let part = store.commit(&batch[..2], Attempt { earlier: batch.len(), ..soon() }).await.unwrap();
    assert_eq!(part, first[..2], "the first of them lie further back than the part is long");
}
