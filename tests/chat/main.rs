//! One actor at a time; its neighbours are probes.
mod post;
mod registry;
mod statements;
mod support;
mod unread;
mod writer;
