//! The shape of the code: which room may name which, no circles between files, no file that nothing names, short files. Rust asks for none of it.
mod circles;
mod length;
mod orphans;
mod rooms;
mod sources;
