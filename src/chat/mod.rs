//! One actor per live chat, of whatever kind. It decides (`domain`), records (`writer`), and tells (`presence`) once
//! the record is stored, so nobody is shown what a crash could take back.
//!
//! `command`: what it can be told · `actor`: the mailbox and loading · `decide`: from a command to a record ·
//! `ledger`: what is decided, told and pending · `settle`: from an outcome to those who hear it · `errand`: answers that need a query ·
//! `doubt`: what may have come true unheard · `parting`: the end of somebody's account · `recover`: after a panic ·
//! `stats`: what is counted.
mod actor;
mod command;
mod decide;
mod doubt;
mod errand;
mod ledger;
mod parting;
mod recover;
mod settle;
mod stats;

pub use actor::{Chat, Home};
pub use command::{
    AddMember, ChangeAdmin, Command, Delete, Fetch, Idle, Kick, Leave, MarkRead, Passivate, Post, Settle, Stamp,
};
pub use parting::{Reread, tell_left};
pub use stats::Stats;
