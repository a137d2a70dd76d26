//! How words are cut and compared, what a query finds in a text, and how an index of words is written down. Pure: `store` keeps the
//! index and asks.
//!
//! ```
//! use greenroom::search::Query;
//!
//! let query = Query::new("STRASSE caf").unwrap();
//! assert_eq!(query.ranges("Café in der Straße", &[]), Some(vec![(0, 3), (12, 6)]));
//! assert_eq!(query.ranges("Straßen", &["cafe.png"]), None, "whole words, but for the last");
//! ```
mod fold;
mod matching;
mod postings;
mod query;
mod segment;
mod terms;
#[cfg(test)]
mod tests;
mod words;

pub use fold::fold;
pub use postings::{Malformed, find, within};
pub use query::{Query, Unsearchable};
pub use segment::{Block, Segment};
pub use terms::{Sought, said_by, terms};
pub use words::{Word, words};

/// The term of all messages with a file.
pub const HAS_FILE: &[u8] = b"\x02";
