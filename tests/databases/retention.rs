//! What has ended goes when its time is over, and nothing else goes with it.
use std::time::Duration;

use futures_util::future::join_all;
use greenroom::{
    domain::{Change, Invite, InviteId, InviteLink, Invited, LoginId, Timestamp, UserId},
    store::{Ended, NewLogin, NewMailToken, Proof, SignUp, SignedUp, Store, Verified},
};
use sea_orm::{ConnectionTrait, Database as Driver, DatabaseConnection, Statement};

use crate::{
    scratch::Scratch,
    support::{changed, email, group, mail, people, soon},
};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn login(refresh_hash: &str, expires_at: Timestamp, idle_until: Timestamp) -> NewLogin {
    let ip = "192.0.2.1".into();
    let user_agent = "a test".into();
    NewLogin { id: LoginId::new(), refresh_hash: refresh_hash.into(), expires_at, idle_until, ip, user_agent }
}

fn sign_up(number: usize, token: &str, now: Timestamp) -> SignUp {
    let token = NewMailToken { hash: token.into(), is_code: false, expires_at: now.plus(DAY) };
    let name = greenroom::domain::Name::new("Ann").unwrap();
    SignUp { email: email(number), name, password_hash: format!("of {number}"), tokens: vec![token], mail: mail() }
}

async fn rows(database: &DatabaseConnection, table: &str) -> i64 {
    let count = if table == "user" && database.get_database_backend() == sea_orm::DatabaseBackend::MySql {
        "SELECT COUNT(*) AS n FROM `user`".into()
    } else {
        format!("SELECT COUNT(*) AS n FROM \"{table}\"").replace('"', quote(database))
    };
    let row = database.query_one_raw(Statement::from_string(database.get_database_backend(), count)).await.unwrap();
    row.unwrap().try_get("", "n").unwrap()
}

fn quote(database: &DatabaseConnection) -> &'static str {
    if database.get_database_backend() == sea_orm::DatabaseBackend::MySql { "`" } else { "\"" }
}

/// Removes whatever ended before this moment.
async fn remove_all(store: &Store, before: Timestamp) {
    for kind in Ended::ALL {
        while store.remove_ended(kind, before).await.unwrap() {}
    }
}

fn removed(store: &Store) -> Vec<u64> {
    Ended::ALL.iter().map(|kind| store.stats().removed.get(*kind)).collect()
}

#[actix::test]
async fn logins_and_tokens_go_after_their_end_and_those_in_force_stay() {
    let scratch = Scratch::new().await;
    let store = Store::open(&scratch.settings()).await.unwrap();
    let database = Driver::connect(&scratch.url).await.unwrap();
    let users = people(&store, &["Ann", "Bob"]).await;
    let now = Timestamp::now();
    let past = now.minus(10 * DAY);
    let future = now.plus(10 * DAY);
    let many = |prefix: &str, count: usize, expires_at, idle_until| -> Vec<(UserId, NewLogin)> {
        (0..count).map(|n| (users[0], login(&format!("{prefix} {n}"), expires_at, idle_until))).collect()
    };
    store.open_logins(&many("aged", 450, past, past), past.minus(DAY)).await.unwrap();
    store.open_logins(&many("token aged", 3, future, past), past).await.unwrap();
    let good = many("good", 5, future, future);
    store.open_logins(&good, past).await.unwrap();

    remove_all(&store, past.minus(2 * DAY)).await;
    assert_eq!((rows(&database, "session").await, rows(&database, "refresh_token").await), (458, 458), "not yet");
    remove_all(&store, now.minus(DAY)).await;
    assert_eq!((rows(&database, "session").await, rows(&database, "refresh_token").await), (8, 5));
    for (_, login) in &good {
        assert!(store.login_by_refresh(&login.refresh_hash, now).await.unwrap().is_some());
    }
    assert_eq!(removed(&store), [453, 0, 450, 0, 0, 0, 0]);
}

