//! What the server is about: people, chats and the rules between them, as values that cannot be wrong.
//! Knows no actor, no socket, no database and no JSON.

mod clock;
mod fact;
mod ids;
mod listed;
mod refusal;
mod roster;
mod text;

pub use clock::Timestamp;
pub use fact::{Fact, Posted};
pub use ids::{ChatId, IdHasher, IdMap, MessageId, Seq, SessionId, UserId};
pub use listed::Listed;
pub use refusal::{Code, Refusal};
pub use roster::{Change, Kind, Member, Roster, Rules};
pub use text::{ClientId, Content, Description, Email, Name, NamePart};
