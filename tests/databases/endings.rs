//! Accounts that end among all else: nobody is left in a group without one, and no transaction stands in another's way.
use std::{collections::HashMap, time::Duration};

use futures_util::future::{join, join_all};
use greenroom::{
    domain::{Change, ChatId, Fact, Name, Seq, Shown, Timestamp, UserId},
    store::{Fault, NotCreated, Outcome, Store},
};

use crate::{
    scratch::{Scratch, cases},
    support::{changed, group, mail, people, said, soon},
};

async fn end(store: &Store, user: UserId) {
    let departed = store.delete_account(user, "a hash", &mail(), Timestamp::now()).await;
    assert_eq!(departed.unwrap().unwrap().user, user);
}

fn added(chat: ChatId, user: UserId) -> Fact {
    changed(chat, Change::Added { user, name: Name::new("Cat").unwrap() })
}

async fn outcome(store: &Store, fact: Fact) -> Outcome {
    store.commit(&[fact], soon()).await.unwrap()[0]
}

#[actix::test]
async fn what_was_decided_of_somebody_whose_account_is_gone_does_not_come_true() {
    let scratch = Scratch::new().await;
    let store = Store::open(&scratch.settings()).await.unwrap();
    let [ann, bob, cat, dan] = people(&store, &["Ann", "Bob", "Cat", "Dan"]).await.try_into().unwrap();
    let led = group(&store, "Cat's", &[cat, ann, bob]).await;
    let other = group(&store, "Ann's", &[ann, cat, bob]).await;
    end(&store, cat).await;
    end(&store, dan).await;
    assert_eq!(outcome(&store, changed(other, Change::AdminChanged(cat))).await, Outcome::Overtaken);
    assert_eq!(outcome(&store, added(other, dan)).await, Outcome::Overtaken);
    assert_eq!(outcome(&store, added(other, cat)).await, Outcome::Overtaken);
    let leads = outcome(&store, changed(led, Change::Removed(ann))).await;
    assert_eq!(leads, Outcome::Overtaken, "Ann leads it now");
    let name = Name::new("Band").unwrap();
    let description = greenroom::domain::Description::new("").unwrap();
    assert_eq!(store.create_group(&name, &description, &[bob, dan]).await, Ok(Err(NotCreated::Missing)));
    assert_eq!(store.create_group(&name, &description, &[dan, bob]).await, Ok(Err(NotCreated::Missing)));
    assert_eq!(store.create_personal_chat(bob, dan).await, Ok(Err(NotCreated::Missing)));

    for chat in [led, other] {
        let roster = store.chat(chat).await.unwrap().unwrap().roster;
        assert_eq!((roster.admin, roster.members.len()), (Some(ann), 2));
    }
    let is_done = |outcome: Outcome| matches!(outcome, Outcome::Done | Outcome::Changed { .. });
    assert!(is_done(outcome(&store, changed(other, Change::AdminChanged(bob))).await));
    assert!(is_done(outcome(&store, changed(other, Change::Removed(ann))).await));
    assert!(is_done(outcome(&store, changed(other, Change::Deleted)).await));
    assert!(is_done(outcome(&store, changed(other, Change::Deleted)).await), "so it is");
    assert_eq!(outcome(&store, added(other, ann)).await, Outcome::Gone);
}

#[actix::test]
async fn the_two_of_a_personal_chat_who_end_at_once_take_it_along() {
    let scratch = Scratch::new().await;
    let store = Store::open(&scratch.settings()).await.unwrap();
    for _ in 0..cases(50) {
        let [ann, bob] = strangers::<2>(&store).await;
        let chat = store.create_personal_chat(ann, bob).await.unwrap().unwrap().chat;
        let said = said(chat, ann, "hello", None);
        join(join(end(&store, ann), end(&store, bob)), outcome(&store, said)).await;
        assert_eq!(store.chat(chat).await, Ok(None));
        assert_eq!(crate::support::history(&store, chat).await, []);
    }
}

