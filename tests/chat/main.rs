//! One actor at a time; its neighbours are probes.
mod doubt;
mod model;
mod post;
mod registry;
#[allow(dead_code)]
#[path = "../databases/scratch.rs"]
mod scratch;
mod statements;
mod support;
mod unread;
mod writer;
