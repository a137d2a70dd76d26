//! What a chat does with commands, outcome by outcome.
use std::future::pending;

use actix::prelude::*;
use greenroom::{
    chat::{Chat, Command, Request},
    domain::{Change, Deed, Fact, Kind, MessageId, Seq, Timestamp, UserId},
    events::PageRequest,
    store::Outcome,
    writer::{Record, Unstored},
};

use crate::support::{
    CHAT_CAPACITY, Probe, Stage, change, done, newcomer, personal, post, post_as, settle, soon, stored,
};

fn three() -> [UserId; 3] {
    [UserId::new(), UserId::new(), UserId::new()]
}

#[actix::test]
async fn a_post_is_told_only_after_it_is_stored() {
    let [ann, bob, _] = three();
    let mut stage = Stage::group(&[ann, bob]).await;
    let mut ann = stage.online(ann);
    let mut bob = stage.online(bob);

    stage.chat.do_send(post(ann.asks(7), "hi"));
    let record = stage.recorded().await;
    assert!(matches!(&record.fact, Fact::Posted(posted) if posted.content.as_str() == "hi"));
    assert!(ann.hears_nothing() && bob.hears_nothing(), "nothing is stored yet");

    settle(&record, stored(1));
    let (kind, heard) = bob.hears().await;
    assert_eq!((kind.as_str(), &heard[0]), ("42", &"receive-group-message".into()));
    assert_eq!((&heard[1]["Content"], &heard[1]["Seq"]), (&"hi".into(), &1.into()));
    let (kind, heard) = ann.hears().await;
    assert_eq!((kind.as_str(), &heard[0]["Ok"], &heard[0]["Seq"]), ("437", &true.into(), &1.into()));
    assert!(ann.hears_nothing(), "the socket that sent it has drawn it already");
}

#[actix::test]
async fn what_a_device_said_before_it_went_away_is_heard_by_the_other() {
    let [ann, bob, _] = three();
    let mut stage = Stage::group(&[ann, bob]).await;
    let phone = stage.online(ann);
    let mut laptop = stage.online(ann);

    stage.chat.do_send(post(phone.asks(1), "hi"));
    let record = stage.recorded().await;
    stage.presence.leave(ann, phone.connection());
    settle(&record, stored(1));
    assert_eq!(laptop.hears().await.1[0], "sent-group-message");
}

#[actix::test]
async fn a_message_that_came_true_unseen_is_told_once_when_it_is_repeated() {
    let [ann, bob, _] = three();
    let mut stage = Stage::group(&[ann, bob]).await;
    let mut ann = stage.online(ann);
    let mut bob = stage.online(bob);

    for time in 1..=2 {
        stage.chat.do_send(post(ann.asks(time), "hi"));
        let record = stage.recorded().await;
        let id = MessageId::new();
        let sent_at = Timestamp::now();
        settle(&record, Ok(Outcome::Repeat { id, seq: Seq(1), sent_at }));
        let (_, heard) = ann.hears().await;
        assert_eq!((&heard[0]["Seq"], &heard[0]["Repeat"]), (&1.into(), &true.into()));
        if time == 1 {
            let (_, heard) = bob.hears().await;
            assert_eq!((&heard[1]["Content"], &heard[1]["_id"]), (&"hi".into(), &id.to_string().into()));
        }
    }
    assert!(bob.hears_nothing());
}

#[actix::test]
async fn a_stranger_is_refused_and_nothing_is_recorded() {
    let [ann, bob, eve] = three();
    let mut stage = Stage::group(&[ann, bob]).await;
    let mut eve = stage.online(eve);

    stage.chat.do_send(post(eve.asks(1), "hi"));
    let (_, heard) = eve.hears().await;
    assert_eq!((&heard[0]["Ok"], &heard[0]["Code"]), (&false.into(), &"not_found".into()));
    assert!(stage.recorded_nothing());
}

#[actix::test]
async fn posts_that_come_while_the_chat_loads_keep_their_order() {
    let [ann, bob, _] = three();
    let mut stage = Stage::group(&[ann, bob]).await;
    let ann = stage.online(ann);

    for n in 0..40 {
        stage.chat.do_send(post(ann.asks(n), &n.to_string()));
    }
    for n in 0..40 {
        let record = stage.recorded().await;
        assert!(matches!(&record.fact, Fact::Posted(posted) if posted.content.as_str() == n.to_string()));
    }
}

