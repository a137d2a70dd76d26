//! Several nodes on one database. No node owns anything: each decides on what it knows, and the rows that its transactions hold
//! anyway say whether that was still true. What was done is told in the same transaction.
//!
//! `nodes`: which servers there are · `line`: a node's transactions one after the other, each with a number · `told`: a transaction
//! that others hear of · `held`: the rows of chats, locked, and where they stand · `body`: how a transaction is written down · `feed`: what
//! others told. What batches do with it is in `chats/in_line`.
mod body;
mod feed;
mod held;
mod line;
mod nodes;
mod told;

pub use feed::{Heard, Look};
pub use line::{Line, Own};
pub use nodes::{Neighbour, NotAlone, Print};

pub(super) use held::{Held, Moved, lock, set};
pub(super) use told::Told;
