//! Hints: who types, what arrived and who may see whom; what of it reaches the database, and when.
use std::{sync::Arc, time::Duration};

use actix::prelude::*;
use greenroom::{
    chat::{ArrivalKeeper, Chat, Command, KeepNext, Request, Shared},
    domain::{Audience, ChatId, Email, Fact, MessageId, Name, Posted, PrivacyChange, Roster, Seq, Timestamp, UserId},
    events::Hint,
    presence::{Arrival, Caller, Presence},
    store::Store,
    writer::{Flush, Tuning, Writer},
};
use proptest::{prelude::*, test_runner::TestRunner};

use crate::{
    scratch::cases,
    support::{CHAT_CAPACITY, Probe, Socket, Stage, personal, post, rules, settle, soon, store, stored, text},
};

fn hint(caller: Caller, hint: Hint) -> Command {
    Command { caller, request: Request::Hint { hint, is_seen: true } }
}

#[actix::test]
async fn what_is_typed_is_heard_by_others_and_asks_nobody_for_anything() {
    let ann = UserId::new();
    let bob = UserId::new();
    let mut stage = Stage::group(&[ann, bob]).await;
    let [mut anns, mut bobs] = [ann, bob].map(|user| stage.online(user));
    stage.chat.send(hint(anns.asks(1), Hint::Typing(true))).await.unwrap();
    let before = stage.store.statements();
    for ack in 2..20 {
        stage.chat.send(hint(anns.asks(ack), Hint::Typing(true))).await.unwrap();
    }
    for ack in 1..20 {
        assert_eq!(anns.hears().await.0, format!("43{ack}"));
    }
    let (_, event) = bobs.hears().await;
    assert_eq!((&event[0], &event[1]["On"]), (&"typing".into(), &true.into()));
    assert!(bobs.hears_nothing(), "once in a pause");
    assert_eq!(stage.store.statements(), before);
    assert!(stage.recorded_nothing());
    // Once the message is stored the others forget it, and hear the next beginning at once.
    stage.chat.do_send(post(anns.asks(20), "done"));
    let record = stage.recorded().await;
    stage.chat.send(hint(anns.asks(21), Hint::Typing(true))).await.unwrap();
    settle(&record, stored(1));
    stage.chat.send(hint(anns.asks(22), Hint::Typing(true))).await.unwrap();
    assert_eq!(bobs.hears().await.1[0], "receive-group-message");
    assert_eq!(bobs.hears().await.1[0], "typing");
    assert!(bobs.hears_nothing());
}

#[actix::test]
async fn a_socket_that_is_gone_types_no_more_unless_another_of_its_user_does() {
    let ann = UserId::new();
    let bob = UserId::new();
    let stage = Stage::group(&[ann, bob]).await;
    let [phone, laptop, mut bobs] = [ann, ann, bob].map(|user| stage.online(user));
    let gone = |socket: &Socket| Command { caller: socket.asks(9), request: Request::StopTyping };
    stage.chat.send(hint(phone.asks(1), Hint::Typing(true))).await.unwrap();
    stage.chat.send(hint(laptop.asks(1), Hint::Typing(true))).await.unwrap();
    stage.chat.send(gone(&phone)).await.unwrap();
    assert_eq!(bobs.hears().await.1[1]["On"], true);
    assert!(bobs.hears_nothing());
    stage.chat.send(gone(&laptop)).await.unwrap();
    assert_eq!(bobs.hears().await.1[1]["On"], false);
}

#[actix::test]
async fn what_arrived_is_told_noted_and_known_to_a_chat_that_starts_anew() {
    let (store, _scratch) = store().await;
    let [ann, bob] = people(&store).await;
    let presence = Presence::default();
    let chat = personal(&store, ann, bob).await;
    say(&store, chat, ann).await;
    let [mut anns, bobs] = [ann, bob].map(|user| {
        let socket = Socket::open(user);
        socket.join(&presence);
        socket
    });
    let (writer, mut records) = Probe::open(64);
    let shared = Arc::new(Shared::new(store.clone(), presence.clone(), writer, rules(), CHAT_CAPACITY, Arc::default()));
    let address = Chat::start(chat, shared.clone());
    address.send(hint(bobs.asks(1), Hint::Delivered(Seq(9)))).await.unwrap();
    let (_, event) = anns.hears().await;
    assert_eq!((&event[0], &event[1]["Seq"]), (&"delivered-ack".into(), &1.into()));
    assert_eq!(presence.arrival(chat, bob), Arrival { upto: Seq(1), wrote: false });
    let again = Chat::start(chat, shared);
    again.send(hint(bobs.asks(2), Hint::Delivered(Seq(1)))).await.unwrap();
    assert!(anns.hears_nothing(), "it is known already");
    assert!(records.is_empty(), "the chat itself stores nothing of it");
}