/// People who are in nothing yet.
async fn strangers<const N: usize>(store: &Store) -> [UserId; N] {
    let stranger = |n: usize| {
        let email = greenroom::domain::Email::new(&format!("{}.{n}@example.org", UserId::new())).unwrap();
        (Name::new("Ann").unwrap(), email)
    };
    let strangers: Vec<_> = (0..N).map(stranger).collect();
    store.add_verified(&strangers, "a hash", Timestamp::now()).await.unwrap().try_into().unwrap()
}

const CROWD: usize = 8;
const GROUPS: usize = 6;

/// All are in all groups. Half of them end their accounts, while batches say, read and change things in every group, in
/// changing order, and others found chats with them.
#[actix::test]
async fn accounts_that_end_among_batches_and_foundations_stand_in_nobodys_way() {
    let scratch = Scratch::new().await;
    let store = Store::open(&scratch.settings()).await.unwrap();
    for round in 0..cases(40) as usize {
        let crowd = strangers::<CROWD>(&store).await;
        let [newcomer] = strangers::<1>(&store).await;
        let (stay, go) = crowd.split_at(CROWD / 2);
        let chats = join_all((0..GROUPS).map(|_| group(&store, "Band", &crowd))).await;
        let batches = async {
            for n in 0..4 {
                let mut facts = vec![];
                for at in 0..GROUPS {
                    let chat = chats[(at * 5 + n + round) % GROUPS];
                    facts.push(said(chat, stay[n], "hello", Some(&format!("{n}"))));
                    facts.extend(go.iter().rev().map(|user| Fact::Read {
                        chat,
                        user: *user,
                        seq: Seq(1),
                        shown: Shown::Moved,
                    }));
                    facts.push(changed(chat, Change::Removed(go[n])));
                    facts.push(match n {
                        3 => added(chat, newcomer),
                        n => changed(chat, Change::AdminChanged(go[(n + 1) % go.len()])),
                    });
                }
                assert_eq!(committed(&store, &facts).await.len(), facts.len());
            }
        };
        let endings = join_all(go.iter().chain([&newcomer]).map(|user| end(&store, *user)));
        let creations = join_all(go.iter().zip(stay).map(async |(one, other)| {
            let name = Name::new("Band").unwrap();
            let description = greenroom::domain::Description::new("").unwrap();
            store.create_group(&name, &description, &[*other, *one, newcomer]).await.unwrap().ok();
            store.create_personal_chat(*one, *other).await.unwrap().ok();
        }));
        join(batches, join(endings, creations)).await;
        nobody_is_a_ghost(&scratch).await;
        for chat in chats {
            assert_eq!(store.chat(chat).await.unwrap().unwrap().newest, Seq(4));
        }
    }
}

/// What becomes of a batch that is tried again, as the writer does it, if it crossed another transaction.
async fn committed(store: &Store, facts: &[Fact]) -> Vec<Outcome> {
    loop {
        match store.commit(facts, soon()).await {
            Err(Fault::Deadlock(_)) => {}
            outcomes => return outcomes.unwrap(),
        }
    }
}

/// Whoever has a seat in a group has an account, and whoever leads it has a seat.
async fn nobody_is_a_ghost(scratch: &Scratch) {
    use sea_orm::EntityTrait;
    let database = sea_orm::Database::connect(&scratch.url).await.unwrap();
    let users = entity::user::Entity::find().all(&database).await.unwrap();
    let users: Vec<_> = users.into_iter().map(|user| user.id).collect();
    let mut seats: HashMap<_, Vec<_>> = HashMap::new();
    for seat in entity::member::Entity::find().all(&database).await.unwrap() {
        seats.entry(seat.chat_id).or_default().push(seat.user_id);
    }
    for chat in entity::chat::Entity::find().all(&database).await.unwrap() {
        let seats = seats.remove(&chat.id).unwrap_or_default();
        assert!(seats.iter().any(|user| users.contains(user)), "{chat:?} with nobody in it");
        if chat.kind == 2 {
            assert!(seats.iter().all(|user| users.contains(user)), "a ghost in {chat:?}");
            assert!(seats.contains(&chat.admin_id.unwrap()), "{chat:?} is led by somebody who is not in it");
        }
    }
    assert!(seats.is_empty(), "seats in chats that are gone");
    tokio::time::timeout(Duration::from_secs(5), database.close()).await.unwrap().unwrap();
}
