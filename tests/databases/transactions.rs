//! Transactions that meet: nobody fails for having had company, and what was committed is seen.
use std::time::{Duration, Instant};

use futures_util::future::{join, join_all};
use greenroom::{
    domain::{Fact, LoginId, Seq, Timestamp, UserId},
    store::{Attempt, Fault, NewLogin, Outcome, Store},
};
use sea_orm::{
    ActiveValue::Set, ConnectionTrait, Database as Driver, DatabaseBackend, EntityTrait, IsolationLevel, Statement,
    TransactionTrait,
};

use crate::{
    held_commits::hold_commits,
    scratch::{Scratch, skip},
    support::{email, group, history, mail, people, said, soon},
};

const CROWD: usize = 8;
const ROUNDS: usize = 20;

async fn crowd(store: &Store) -> Vec<UserId> {
    people(store, &[""; CROWD].map(|_| "Ann")).await
}

#[actix::test]
async fn new_passwords_that_many_ask_for_at_once_are_all_granted() {
    let scratch = Scratch::new().await;
    let store = Store::open(&scratch.settings()).await.unwrap();
    crowd(&store).await;
    for round in 0..ROUNDS {
        let asked = (0..CROWD).map(async |n| {
            let now = Timestamp::now();
            let token = format!("{round} of {n}");
            store.allow_reset(&email(n), &token, now.plus(Duration::from_secs(60)), &mail(), now).await
        });
        for granted in join_all(asked).await {
            assert_eq!(granted, Ok(true));
        }
    }
}

#[actix::test]
async fn logins_of_many_at_once_are_all_opened_and_ended() {
    let scratch = Scratch::new().await;
    let store = Store::open(&scratch.settings()).await.unwrap();
    let people = crowd(&store).await;
    for round in 0..ROUNDS {
        let lives = people.iter().enumerate().map(async |(n, user)| {
            let now = Timestamp::now();
            let login = login(format!("{round} of {n}"), now);
            store.open_logins(&[(*user, login)], now).await?;
            let old = if round == 0 { "a hash".into() } else { format!("hash {}", round - 1) };
            let new = format!("hash {round}");
            store.change_password(*user, &old, &new, LoginId::new(), &mail(), now).await
        });
        for replaced in join_all(lives).await {
            assert_eq!(replaced.unwrap().unwrap().ended.len(), 1);
        }
    }
}

#[actix::test]
async fn no_login_outlives_the_password_that_it_was_opened_with() {
    let scratch = Scratch::new().await;
    let store = Store::open(&scratch.settings()).await.unwrap();
    let people = crowd(&store).await;
    for round in 0..ROUNDS {
        let old = if round == 0 { "a hash".into() } else { format!("hash {}", round - 1) };
        let new = format!("hash {round}");
        let races = people.iter().enumerate().map(async |(n, user)| {
            let now = Timestamp::now();
            let login = login(format!("{round} of {n}"), now);
            let mail = mail();
            let opened = store.open_login(*user, &old, &login, now);
            let changed = store.change_password(*user, &old, &new, LoginId::new(), &mail, now);
            // On SQLite whoever asks first is first.
            let (opened, changed) = if n % 2 == 0 {
                join(opened, changed).await
            } else {
                let (changed, opened) = join(changed, opened).await;
                (opened, changed)
            };
            let ended = changed.unwrap().unwrap().ended;
            assert_eq!(ended.len(), usize::from(opened.unwrap()));
            assert_eq!(store.own_logins(*user, now).await.unwrap(), []);
        });
        join_all(races).await;
    }
}

fn login(refresh_hash: String, now: Timestamp) -> NewLogin {
    let later = now.plus(Duration::from_secs(60));
    let ip = "127.0.0.1".into();
    let user_agent = "a test".into();
    NewLogin { id: LoginId::new(), refresh_hash, expires_at: later, idle_until: later, ip, user_agent }
}

#[actix::test]
async fn what_was_committed_is_read_at_once() {
    let scratch = Scratch::new().await;
    let store = Store::open(&scratch.settings()).await.unwrap();
    let ann = people(&store, &["Ann"]).await[0];
    let chat = group(&store, "Band", &[ann]).await;
    for n in 1..=100 {
        store.commit(&[said(chat, ann, &n.to_string(), None)], soon()).await.unwrap();
        assert_eq!(store.chat(chat).await.unwrap().unwrap().newest, Seq(n));
        assert_eq!(history(&store, chat).await.len() as i64, n);
    }
}

/// Says how many transactions wait for a lock.
fn waiting(backend: DatabaseBackend) -> &'static str {
    match backend {
        DatabaseBackend::Postgres => {
            "SELECT COUNT(*) AS n FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'"
        }
        _ => "SELECT COUNT(*) AS n FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'",
    }
}