/// A writer that does not get on.
struct Stuck;

impl Actor for Stuck {
    type Context = Context<Self>;

    fn started(&mut self, ctx: &mut Context<Self>) {
        ctx.set_mailbox_capacity(1);
        pending::<()>().into_actor(self).wait(ctx);
    }
}

impl Handler<Record> for Stuck {
    type Result = ();

    fn handle(&mut self, _: Record, _: &mut Context<Self>) {}
}

#[actix::test]
async fn a_full_writer_refuses_the_caller_and_nobody_sees_anything() {
    let [ann, bob, cat] = three();
    let writer = Stuck.start();
    let (_, records) = Probe::open(1);
    let stage = Stage::with_writer(&[ann, bob], CHAT_CAPACITY, writer.clone().recipient(), records).await;
    let mut ann = stage.online(ann);
    let mut bob = stage.online(bob);
    let other = personal(&stage.store, ann.user, cat).await;
    let other = Chat::start(other, stage.shared.clone());

    for n in 0..10 {
        stage.chat.send(post(ann.asks(n), "hi")).await.unwrap();
    }
    other.do_send(post_as(Kind::Personal, ann.asks(10), "hi"));
    let (kind, heard) = ann.hears().await;
    assert_eq!((kind.as_str(), &heard[0]["Code"]), ("4310", &"busy".into()), "the writer has nothing of this chat");
    assert!(ann.hears_nothing() && bob.hears_nothing(), "what the first chat has said waits with it");
}

#[actix::test]
async fn a_chat_stands_in_the_writers_line_with_its_share_and_keeps_the_rest_in_order() {
    let [ann, bob, _] = three();
    let mut stage = Stage::with_capacity(&[ann, bob], 300).await;
    let mut ann = stage.online(ann);

    for n in 0..300 {
        stage.chat.do_send(post(ann.asks(n), &n.to_string()));
    }
    for turn in 0..3 {
        let mut share = vec![stage.recorded().await];
        while !stage.recorded_nothing() {
            share.push(stage.recorded().await);
        }
        assert_eq!(share.len(), if turn < 2 { 128 } else { 300 - 2 * 128 });
        for (n, recorded) in (turn * 128..).zip(&share) {
            assert!(matches!(&recorded.fact, Fact::Posted(posted) if posted.content.as_str() == n.to_string()));
        }
        for (n, recorded) in (turn * 128..).zip(share) {
            settle(&recorded, stored(n + 1));
        }
        for n in (turn * 128..300).take(128) {
            assert_eq!(ann.hears().await.1[0]["Seq"], n + 1);
        }
    }
}

#[actix::test]
async fn what_waits_behind_a_share_that_comes_too_late_is_refused_with_it() {
    let [ann, bob, _] = three();
    let mut stage = Stage::with_capacity(&[ann, bob], 300).await;
    let mut ann = stage.online(ann);
    let mut bob = stage.online(bob);

    for n in 0..300 {
        stage.chat.do_send(post(ann.asks(n), "hi"));
    }
    for n in 0..128 {
        settle(&stage.recorded().await, Err(Unstored::Late));
        let (kind, heard) = ann.hears().await;
        assert_eq!((kind, &heard[0]["Code"]), (format!("43{n}"), &"unavailable".into()));
    }
    for n in 128..300 {
        let (kind, heard) = ann.hears().await;
        assert_eq!((kind, &heard[0]["Code"]), (format!("43{n}"), &"unavailable".into()));
    }
    assert!(stage.recorded_nothing(), "it does not stand in line anew");

    stage.chat.do_send(post(ann.asks(300), "again"));
    settle(&stage.recorded().await, stored(1));
    assert_eq!(bob.hears().await.1[1]["Content"], "again");
}