#[actix::test]
async fn arrivals_reach_the_database_by_the_writer_and_only_move_forward() {
    let (store, _scratch) = store().await;
    let [ann, bob] = people(&store).await;
    let chat = personal(&store, ann, bob).await;
    let presence = Presence::default();
    let tuning =
        Tuning { mailbox_capacity: 8, batch_size: 64, batch_delay: Duration::ZERO, retry_for: Duration::from_secs(1) };
    let writer = Writer::start(&Arbiter::current(), store.clone(), tuning, Arc::default());
    let keeper = ArrivalKeeper::start(&Arbiter::current(), presence.clone(), writer.clone().recipient());
    for (upto, expected) in [(5, 5), (3, 5), (7, 7)] {
        presence.note_arrival(chat, bob, Arrival { upto: Seq(upto), wrote: upto == 7 });
        assert_eq!(keeper.send(KeepNext).await.unwrap(), 1);
        writer.send(Flush).await.unwrap();
        let roster = store.chat(chat).await.unwrap().unwrap().roster;
        let place = roster.member(bob).unwrap();
        assert_eq!((place.delivered, place.wrote), (Seq(expected), upto == 7));
        assert_eq!(keeper.send(KeepNext).await.unwrap(), 0, "it is stored");
    }
}

#[actix::test]
async fn whoever_is_in_a_common_chat_is_seen_by_those_whom_they_let() {
    let (store, _scratch) = store().await;
    let [ann, bob] = people(&store).await;
    let sees = async || !store.sights(&[ann], &[bob, UserId::new()]).await.unwrap().is_empty();
    assert!(!sees().await, "strangers");
    let chat = personal(&store, ann, bob).await;
    assert!(sees().await);
    choose(&store, bob, Audience::Nobody).await;
    assert!(!sees().await);
    choose(&store, bob, Audience::Contacts).await;
    say(&store, chat, ann).await;
    assert!(!sees().await, "nobody becomes a contact by oneself");
    say(&store, chat, bob).await;
    assert!(sees().await);
    for _ in 0..300 {
        say(&store, chat, ann).await;
    }
    assert!(!sees().await, "too far away to be looked for");
    store.commit(&[Fact::Wrote { chat, user: bob }], soon()).await.unwrap();
    assert!(sees().await);
    assert_eq!(store.sights(&[bob], &[ann]).await.unwrap().len(), 1);
}

async fn choose(store: &Store, user: UserId, audience: Audience) {
    let change = PrivacyChange { presence: Some(audience), ..PrivacyChange::default() };
    let chosen = store.set_privacy(user, &change).await.unwrap().unwrap();
    assert_eq!(chosen.after.presence, audience);
    assert_eq!(store.set_privacy(user, &change).await.unwrap().unwrap().before, chosen.after);
}

async fn people(store: &Store) -> [UserId; 2] {
    let person = |name: &str| (Name::new(name).unwrap(), Email::new(&format!("{name}@example.org")).unwrap());
    let ids = store.add_verified(&[person("ann"), person("bob")], "hash", Timestamp::now()).await.unwrap();
    [ids[0], ids[1]]
}

async fn say(store: &Store, chat: ChatId, sender: UserId) {
    let id = MessageId::new();
    let sent_at = Timestamp::now();
    let posted = Posted { chat, id, sender, content: text("hi"), client_id: None, sent_at, extras: None };
    store.commit(&[Fact::Posted(posted)], soon()).await.unwrap();
}

/// A read, whether others may see it, and whether the batch ends with it.
type Step = (usize, i64, bool, bool);

/// In whatever batches reads are written, the database says in the end what the chat knows.
#[test]
fn what_others_see_of_reads_is_the_same_after_a_restart() {
    let config = ProptestConfig { cases: cases(20), failure_persistence: None, ..ProptestConfig::default() };
    let step = (0..2usize, 0..24i64, any::<bool>(), any::<bool>());
    let rounds = prop::collection::vec(prop::collection::vec(step, 1..24), 20);
    let checked = TestRunner::new(config).run(&rounds, |rounds| {
        System::new().block_on(async {
            let (store, _scratch) = store().await;
            for steps in rounds {
                read_and_restart(&store, steps).await;
            }
        });
        Ok(())
    });
    checked.unwrap();
}

async fn read_and_restart(store: &Store, steps: Vec<Step>) {
    const NEWEST: Seq = Seq(20);
    let members = [UserId::new(), UserId::new()];
    let chat = personal(store, members[0], members[1]).await;
    let mut known = store.chat(chat).await.unwrap().unwrap().roster;
    let mut batch = Vec::new();
    for (who, upto, is_seen, ends) in steps {
        let user = members[who];
        let moved = known.read(user, Some(Seq(upto)), NEWEST).unwrap();
        if let Some((seq, shown)) = known.show_read(user, moved, is_seen).unwrap() {
            known.mark_read_as(user, seq, shown);
            batch.push(Fact::Read { chat, user, seq, shown });
        }
        if ends {
            store.commit(&std::mem::take(&mut batch), soon()).await.unwrap();
        }
    }
    store.commit(&batch, soon()).await.unwrap();
    let stored = store.chat(chat).await.unwrap().unwrap().roster;
    let pointers = |roster: &Roster| -> Vec<_> {
        roster.members.iter().map(|member| (member.user, member.read, member.shown)).collect()
    };
    assert_eq!(pointers(&stored), pointers(&known));
}
