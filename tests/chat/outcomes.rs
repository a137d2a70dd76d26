//! What a chat makes of decisions whose outcome is not what it hoped for, or not known.
use std::time::Duration;

use greenroom::{
    chat::{Command, Request, Settle},
    domain::{Change, Deed, Fact, Kind, OwnDeed, PreferencesChange, UserId},
    events::PageRequest,
    presence::Presence,
    socket::{MAIN, Packet},
    store::Outcome,
    writer::Unstored,
};
use sea_orm::{Database as Driver, DatabaseBackend};

use crate::{
    held_commits::hold_commits,
    registry::start,
    scratch::skip,
    support::{Recorded, Socket, Stage, change, done, newcomer, personal, post, post_as, settle, soon, store, stored},
};

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
    let mut ann = stage.online(ann);
    let mut cat = stage.online(cat);

    stage.chat.do_send(Command { caller: ann.asks(1), request: Request::Group(Deed::Add(newcomer(cat.user, "Cat"))) });
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
async fn what_rests_on_a_change_that_turns_out_to_be_none_is_refused_with_it() {
    for (outcome, code) in [
        (Outcome::Overtaken, "not_found"),
        (Outcome::Unwilling, "forbidden"),
        (Outcome::Spent, "expired"),
        (Outcome::Full, "too_large"),
    ] {
        let [ann, bob, cat] = three();
        let mut stage = Stage::group(&[ann, bob]).await;
        let mut ann = stage.online(ann);
        let mut cat = stage.online(cat);
        let add = Request::Group(Deed::Add(newcomer(cat.user, "Cat")));
        stage.chat.do_send(Command { caller: ann.asks(1), request: add });
        let add = stage.recorded().await;
        stage.chat.do_send(post(cat.asks(2), "am I in?"));
        settle(&add, Ok(outcome));
        assert_eq!(ann.hears().await.1[0]["Code"], code);
        assert_eq!(cat.hears().await.1[0]["Code"], "unavailable", "{outcome:?}");
        stage.chat.send(Settle).await.unwrap();
        stage.chat.do_send(post(ann.asks(3), "she is not"));
        assert_eq!(content(&stage.recorded().await.fact), "she is not", "the writer got nothing else");
    }
}

#[actix::test]
async fn a_preference_that_there_is_no_room_for_holds_nobody_up() {
    let [ann, bob, _] = three();
    let mut stage = Stage::group(&[ann, bob]).await;
    let [mut ann, bob] = [ann, bob].map(|user| stage.online(user));
    let pin = PreferencesChange { pinned: Some(true), ..PreferencesChange::default() };
    stage.chat.do_send(Command { caller: ann.asks(1), request: Request::Own(OwnDeed::Prefer(pin)) });
    stage.chat.do_send(post(bob.asks(2), "before"));
    let asked = stage.recorded().await;
    stage.recorded().await;
    settle(&asked, Ok(Outcome::Full));
    assert_eq!(ann.hears().await.1[0]["Code"], "too_large");
    stage.chat.do_send(post(bob.asks(3), "meanwhile"));
    assert_eq!(content(&stage.recorded().await.fact), "meanwhile");
}

