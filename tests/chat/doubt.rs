//! What a chat makes of decisions whose outcome is not what it hoped for, or not known.
use actix::prelude::*;
use greenroom::{
    chat::{AddMember, Fetch, Settle},
    domain::{Change, Fact, Kind, Name, Seq, UserId},
    events::PageRequest,
    socket::{MAIN, Packet},
    store::Outcome,
    writer::Unstored,
};

use crate::support::{Stage, post, settle, stored};

fn three() -> [UserId; 3] {
    [UserId::new(), UserId::new(), UserId::new()]
}

fn content(fact: &Fact) -> &str {
    let Fact::Posted(posted) = fact else { panic!("{fact:?} is no message") };
    posted.content.as_str()
}

#[actix::test]
async fn what_rests_on_a_change_that_fails_is_refused_with_it() {
    let [ann, bob, cat] = three();
    let mut stage = Stage::group(&[ann, bob]).await;
    let (mut ann, mut cat) = (stage.online(ann), stage.online(cat));

    stage.chat.do_send(AddMember { caller: ann.asks(1), member: Some((cat.user, Name::new("Cat").unwrap())) });
    let add = stage.recorded().await;
    stage.chat.do_send(post(cat.asks(2), "am I in?"));
    settle(&add, Err(Unstored::Never));
    for (socket, ack) in [(&mut ann, "431"), (&mut cat, "432")] {
        let (kind, heard) = socket.hears().await;
        assert_eq!((kind.as_str(), &heard[0]["Code"]), (ack, &"unavailable".into()));
    }
    stage.chat.do_send(post(ann.asks(3), "she is not"));
    assert_eq!(content(&stage.recorded().await.fact), "she is not", "the writer got nothing else");
}

#[actix::test]
async fn what_rests_on_a_change_is_stored_once_that_has_come_true() {
    let [ann, bob, cat] = three();
    let mut stage = Stage::group(&[ann, bob]).await;
    let (ann, mut cat) = (stage.online(ann), stage.online(cat));

    stage.chat.do_send(post(ann.asks(1), "before"));
    stage.chat.do_send(AddMember { caller: ann.asks(2), member: Some((cat.user, Name::new("Cat").unwrap())) });
    stage.chat.do_send(post(cat.asks(3), "after"));
    let (before, add) = (stage.recorded().await, stage.recorded().await);
    assert_eq!(content(&before.fact), "before");
    assert!(matches!(&add.fact, Fact::Changed { change: Change::Added { .. }, .. }));
    settle(&before, stored(1));
    assert!(stage.recorded_nothing());
    settle(&add, Ok(Outcome::Done { newest: Seq(1) }));
    settle(&stage.recorded().await, stored(2));
    for event in ["new-grp-added", "create-group-chat-receiver"] {
        assert_eq!(cat.hears().await.1[0], event);
    }
    assert_eq!(cat.hears().await.1[0]["Seq"], 2);
}

#[actix::test]
async fn a_chat_that_must_settle_answers_the_pages_that_wait_too() {
    let [ann, bob, _] = three();
    let mut stage = Stage::group(&[ann, bob]).await;
    let mut ann = stage.online(ann);

    stage.chat.do_send(post(ann.asks(1), "mine"));
    let page = PageRequest { before: None, limit: 50 };
    stage.chat.do_send(Fetch { caller: ann.asks(2), kind: Kind::Group, page });
    let record = stage.recorded().await;
    let settled = stage.chat.send(Settle);
    settle(&record, stored(1));
    settled.await.unwrap();
    // What a server says that stops, as soon as its chats are settled.
    ann.port.deliver(&Packet::event(MAIN, "the-end", &()));

    assert_eq!(ann.hears().await.0, "431");
    assert_eq!(ann.hears().await.1[0], "group-chat");
    assert_eq!(ann.hears().await.0, "432");
    assert_eq!(ann.hears().await.1[0], "the-end");
}
