//! What the server is about: people, chats and the rules between them, as values that cannot be wrong.
//! Knows no actor, no socket, no database and no JSON.
//!
//! ```
//! use greenroom::domain::{Code, Kind, Member, Name, Rev, Roster, Seq, UserId};
//!
//! let [ann, bob] = [(); 2].map(|()| UserId::new());
//! let member = |user, name| Member::new(user, Name::new(name).unwrap(), Seq(0));
//! let members = vec![member(ann, "Ann"), member(bob, "Bob")];
//! let mut group = Roster { admin: Some(ann), ..Roster::new(Kind::Group, members) };
//!
//! assert_eq!(group.kick(bob, Some(ann)).unwrap_err().code, Code::NotAdmin);
//! let change = group.kick(ann, Some(bob)).unwrap();
//! group.apply(&change, Seq(0), Rev(1));
//! assert!(!group.has(bob));
//! ```

mod again;
mod blocks;
mod change;
mod clock;
mod deed;
mod emoji;
mod fact;
mod files;
#[cfg(test)]
mod governance_tests;
mod group;
mod heard;
mod ids;
mod invites;
mod judge;
mod listed;
mod members;
mod message;
mod moderation;
mod pointers;
mod preferences;
mod privacy;
mod profiles;
mod refusal;
mod roster;
mod rules;
#[cfg(test)]
mod tests;
mod text;

pub use change::{Change, Returning};
pub use clock::Timestamp;
pub use deed::{Deed, Effect, MessageDeed, Newcomer, Reacted};
pub use emoji::Emoji;
pub use fact::{Extras, Fact, GroupChange, MessageChange, Posted, Preferred};
pub use files::File;
pub use group::{Activity, Edited, Field, Fields, GroupEdit, GroupInfo, What};
pub use heard::{Batch, ChatNews, Departure, Known, News, Part, Place, Turn};
pub use ids::{ChatId, FileId, IdHasher, IdMap, InviteId, LoginId, MessageId, NodeId, Own, Rev, Seq, Step, UserId};
pub use invites::{Invite, InviteLink, Invited, NewInvite};
pub use judge::{Books, MessageBooks, Ruling, judge};
pub use listed::{LastMessage, Listed};
pub use message::{EXCERPT, Marks, Mention, NAMED, Quoted, Reaction, StoredMessage, excerpt};
pub use pointers::Shown;
pub use preferences::{Cause, OwnDeed, Preferences, PreferencesChange};
pub use privacy::{Audience, Privacy, PrivacyChange};
pub use profiles::{Profile, ProfileChange};
pub use refusal::{Code, Refusal};
pub use roster::{Kind, Member, Roster};
pub use rules::{GroupSettings, Role, Rules, TypingRules};
pub use text::{Bio, ClientId, Content, Description, Email, FileName, Name, NamePart, StatusText};
