//! One actor at a time; its neighbours are probes.
mod commands;
mod creations;
mod departures;
mod groups;
#[path = "../support/held_commits.rs"]
mod held_commits;
mod hints;
mod invites;
mod log;
mod model;
mod outcomes;
mod panics;
#[path = "../support/polled.rs"]
mod polled;
mod registry;
mod rights;
#[allow(dead_code)]
#[path = "../support/scratch.rs"]
mod scratch;
mod server;
mod statements;
mod support;
mod unread;
mod writer;
