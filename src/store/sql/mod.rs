//! Statements that are put together by hand, because of what they cost.
mod rows;
mod template;

pub(super) use rows::{Insert, Update, pieces};
pub(super) use template::Template;
