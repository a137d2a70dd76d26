//! One actor per live chat, of whatever kind. It decides (`domain`), records (`writer`), and tells (`presence`) once
//! the record is stored, so nobody is shown what a crash could take back.
//!
//! `command`: what members can ask · `lifecycle`: what the registry tells it besides · `actor`: what it is, and loading ·
//! `decide`: from a command to a record ·
//! `ledger`: what is decided, told and pending · `settle`: from an outcome to those who hear it · `errand`: answers that need a query ·
//! `doubt`: what may have come true unheard · `parting`: the end of somebody's account · `recover`: after a panic ·
//! `stats`: what is counted.
mod actor;
mod command;
mod decide;
mod doubt;
mod errand;
mod ledger;
mod lifecycle;
mod parting;
mod recover;
mod settle;
mod stats;

pub use actor::{Chat, Home};
pub use command::{Command, Request};
pub use lifecycle::{Idle, Passivate, Settle, Stamp};
pub use parting::{Reread, tell_left};
pub use stats::Stats;
