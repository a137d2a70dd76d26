//! The wire contract as types: what clients may ask and what they are told. Every event name is written here once.

mod answer;
mod ask;
mod parse;
mod shape;
mod tell;
mod words;

pub use answer::{Answer, Failure, Success, failure_event};
pub use ask::{ClientEvent, Limits, PageRequest, Purpose, name};
pub use shape::{
    GroupMessage, GroupRow, LiveMessage, MissedChat, PersonalMessage, PersonalRow, Reads, SelfNote, UserRow,
};
pub use tell::{Participants, ServerEvent};
pub use words::{code_name, kind_name};
