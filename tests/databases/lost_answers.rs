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

/// So often an attempt must have been broken off after it had begun.
const BROKEN: usize = 10;
const MOST_TRIES: usize = 1_000;

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
    let mut tries = 0;
    let mut broken_in_the_middle = 0;
    // How many polls a commit takes is the scheduler's choice: now and then the first one finds every answer there already.
    while broken_in_the_middle < BROKEN {
        assert!(tries < MOST_TRIES, "it is never broken off before its end");
        for polls in 0.. {
            let message = [said(chat, ann, "hello", None)];
            let whole = polled(store.commit(&message, soon()), polls).await.is_some();
            tries += 1;
            let again = store.commit(&message, Attempt { earlier: 1, ..soon() }).await.unwrap();
            assert_eq!(again, [Outcome::Stored { seq: Seq(tries as i64) }], "broken off after {polls} polls");
            assert_eq!(history(&store, chat).await.len(), tries);
            if whole {
                break;
            }
            broken_in_the_middle += usize::from(polls > 0);
        }
    }
}
