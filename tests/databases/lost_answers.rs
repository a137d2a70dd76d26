//! Attempts to commit of which nobody knows how they ended: whatever became of them, the next one makes it true once.
use std::time::{Duration, Instant};

use greenroom::{
    domain::Seq,
    settings::Database,
    store::{Attempt, Fault, Outcome, Store},
};

use crate::{
    lossy::Lossy,
    polled::polled,
    scratch::{Scratch, skip},
    support::{group, history, people, said, soon},
};

#[actix::test]
async fn a_commit_whose_answer_is_lost_is_recognised_when_it_is_tried_again() {
    let scratch = Scratch::new().await;
    let Some(lossy) = Lossy::to(&scratch.url).await else {
        return skip("SQLite answers inside the process, where nothing gets lost; it is broken off instead (below)");
    };
    let store = Store::open(&Database { url: lossy.url.as_str().into(), ..scratch.settings() }).await.unwrap();
    let ann = people(&store, &["Ann"]).await[0];
    let chat = group(&store, "Band", &[ann]).await;

    lossy.loses(true);
    let until = Instant::now() + Duration::from_secs(1);
    let unknown = store.commit(&[said(chat, ann, "hello", Some("key"))], Attempt { until, earlier: 0 }).await;
    let fault = unknown.unwrap_err();
    assert!(matches!(fault, Fault::Unanswered(_)), "{fault}");
    lossy.loses(false);

    let again = store.commit(&[said(chat, ann, "hello", Some("key"))], soon()).await.unwrap();
    assert!(matches!(again[..], [Outcome::Repeat { seq: Seq(1), .. }]), "{again:?}");
    assert_eq!(history(&store, chat).await.len(), 1);
}

#[actix::test]
async fn an_attempt_that_is_broken_off_anywhere_is_made_true_once_by_the_next() {
    let scratch = Scratch::new().await;
    let store = Store::open(&scratch.settings()).await.unwrap();
    let ann = people(&store, &["Ann"]).await[0];
    let chat = group(&store, "Band", &[ann]).await;
    let mut polls = 0;
    loop {
        let message = [said(chat, ann, "hello", None)];
        let whole = polled(store.commit(&message, soon()), polls).await.is_some();
        polls += 1;
        let seq = Seq(polls as i64);
        let again = store.commit(&message, Attempt { earlier: 1, ..soon() }).await.unwrap();
        assert_eq!(again, [Outcome::Stored { seq }], "broken off after {polls} polls");
        assert_eq!(history(&store, chat).await.len(), polls);
        if whole {
            break;
        }
    }
    assert!(polls > 2, "it was broken off before its end");
}
