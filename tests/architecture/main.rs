//! The shape of the code: which room may name which, no circles between files, no file that nothing names, short files, and what nodes hear of each other. Rust asks for none of it.
mod circles;
mod length;
mod orphans;
mod rooms;
mod sources;
mod turns;
