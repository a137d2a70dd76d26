//! The room `protocol` and what is asked of its decoders. It names no other room, so it is compiled without the rest of the
//! server, most of whose crates would only have to be instrumented as well.
extern crate self as greenroom;

#[path = "../decoders.rs"]
pub mod decoders;
#[path = "../examine.rs"]
mod examine;
#[path = "../../../src/protocol/mod.rs"]
pub mod protocol;

pub use examine::examine;
