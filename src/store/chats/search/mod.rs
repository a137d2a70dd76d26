//! The index of words: how it is kept up to date, piece by piece behind the messages, and how it is asked. What it says is never
//! believed: each message that it names is read and looked at as it is now.
mod behind;
mod forget;
mod found;
mod fresh;
mod index;
mod lookup;
mod places;
mod read;
mod scope;
mod write;

pub use behind::Behind;
pub use found::{FoundMessage, FoundPage, Place, Wanted};
pub use index::Indexed;

pub(super) use forget::forget;
pub(in crate::store) use fresh::Fresh;
