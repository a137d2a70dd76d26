//! How statements reach the database: transactions, and texts that are put together by hand because of what they cost.
mod cached;
mod rows;
mod transaction;

pub(super) use cached::CachedStatement;
pub(super) use rows::{Insert, Update, pieces};
pub(super) use transaction::{begin, despite_deadlocks};
