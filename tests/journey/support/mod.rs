//! What the journeys share.
mod accounts;

pub use accounts::{Accounts, PASSWORD, Reply};
