//! What people are to each other: who may see whom, who takes in whom, who wants to have nothing to do with whom.
mod audience;
mod blocks;
mod watched;

pub use blocks::{Blocked, Blocking};
pub use watched::Sight;

pub(super) use audience::{audience, number};
pub(super) use blocks::{forget as forget_blocks, is_between, put as block, unwilling};
