//! Tables come, go and come again, empty or not.
use entity::user;
use greenroom::{
    domain::{Email, Fact, Name, Seq, Shown, Timestamp},
    store::Store,
};
use migration::{Migrator, MigratorTrait};
use sea_orm::{
    ConnectionTrait, Database as Driver, DatabaseBackend, DatabaseConnection, EntityTrait, QuerySelect, Statement,
};

use crate::{
    scratch::Scratch,
    support::{email, group, history, people, said, soon, steps_from},
};

/// What the database itself says.
const TABLES: [(DatabaseBackend, &str); 3] = [
    (DatabaseBackend::Sqlite, "SELECT name FROM sqlite_master WHERE type = 'table'"),
    (
        DatabaseBackend::Postgres,
        "SELECT table_name::text AS name FROM information_schema.tables WHERE table_schema = 'public'",
    ),
    (
        DatabaseBackend::MySql,
        "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()",
    ),
];

/// Without the migrations' own.
async fn tables(database: &DatabaseConnection) -> Vec<String> {
    let backend = database.get_database_backend();
    let query = TABLES.into_iter().find(|(of, _)| *of == backend).unwrap().1;
    let rows = database.query_all_raw(Statement::from_string(backend, query)).await.unwrap();
    let names = rows.iter().map(|row| row.try_get::<String>("", "name").unwrap());
    let mut names: Vec<_> = names.filter(|name| name != "seaql_migrations").collect();
    names.sort();
    names
}

/// Something in every table that a chat needs.
async fn fill(store: &Store) {
    let members = people(store, &["Ann", "Bob"]).await;
    let chat = group(store, "Band", &members).await;
    let read = Fact::Read { chat, user: members[1], seq: Seq(1), shown: Shown::Moved };
    store.commit(&[said(chat, members[0], "hello", Some("key")), read], soon()).await.unwrap();
    assert_eq!(history(store, chat).await.len(), 1);
}

#[actix::test]
async fn the_tables_go_and_come_again_whatever_is_in_them() {
    let scratch = Scratch::new().await;
    let store = Store::open(&scratch.settings()).await.unwrap();
    let database = Driver::connect(&scratch.url).await.unwrap();
    let all = tables(&database).await;
    assert_eq!(
        all,
        [
            "activity",
            "ban",
            "block",
            "chat",
            "feed",
            "file",
            "invite",
            "mail",
            "mail_token",
            "mark",
            "member",
            "message",
            "message_file",
            "node",
            "past_member",
            "person_gram",
            "person_progress",
            "pin",
            "reaction",
            "refresh_token",
            "search_block",
            "search_progress",
            "search_segment",
            "session",
            "user"
        ]
    );
    for _ in 0..2 {
        fill(&store).await;
        Migrator::down(&database, None).await.unwrap();
        assert_eq!(tables(&database).await, [""; 0]);
        Migrator::up(&database, None).await.unwrap();
        assert_eq!(tables(&database).await, all);
    }
}

#[actix::test]
async fn a_step_that_is_taken_back_leaves_what_the_others_keep() {
    let scratch = Scratch::new().await;
    let store = Store::open(&scratch.settings()).await.unwrap();
    let database = Driver::connect(&scratch.url).await.unwrap();
    fill(&store).await;
    Migrator::down(&database, Some(steps_from("m0002_chats"))).await.unwrap();
    assert_eq!(tables(&database).await, ["mail", "mail_token", "refresh_token", "session", "user"]);
    Migrator::up(&database, None).await.unwrap();
    let ann = store.account(&email(0)).await.unwrap().unwrap().id;
    let chat = group(&store, "Band", &[ann]).await;
    store.commit(&[said(chat, ann, "again", None)], soon()).await.unwrap();
    assert_eq!(history(&store, chat).await[0].sender_name, "Ann");
}

#[actix::test]
async fn names_and_addresses_from_before_are_written_anew_and_go_back() {
    let scratch = Scratch::new().await;
    let store = Store::open(&scratch.settings()).await.unwrap();
    let database = Driver::connect(&scratch.url).await.unwrap();
    // More than are read at once.
    let address = |n: usize| format!("ann.{n}@b\u{fc}cher.example");
    let crowd: Vec<_> = (0..1100).map(|n| (Name::new("ΟΔΥΣ").unwrap(), Email::new(&address(n)).unwrap())).collect();
    store.add_verified(&crowd, "a hash", Timestamp::now()).await.unwrap();
    let ours = async || {
        // By these columns alone: later steps add others.
        let columns = [user::Column::NameFolded, user::Column::Email];
        let query = user::Entity::find().select_only().columns(columns);
        let mut forms: Vec<(String, String)> = query.into_tuple().all(&database).await.unwrap();
        forms.sort();
        forms
    };
    let now = ours().await;
    assert!(
        now.iter().all(|(name, email)| name == "οδυσ" && email.ends_with("@xn--bcher-kva.example")),
        "{:?}",
        now[0]
    );
    Migrator::down(&database, Some(steps_from("m0005_one_spelling"))).await.unwrap();
    let before = ours().await;
    assert!(
        before.iter().all(|(name, email)| name == "οδυς" && email.ends_with("@b\u{fc}cher.example")),
        "{:?}",
        before[0]
    );
    Migrator::up(&database, None).await.unwrap();
    assert_eq!(ours().await, now);
}

#[actix::test]
async fn a_database_that_is_up_to_date_stays_as_it_is() {
    let scratch = Scratch::new().await;
    fill(&Store::open(&scratch.settings()).await.unwrap()).await;
    let again = Store::open(&scratch.settings()).await.unwrap();
    assert!(again.account(&email(1)).await.unwrap().is_some());
}
