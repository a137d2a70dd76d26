//! The shape of the code: which room may name which, no circles between files, short files. Rust asks for none of it.
mod circles;
mod length;
mod rooms;
mod sources;
