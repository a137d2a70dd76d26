//! Servers that start at once on an empty database: one of them makes the tables, the others wait for it.
use std::thread;

use greenroom::store::Store;
use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, Database as Driver, DatabaseConnection, Statement};

use crate::{
    scratch::Scratch,
    server::{PASSWORD, Server, greenroom},
    support::people,
};

const SERVERS: usize = 4;
const ROUNDS: usize = 3;

fn opening(url: String, number: usize) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        let home = tempfile::tempdir().unwrap();
        let email = format!("{number}@x.org");
        let add = ["user", "add", "--name", "Ann", "--email", &email, "--password", PASSWORD];
        let added = greenroom(&home, &[("DATABASE__URL".into(), url)]).args(add).output().unwrap();
        assert!(added.status.success(), "{}", String::from_utf8_lossy(&added.stderr));
    })
}

async fn count(database: &DatabaseConnection, table: &str) -> i64 {
    let query = Statement::from_string(database.get_database_backend(), format!("SELECT COUNT(*) AS n FROM {table}"));
    database.query_one_raw(query).await.unwrap().unwrap().try_get("", "n").unwrap()
}

#[actix::test]
async fn servers_that_start_at_once_on_an_empty_database_make_the_tables_once() {
    for _ in 0..ROUNDS {
        let scratch = Scratch::new().await;
        if scratch.url.starts_with("sqlite") {
            // Which serves one at a time: what else opens it are commands.
            let opening: Vec<_> = (0..SERVERS).map(|n| opening(scratch.url.clone(), n)).collect();
            opening.into_iter().for_each(|opening| opening.join().unwrap());
            let database = Driver::connect(&scratch.url).await.unwrap();
            assert_eq!(count(&database, "seaql_migrations").await, Migrator::migrations().len() as i64);
            continue;
        }
        let starting: Vec<_> = (0..SERVERS)
            .map(|_| {
                let url = scratch.url.clone();
                thread::spawn(move || Server::start(&[("DATABASE__URL", url.as_str())]))
            })
            .collect();
        let servers: Vec<_> = starting.into_iter().map(|starting| starting.join().unwrap()).collect();
        let database = Driver::connect(&scratch.url).await.unwrap();
        assert_eq!(count(&database, "seaql_migrations").await, Migrator::migrations().len() as i64);
        let store = Store::open(&scratch.settings()).await.unwrap();
        people(&store, &["Ann"]).await;
        for server in &servers {
            assert_eq!(server.get("/").await.status, 200);
        }
    }
}
