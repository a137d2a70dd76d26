//! What the journeys share.
mod accounts;
mod people;
mod reply;
mod server;
#[allow(dead_code)]
#[path = "../../support/socket.rs"]
mod socket;

pub use people::{chat_of_two, contents, group, left_over, nobody, text};
pub use reply::Reply;
pub use server::TestServer;
pub use socket::Socket;

/// A password that the server accepts.
pub const PASSWORD: &str = "tr0mbone in the attic";
