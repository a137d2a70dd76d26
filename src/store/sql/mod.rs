//! How statements reach the database: transactions, and texts that are put together by hand because of what they cost.
mod rows;
mod template;
mod transaction;

pub(super) use rows::{Insert, Update, pieces};
pub(super) use template::Template;
pub(super) use transaction::begin;