#[actix::test]
async fn a_failed_post_refuses_its_own_caller_and_nobody_else() {
    let [ann, bob, _] = three();
    let mut stage = Stage::group(&[ann, bob]).await;
    let mut ann = stage.online(ann);
    let mut bob = stage.online(bob);

    stage.chat.do_send(post(ann.asks(1), "one"));
    stage.chat.do_send(post(ann.asks(2), "two"));
    let one = stage.recorded().await;
    let two = stage.recorded().await;
    settle(&one, Err(Unstored::Never));
    settle(&two, stored(1));

    assert_eq!(ann.hears().await.1[0]["Code"], "unavailable");
    assert_eq!(ann.hears().await.1[0]["Seq"], 1);
    assert_eq!(bob.hears().await.1[1]["Content"], "two");
}

#[actix::test]
async fn a_kick_orders_the_kicked_members_posts_before_it_or_refuses_them() {
    let [ann, bob, cat] = three();
    let mut stage = Stage::group(&[ann, bob, cat]).await;
    let ann = stage.online(ann);
    let mut bob = stage.online(bob);

    stage.chat.do_send(post(bob.asks(1), "before"));
    stage.chat.do_send(Command { caller: ann.asks(2), request: Request::Group(Deed::Kick(Some(bob.user))) });
    stage.chat.do_send(post(bob.asks(3), "after"));
    let before = stage.recorded().await;
    let kick = stage.recorded().await;
    assert_eq!(bob.hears().await.1[0]["Code"], "not_found", "the kick counts as soon as it is decided");

    settle(&before, stored(1));
    assert_eq!(bob.hears().await.1[0]["Ok"], true);
    settle(&kick, Ok(done(1)));
    assert_eq!(bob.hears().await.1[0], "kicked-out");
    stage.chat.do_send(post(ann.asks(4), "alone"));
    let alone = stage.recorded().await;
    settle(&alone, stored(2));
    stage.chat.do_send(post(bob.asks(5), "marker"));
    let (kind, heard) = bob.hears().await;
    assert_eq!((kind.as_str(), &heard[0]["Code"]), ("435", &"not_found".into()), "nothing of what came after");
}

#[actix::test]
async fn a_change_that_fails_is_taken_back() {
    let [ann, bob, _] = three();
    let mut stage = Stage::group(&[ann, bob]).await;
    let mut ann = stage.online(ann);
    let mut bob = stage.online(bob);

    stage.chat.do_send(Command { caller: ann.asks(1), request: Request::Group(Deed::Kick(Some(bob.user))) });
    settle(&stage.recorded().await, Err(Unstored::Never));
    assert_eq!(ann.hears().await.1[0]["Code"], "unavailable");

    stage.chat.do_send(post(bob.asks(2), "still here"));
    settle(&stage.recorded().await, stored(1));
    assert_eq!(bob.hears().await.1[0]["Ok"], true);
}

#[actix::test]
async fn a_page_waits_behind_pending_posts_and_shows_nothing_that_was_not_told() {
    let [ann, bob, _] = three();
    let mut stage = Stage::group(&[ann, bob]).await;
    let mut ann = stage.online(ann);

    stage.chat.do_send(post(ann.asks(1), "mine"));
    let page = PageRequest { before: None, after: None, limit: 50 };
    stage.chat.do_send(Command { caller: ann.asks(2), request: Request::Fetch { kind: Kind::Group, page } });
    let record = stage.recorded().await;
    stage.store.commit(std::slice::from_ref(&record.fact), soon()).await.unwrap();
    assert!(ann.hears_nothing(), "the page waits");

    settle(&record, stored(1));
    assert_eq!(ann.hears().await.0, "431");
    let (_, heard) = ann.hears().await;
    assert_eq!((&heard[0], &heard[1]["Messages"][0]["Content"]), (&"group-chat".into(), &"mine".into()));
    assert_eq!(ann.hears().await.0, "432");

    // Another message is stored, but the chat has not heard of it yet, so nobody has.
    stage.chat.do_send(post(ann.asks(3), "stored, not told"));
    let record = stage.recorded().await;
    stage.store.commit(std::slice::from_ref(&record.fact), soon()).await.unwrap();
    settle(&record, Err(Unstored::Never));
    assert_eq!(ann.hears().await.1[0]["Code"], "unavailable");
    stage.chat.do_send(Command { caller: ann.asks(4), request: Request::Fetch { kind: Kind::Group, page } });
    let (_, heard) = ann.hears().await;
    assert_eq!(heard[1]["Messages"].as_array().unwrap().len(), 1);
}

