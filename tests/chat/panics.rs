//! A chat that panics goes on: whoever waits is answered, and what was decided before is not taken for what is decided after.
use actix::prelude::*;
use greenroom::{
    chat::{Command, Idle, Passivate, Request},
    domain::{Kind, UserId},
    events::PageRequest,
    presence::Caller,
};

use crate::{
    log,
    support::{Probe, Socket, Stage, post, settle, soon, stored},
};

fn three() -> [UserId; 3] {
    [UserId::new(), UserId::new(), UserId::new()]
}

fn fetch(caller: Caller) -> Command {
    Command {
        caller,
        request: Request::Fetch { kind: Kind::Group, page: PageRequest { before: None, after: None, limit: 50 } },
    }
}

async fn is_refused(socket: &mut Socket, ack: &str) {
    let (kind, heard) = socket.hears().await;
    assert_eq!((kind.as_str(), &heard[0]["Code"]), (ack, &"unavailable".into()));
}

/// Waits until the chat has handled all that it was sent.
async fn handled(stage: &Stage) {
    let (registry, _): (Recipient<Idle>, _) = Probe::open(1);
    stage.chat.send(Passivate { routed: 0, registry }).await.unwrap();
}

#[actix::test]
async fn after_a_panic_all_are_answered_and_the_chat_hears_of_its_own_decisions_only() {
    log::keep();
    let [ann, bob, eve] = three();
    let mut stage = Stage::group(&[ann, bob]).await;
    let mut ann = stage.online(ann);
    let mut bob = stage.online(bob);
    let mut eve = stage.online(eve);

    stage.chat.do_send(post(ann.asks(1), "one"));
    stage.chat.do_send(fetch(bob.asks(2)));
    let one = stage.recorded().await;
    let event = format!("poison for {}", eve.user);
    stage.chat.do_send(post(Caller { event: event.clone().into(), ..eve.asks(3) }, "let me in"));
    is_refused(&mut eve, "433").await;
    is_refused(&mut ann, "431").await;
    is_refused(&mut bob, "432").await;
    stage.chat.do_send(post(ann.asks(4), "too early"));
    is_refused(&mut ann, "434").await;

    // The writer has stored what was refused, and only now says so.
    stage.store.commit(std::slice::from_ref(&one.fact), soon()).await.unwrap();
    settle(&one, stored(1));
    assert_eq!(bob.hears().await.1[1]["Content"], "one");
    assert_eq!(ann.hears().await.1[0], "sent-group-message");

    stage.chat.do_send(post(ann.asks(5), "two"));
    let two = stage.recorded().await;
    settle(&two, stored(2));
    let (kind, heard) = ann.hears().await;
    assert_eq!((kind.as_str(), &heard[0]["Seq"]), ("435", &2.into()));
    assert_eq!(bob.hears().await.1[1]["Content"], "two");

    let told = log::lines(&format!("at {event}"));
    let [line] = &told[..] else { panic!("{told:?}") };
    assert!(line.starts_with("a panic in chat ") && line.contains("the log is poisoned"), "{line}");
    assert!(line.contains(&format!("user {}, connection {}", eve.user, eve.port.number())), "{line}");
}

/// A place so high that none comes after it.
const NONSENSE: i64 = i64::MAX;

#[actix::test]
async fn a_panic_while_the_chat_tells_leaves_nobody_without_an_answer() {
    let [ann, bob, _] = three();
    let mut stage = Stage::group(&[ann, bob]).await;
    let mut ann = stage.online(ann);
    let mut bob = stage.online(bob);

    stage.chat.do_send(post(ann.asks(1), "one"));
    settle(&stage.recorded().await, stored(NONSENSE));
    assert_eq!(ann.hears().await.1[0]["Seq"], NONSENSE);
    assert_eq!(bob.hears().await.1[1]["Content"], "one");
    stage.chat.do_send(post(ann.asks(2), "two"));
    stage.chat.do_send(fetch(bob.asks(3)));
    settle(&stage.recorded().await, stored(2));
    is_refused(&mut ann, "432").await;
    is_refused(&mut bob, "433").await;

    handled(&stage).await;
    stage.chat.do_send(post(ann.asks(4), "three"));
    settle(&stage.recorded().await, stored(1));
    assert_eq!(ann.hears().await.1[0]["Ok"], true);
}

#[actix::test]
async fn a_panic_over_a_page_is_an_answer_to_whoever_asked_for_it() {
    let [ann, bob, _] = three();
    let mut stage = Stage::group(&[ann, bob]).await;
    let mut ann = stage.online(ann);
    let mut bob = stage.online(bob);

    stage.chat.do_send(post(ann.asks(1), "one"));
    stage.chat.do_send(fetch(bob.asks(2)));
    settle(&stage.recorded().await, stored(NONSENSE));
    assert_eq!(ann.hears().await.1[0]["Seq"], NONSENSE);
    assert_eq!(bob.hears().await.1[1]["Content"], "one");
    is_refused(&mut bob, "432").await;
}
