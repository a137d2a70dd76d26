//! What holds on every database: on SQLite, or on the server that GREENROOM_TEST_DATABASE names.
mod backup;
mod bounds;
mod changes;
#[allow(dead_code)]
#[path = "../support/client.rs"]
mod client;
mod dumps;
mod endings;
mod file_histories;
mod files;
mod hangups;
#[path = "../support/held_commits.rs"]
mod held_commits;
mod lossy;
mod lost_answers;
mod mails;
mod migrations;
mod people;
#[path = "../support/polled.rs"]
mod polled;
mod profiles;
mod retention;
#[allow(dead_code)]
#[path = "../support/scratch.rs"]
mod scratch;
#[allow(dead_code)]
#[path = "../security/support.rs"]
mod server;
mod starting;
mod support;
mod texts;
mod transactions;
