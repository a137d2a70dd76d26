//! One actor at a time; its neighbours are probes.
mod post;
mod registry;
mod support;
mod writer;