#[actix::test]
async fn a_login_that_was_ended_goes_with_its_tokens() {
    let scratch = Scratch::new().await;
    let store = Store::open(&scratch.settings()).await.unwrap();
    let database = Driver::connect(&scratch.url).await.unwrap();
    let users = people(&store, &["Ann"]).await;
    let now = Timestamp::now();
    let past = now.minus(10 * DAY);
    let future = now.plus(10 * DAY);
    store.open_logins(&[(users[0], login("one", future, future))], past).await.unwrap();
    store.change_password(users[0], "a hash", "another", LoginId::new(), &mail(), past).await.unwrap().unwrap();
    remove_all(&store, now.minus(DAY)).await;
    assert_eq!((rows(&database, "session").await, rows(&database, "refresh_token").await), (0, 0));
    assert_eq!(removed(&store), [0, 1, 1, 0, 0, 0, 0]);
}

#[actix::test]
async fn sign_ups_that_nobody_verified_go_and_accounts_stay() {
    let scratch = Scratch::new().await;
    let store = Store::open(&scratch.settings()).await.unwrap();
    let database = Driver::connect(&scratch.url).await.unwrap();
    let now = Timestamp::now();
    let past = now.minus(10 * DAY);
    // Never verified; signed up for again; verified.
    store.sign_up(&sign_up(0, "first", past), past).await.unwrap();
    store.sign_up(&sign_up(1, "second", past), past).await.unwrap();
    store.sign_up(&sign_up(1, "again", now), now).await.unwrap();
    store.sign_up(&sign_up(2, "third", past), past).await.unwrap();
    let proof = Proof { email: email(2), hash: "third".into(), is_code: false };
    let verified = store.verify(&proof, &login("refresh", now.plus(DAY), now.plus(DAY)), past).await.unwrap();
    assert!(matches!(verified, Verified::Now(_)));

    remove_all(&store, now.minus(DAY)).await;
    assert_eq!((rows(&database, "user").await, rows(&database, "mail_token").await), (2, 1));
    assert_eq!(removed(&store), [0, 0, 0, 1, 2, 1, 0]);
    assert!(store.account(&email(0)).await.unwrap().is_none());
    let waiting = store.account(&email(1)).await.unwrap().unwrap();
    assert_eq!((waiting.verified, waiting.password_hash.as_str()), (false, "of 1"));
    assert!(store.account(&email(2)).await.unwrap().unwrap().verified);
}

#[actix::test]
async fn whoever_signs_up_while_the_old_sign_up_goes_can_be_verified() {
    let scratch = Scratch::new().await;
    let store = Store::open(&scratch.settings()).await.unwrap();
    let now = Timestamp::now();
    let past = now.minus(10 * DAY);
    for round in 0..20 {
        let old = sign_up(round, &format!("old {round}"), past);
        store.sign_up(&old, past).await.unwrap();
        let hash = format!("new {round}");
        let new = sign_up(round, &hash, now);
        let lives: Vec<std::pin::Pin<Box<dyn Future<Output = ()>>>> = vec![
            Box::pin(async { assert_eq!(store.sign_up(&new, now).await, Ok(SignedUp::Waiting)) }),
            Box::pin(remove_all(&store, now.minus(DAY))),
        ];
        join_all(lives).await;
        let proof = Proof { email: email(round), hash, is_code: false };
        let refresh = login(&format!("refresh {round}"), now.plus(DAY), now.plus(DAY));
        let verified = store.verify(&proof, &refresh, now).await.unwrap();
        assert!(matches!(verified, Verified::Now(_)), "round {round}");
    }
}

#[actix::test]
async fn invitations_go_some_time_after_they_let_nobody_in_any_more() {
    let scratch = Scratch::new().await;
    let store = Store::open(&scratch.settings()).await.unwrap();
    let database = Driver::connect(&scratch.url).await.unwrap();
    let members = people(&store, &["Ann"]).await;
    let band = group(&store, "Band", &members).await;
    let now = Timestamp::now();
    for expires_at in [now.minus(10 * DAY), now.plus(DAY)] {
        let created_at = expires_at.minus(20 * DAY);
        let by = members[0];
        let invite = Invite { id: InviteId::new(), by, created_at, expires_at, max_uses: None, uses: 0 };
        let link = InviteLink { token: String::new(), url: String::new() };
        let made = changed(band, Change::Invited(Box::new(Invited { invite, link, most: 50 })));
        store.commit(&[made], soon()).await.unwrap();
    }
    remove_all(&store, now.minus(11 * DAY)).await;
    assert_eq!(rows(&database, "invite").await, 2, "not yet");
    remove_all(&store, now.minus(DAY)).await;
    assert_eq!(rows(&database, "invite").await, 1);
}