/// Somebody holds the second chat's row and then wants the first one's, as the batch does the other way round. Whoever has done less, or
/// has waited longer, is sent away: the batch.
#[actix::test]
async fn a_batch_that_a_deadlock_sends_away_may_be_tried_again() {
    let scratch = Scratch::new().await;
    let store = Store::open(&scratch.settings()).await.unwrap();
    let database = Driver::connect(&scratch.url).await.unwrap();
    let backend = database.get_database_backend();
    if backend == DatabaseBackend::Sqlite {
        return skip("SQLite knows one writer at a time, so that no two wait for each other");
    }
    let ann = people(&store, &["Ann"]).await[0];
    let chats = [group(&store, "first", &[ann]).await, group(&store, "second", &[ann]).await];
    for _ in 0..50 {
        group(&store, "other", &[ann]).await;
    }
    let other = database.begin_with_config(Some(IsolationLevel::ReadCommitted), None).await.unwrap();
    if backend == DatabaseBackend::Postgres {
        other.execute_unprepared("SET LOCAL deadlock_timeout = '60s'; SET LOCAL lock_timeout = '60s'").await.unwrap();
    }
    let touch = async |name: &str| {
        let touch = format!("UPDATE chat SET created_at = created_at + 1 WHERE name = '{name}'");
        other.execute_unprepared(&touch).await.unwrap();
    };
    touch("other").await;
    touch("second").await;

    let batch = chats.map(|chat| said(chat, ann, "hello", Some("key")));
    let crossing = async {
        until_one_waits(&database).await;
        touch("first").await;
    };
    let (sent_away, ()) = join(store.commit(&batch, soon()), crossing).await;
    let fault = sent_away.unwrap_err();
    assert!(fault.is_passing() && fault.to_string().to_lowercase().contains("deadlock"), "{fault}");
    other.commit().await.unwrap();

    let again = store.commit(&batch, Attempt { earlier: batch.len(), ..soon() }).await.unwrap();
    assert_eq!(again, [Outcome::Stored { seq: Seq(1) }; 2]);
    for chat in chats {
        assert_eq!(history(&store, chat).await.len(), 1);
    }
}

#[actix::test]
async fn a_commit_that_is_not_answered_is_given_up_and_recognised_when_it_came_true() {
    let scratch = Scratch::new().await;
    let store = Store::open(&scratch.settings()).await.unwrap();
    let database = Driver::connect(&scratch.url).await.unwrap();
    if database.get_database_backend() != DatabaseBackend::Postgres {
        return skip("it does nothing at a commit that could be held; lost_answers.rs has what it knows instead");
    }
    let ann = people(&store, &["Ann"]).await[0];
    let chat = group(&store, "Band", &[ann]).await;
    let holder = hold_commits(&database).await;

    let until = Instant::now() + Duration::from_secs(2);
    let unknown = store.commit(&[said(chat, ann, "hello", Some("key"))], Attempt { until, earlier: 0 }).await;
    let fault = unknown.unwrap_err();
    assert!(matches!(fault, Fault::Unanswered(_)), "{fault}");
    let unsure = store.chat_at_rest(chat).await.unwrap_err();
    assert!(unsure.is_passing(), "{unsure}");
    holder.commit().await.unwrap();

    let again = store.commit(&[said(chat, ann, "hello", Some("key"))], soon()).await.unwrap();
    assert!(matches!(again[..], [Outcome::Repeat { seq: Seq(1), .. }]), "{again:?}");
    assert_eq!(history(&store, chat).await.len(), 1);
}

#[actix::test]
async fn what_an_earlier_attempt_is_still_committing_is_not_stored_twice() {
    let scratch = Scratch::new().await;
    let store = Store::open(&scratch.settings()).await.unwrap();
    let database = Driver::connect(&scratch.url).await.unwrap();
    if database.get_database_backend() == DatabaseBackend::Sqlite {
        return skip("SQLite knows one writer at a time, so that no earlier attempt is still under way");
    }
    let ann = people(&store, &["Ann"]).await[0];
    let chat = group(&store, "Band", &[ann]).await;
    let fact = said(chat, ann, "hello", None);
    let Fact::Posted(posted) = &fact else { unreachable!() };

    // What the attempt had done when its connection was lost. The database knows nothing of the loss, and goes on.
    let earlier = database.begin_with_config(Some(IsolationLevel::ReadCommitted), None).await.unwrap();
    earlier.execute_unprepared("UPDATE chat SET last_seq = last_seq + 1").await.unwrap();
    let row = entity::message::ActiveModel {
        chat_id: Set(chat.0),
        seq: Set(1),
        id: Set(posted.id.0),
        sender_id: Set(ann.0),
        content: Set(posted.content.as_str().to_owned()),
        client_id: Set(None),
        sent_at: Set(posted.sent_at.0),
        ..Default::default()
    };
    entity::message::Entity::insert(row).exec_without_returning(&earlier).await.unwrap();

    let coming_true = async {
        until_one_waits(&database).await;
        earlier.commit().await.unwrap();
    };
    let batch = std::slice::from_ref(&fact);
    let (again, ()) = join(store.commit(batch, Attempt { earlier: 1, ..soon() }), coming_true).await;
    assert_eq!(again.unwrap(), [Outcome::Stored { seq: Seq(1) }]);
    assert_eq!(history(&store, chat).await.len(), 1);
}

async fn until_one_waits(database: &sea_orm::DatabaseConnection) {
    let backend = database.get_database_backend();
    let one_waits = async || {
        let query = Statement::from_string(backend, waiting(backend));
        database.query_one_raw(query).await.unwrap().unwrap().try_get::<i64>("", "n").unwrap() > 0
    };
    // InnoDB repeats what it said before to whoever asks again within a tenth of a second.
    let waited = async {
        while !one_waits().await {
            tokio::time::sleep(Duration::from_millis(150)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), waited).await.expect("the writer comes to wait");
}