#[actix::test]
async fn what_rests_on_a_change_is_stored_once_that_has_come_true() {
    let [ann, bob, cat] = three();
    let mut stage = Stage::group(&[ann, bob]).await;
    let ann = stage.online(ann);
    let mut cat = stage.online(cat);

    stage.chat.do_send(post(ann.asks(1), "before"));
    stage.chat.do_send(Command { caller: ann.asks(2), request: Request::Group(Deed::Add(newcomer(cat.user, "Cat"))) });
    stage.chat.do_send(post(cat.asks(3), "after"));
    let before = stage.recorded().await;
    let add = stage.recorded().await;
    assert_eq!(content(&before.fact), "before");
    assert!(matches!(change(&add.fact), Some(Change::Added { .. })));
    settle(&before, stored(1));
    assert!(stage.recorded_nothing());
    settle(&add, Ok(done(1)));
    settle(&stage.recorded().await, stored(2));
    for event in ["new-grp-added", "create-group-chat-receiver", "chat-changed"] {
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
    let page = PageRequest { before: None, after: None, limit: 50 };
    stage.chat.do_send(Command { caller: ann.asks(2), request: Request::Fetch { kind: Kind::Group, page } });
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

/// The database has taken it, whatever the chat will hear of that.
async fn came_true(stage: &Stage, record: &Recorded) {
    stage.store.commit(std::slice::from_ref(&record.fact), soon()).await.unwrap();
}

#[actix::test]
async fn a_message_that_came_true_without_an_answer_is_heard_all_the_same() {
    let [ann, bob, _] = three();
    let mut stage = Stage::group(&[ann, bob]).await;
    let mut ann = stage.online(ann);
    let mut bob = stage.online(bob);

    stage.chat.do_send(post(ann.asks(1), "hi"));
    let record = stage.recorded().await;
    came_true(&stage, &record).await;
    settle(&record, Err(Unstored::Unknown));
    assert_eq!(ann.hears().await.1[0]["Code"], "unavailable");
    let (_, heard) = ann.hears().await;
    assert_eq!((&heard[0], &heard[1]["Seq"]), (&"sent-group-message".into(), &1.into()));
    let (_, heard) = bob.hears().await;
    assert_eq!((&heard[0], &heard[1]["Content"]), (&"receive-group-message".into(), &"hi".into()));

    stage.chat.do_send(post(ann.asks(2), "next"));
    settle(&stage.recorded().await, stored(2));
    assert_eq!(bob.hears().await.1[1]["Content"], "next", "nothing is heard twice");
}

#[actix::test]
async fn what_came_true_without_an_answer_is_heard_before_what_follows() {
    let [ann, bob, _] = three();
    let mut stage = Stage::group(&[ann, bob]).await;
    let ann = stage.online(ann);
    let mut bob = stage.online(bob);

    stage.chat.do_send(post(ann.asks(1), "one"));
    let one = stage.recorded().await;
    stage.chat.do_send(post(ann.asks(2), "two"));
    let two = stage.recorded().await;
    came_true(&stage, &one).await;
    came_true(&stage, &two).await;
    settle(&one, Err(Unstored::Unknown));
    settle(&two, stored(2));
    for content in ["one", "two"] {
        assert_eq!(bob.hears().await.1[1]["Content"], content);
    }
}

#[actix::test]
async fn a_member_who_left_without_an_answer_is_no_member_any_more() {
    let [ann, bob, _] = three();
    let mut stage = Stage::group(&[ann, bob]).await;
    let mut bob = stage.online(bob);

    stage.chat.do_send(Command { caller: bob.asks(1), request: Request::Group(Deed::Leave) });
    let record = stage.recorded().await;
    came_true(&stage, &record).await;
    settle(&record, Err(Unstored::Unknown));
    assert_eq!(bob.hears().await.1[0]["Code"], "unavailable");
    stage.chat.do_send(post(bob.asks(2), "am I in?"));
    assert_eq!(bob.hears().await.1[0]["Code"], "not_found");
}

#[actix::test]
async fn those_who_missed_a_change_that_came_true_without_an_answer_come_back_for_it() {
    let [ann, bob, cat] = three();
    let mut stage = Stage::group(&[ann, bob, cat]).await;
    let mut ann = stage.online(ann);
    let mut bob = stage.online(bob);
    stage.chat.do_send(Command { caller: ann.asks(1), request: Request::Group(Deed::Kick(Some(cat))) });
    let record = stage.recorded().await;
    came_true(&stage, &record).await;
    settle(&record, Err(Unstored::Unknown));
    assert_eq!(ann.hears().await.1[0]["Code"], "unavailable");
    assert!(ann.is_closed().await && bob.is_closed().await);

    // A change that did not come true is nothing to come back for.
    stage.chat.do_send(Command { caller: ann.asks(2), request: Request::Group(Deed::Kick(Some(bob.user))) });
    settle(&stage.recorded().await, Err(Unstored::Unknown));
    assert_eq!(ann.hears().await.1[0]["Code"], "unavailable");
    stage.chat.do_send(post(ann.asks(3), "still here?"));
    settle(&stage.recorded().await, stored(1));
    assert_eq!(bob.hears().await.1[0], "receive-group-message");
}

#[actix::test]
async fn a_commit_that_comes_true_long_after_it_was_given_up_is_heard_then() {
    let (store, scratch) = store().await;
    let database = Driver::connect(&scratch.url).await.unwrap();
    if database.get_database_backend() != DatabaseBackend::Postgres {
        return skip("it does nothing at a commit that could be held, and comes true at once or not at all");
    }
    let presence = Presence::default();
    let registry = start(&store, &presence, Duration::from_secs(60), 100).await;
    let mut ann = Socket::open(UserId::new());
    let mut bob = Socket::open(UserId::new());
    ann.join(&presence);
    bob.join(&presence);
    let chat = personal(&store, ann.user, bob.user).await;
    let holder = hold_commits(&database).await;

    registry.route(chat, post_as(Kind::Personal, ann.asks(1), "hi"));
    assert_eq!(ann.hears().await.1[0]["Code"], "unavailable");
    assert!(bob.hears_nothing());
    holder.commit().await.unwrap();
    assert_eq!(bob.hears().await.1[1]["Content"], "hi");
}
