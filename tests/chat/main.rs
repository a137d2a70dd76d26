//! One actor at a time; its neighbours are probes.
mod model;
mod post;
mod registry;
mod statements;
mod support;
mod unread;
mod writer;
