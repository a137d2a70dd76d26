//! One actor at a time; its neighbours are probes.
mod doubt;
mod foundings;
mod groups;
#[path = "../support/held_commits.rs"]
mod held_commits;
mod log;
mod model;
mod panics;
mod parting;
#[path = "../support/polled.rs"]
mod polled;
mod post;
mod registry;
#[allow(dead_code)]
#[path = "../support/scratch.rs"]
mod scratch;
mod statements;
mod support;
mod unread;
mod writer;