#[actix::test]
async fn a_read_pointer_moves_once_and_is_told_once() {
    let [ann, bob, _] = three();
    let mut stage = Stage::group(&[ann, bob]).await;
    let mut ann = stage.online(ann);
    let mut bob = stage.online(bob);
    stage.chat.do_send(post(ann.asks(1), "hi"));
    settle(&stage.recorded().await, stored(1));
    bob.hears().await;
    ann.hears().await;

    let read = |caller| Command { caller, request: Request::MarkRead { kind: Kind::Group, upto: None, is_seen: true } };
    stage.chat.do_send(read(bob.asks(1)));
    stage.chat.do_send(read(bob.asks(2)));
    for ack in ["431", "432"] {
        let record = stage.recorded().await;
        assert!(matches!(record.fact, Fact::Read { seq: Seq(1), .. }));
        settle(&record, Ok(done(1)));
        assert_eq!(bob.hears().await.0, ack);
    }
    stage.chat.do_send(read(bob.asks(3)));
    assert_eq!(bob.hears().await.0, "433", "it is stored, so there is nothing to wait for");
    let (_, heard) = ann.hears().await;
    assert_eq!((&heard[0], &heard[1]["Seq"]), (&"read-grp-msg-ack".into(), &1.into()));
    assert!(ann.hears_nothing());
}

#[actix::test]
async fn a_read_pointer_is_not_acknowledged_while_an_equal_one_may_still_fail() {
    let [ann, bob, _] = three();
    let mut stage = Stage::group(&[ann, bob]).await;
    let ann = stage.online(ann);
    let mut bob = stage.online(bob);
    stage.chat.do_send(post(ann.asks(1), "hi"));
    settle(&stage.recorded().await, stored(1));
    bob.hears().await;

    for ack in [1, 2] {
        stage.chat.do_send(Command {
            caller: bob.asks(ack),
            request: Request::MarkRead { kind: Kind::Group, upto: None, is_seen: true },
        });
    }
    for ack in ["431", "432"] {
        settle(&stage.recorded().await, Err(Unstored::Never));
        let (kind, heard) = bob.hears().await;
        assert_eq!((kind.as_str(), &heard[0]["Code"]), (ack, &"unavailable".into()));
    }
}

#[actix::test]
async fn the_right_to_add_comes_before_whom_to_add() {
    let [ann, bob, cat] = three();
    let mut stage = Stage::group(&[ann, bob]).await;
    let mut ann = stage.online(ann);
    let mut bob = stage.online(bob);

    stage.chat.do_send(Command { caller: bob.asks(1), request: Request::Group(Deed::Add(None)) });
    assert_eq!(bob.hears().await.1[0]["Code"], "not_admin");
    stage.chat.do_send(Command { caller: ann.asks(1), request: Request::Group(Deed::Add(None)) });
    assert_eq!(ann.hears().await.1[0]["Code"], "not_found");
    stage.chat.do_send(Command { caller: ann.asks(2), request: Request::Group(Deed::Add(newcomer(cat, "Cat"))) });
    let record = stage.recorded().await;
    assert!(matches!(change(&record.fact), Some(Change::Added { user, .. }) if *user == cat));
}

#[actix::test]
async fn in_a_flooded_group_the_admin_can_still_kick_the_flooder() {
    let [ann, bob, _] = three();
    let mut stage = Stage::group(&[ann, bob]).await;
    let ann = stage.online(ann);
    let mut bob = stage.online(bob);

    let room = CHAT_CAPACITY as u64;
    for n in 0..room {
        stage.chat.send(post(bob.asks(n), "flood")).await.unwrap();
    }
    stage.chat.do_send(post(bob.asks(room), "one too many"));
    assert_eq!(bob.hears().await.1[0]["Code"], "busy");
    stage.chat.do_send(Command { caller: ann.asks(1), request: Request::Group(Deed::Kick(Some(bob.user))) });
    for _ in 0..room {
        stage.recorded().await;
    }
    let kick = stage.recorded().await;
    assert_eq!(change(&kick.fact), Some(&Change::Removed(bob.user)));
}
