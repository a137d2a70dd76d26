//! What the server is about: people, chats and the rules between them, as values that cannot be wrong.
//! Knows no actor, no socket, no database and no JSON.
//!
//! ```
//! use greenroom::domain::{Code, Kind, Member, Name, Roster, Seq, UserId};
//!
//! let [ann, bob] = [(); 2].map(|()| UserId::new());
//! let member = |user, name| Member { user, name: Name::new(name).unwrap(), joined: Seq(0), read: Seq(0) };
//! let members = vec![member(ann, "Ann"), member(bob, "Bob")];
//! let mut group = Roster { kind: Kind::Group, name: None, description: None, admin: Some(ann), members };
//!
//! assert_eq!(group.kick(bob, Some(ann)).unwrap_err().code, Code::NotAdmin);
//! let change = group.kick(ann, Some(bob)).unwrap();
//! group.apply(&change, Seq(0));
//! assert!(!group.has(bob));
//! ```

mod clock;
mod emoji;
mod fact;
mod ids;
mod listed;
mod refusal;
mod roster;
mod text;

pub use clock::Timestamp;
pub use emoji::Emoji;
pub use fact::{Fact, Posted};
pub use ids::{ChatId, IdHasher, IdMap, LoginId, MessageId, Seq, UserId};
pub use listed::Listed;
pub use refusal::{Code, Refusal};
pub use roster::{Change, Kind, Member, Roster, Rules};
pub use text::{ClientId, Content, Description, Email, Name, NamePart};
