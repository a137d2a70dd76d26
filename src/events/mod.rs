//! The wire contract as types: what clients may ask and what they are told. One file for each feature holds the names of its
//! events, the shapes of their payloads, how they are read, and what is told of it. Every event name is written here once.
//!
//! ```
//! use greenroom::events::{ClientEvent, ForChat, PayloadBounds};
//!
//! let bounds = PayloadBounds { content_bytes: 16_384, group_members: 256, page: 50, max_page: 200, mentions: 50, attachments: 10, watched: 200 };
//! let event = ClientEvent::parse("send-self-message", Some(r#"{"Content":"milk"}"#), &bounds);
//! assert!(matches!(event, Ok(ClientEvent::ForChat(ForChat::Send(said))) if said.content.as_str() == "milk"));
//! ```

mod answer;
mod blocks;
mod changes;
mod chats;
mod failure;
mod files;
mod forwards;
mod groups;
mod hints;
mod info;
mod invites;
mod login;
mod marks;
mod members;
mod messages;
mod moderation;
mod pages;
mod payload;
mod people;
mod preferences;
mod privacy;
mod profiles;
mod reads;
mod search;
mod selections;
mod sync;
#[cfg(test)]
mod tests;
mod words;

use std::borrow::Cow;

use payload::Payload;
use serde::Serialize;

pub use answer::{Answer, Granted, Success};
pub use blocks::{BlockEvent, BlockRow};
pub use changes::{ChangeDone, ChangeEvent, ChangeMessage};
pub use chats::{ChatEvent, GroupRow, Last, PersonalRow, RowState};
pub use failure::{Failure, FailureEvent, failure_event};
pub use files::{Attachments, ShownFile};
pub use forwards::ForwardMessage;
pub use groups::{CreateGroup, GroupEvent};
pub use hints::{Hint, HintEvent, PresenceRow};
pub use info::{ChatChanged, ChatDone, Info, InfoEvent, Roster, RosterRow, WholeChat};
pub use invites::{InviteDone, InviteEvent, InviteRow, JoinDone};
pub use login::LoginEvent;
pub use marks::{Mentions, More, My, Reply};
pub use members::{InGroup, MemberEvent, Participants};
pub use messages::{Message, MessageEvent, SendMessage};
pub use moderation::{BanRow, ModerationEvent};
pub use pages::{FetchPage, InPage, PageEvent, PageRequest, PageState};
pub use people::{PeopleEvent, Purpose, SearchUsers, UserRow};
pub use preferences::{Prefs, PrefsEvent};
pub use privacy::{Privacy, PrivacyEvent};
pub use profiles::{Profile, ProfileEvent};
pub use reads::{ReadEvent, ReadMessages, Reads};
pub use search::{Found, SearchMessages, SearchResult};
pub use selections::{Cursor, FetchStarred, Reactor, SelectionEvent};
pub use sync::{Mine, MissedChat, Seen, Sync, SyncEvent};
use words::role;
pub use words::{code_name, kind_name, role_name};

use crate::domain::{
    ChatId, Deed, Emoji, FileId, InviteId, NewInvite, OwnDeed, PrivacyChange, ProfileChange, Refusal, Rev, Seq, UserId,
};

/// The bounds that the operator sets on what clients ask.
#[derive(Debug, Clone, Copy)]
pub struct PayloadBounds {
    /// The longest message, in bytes of UTF-8.
    pub content_bytes: usize,
    /// The most members of a group.
    pub group_members: usize,
    /// Messages per page when the client names no number.
    pub page: u64,
    /// The most messages per page; a larger number is clamped.
    pub max_page: u64,
    /// How many people a message mentions at most.
    pub mentions: usize,
    /// How many files a message brings along at most.
    pub attachments: usize,
    /// How many people one socket may watch.
    pub watched: usize,
}

/// Everything a client can ask for, parsed once: after this the texts are checked, the ids are ids and the pages have a size.
/// Ids that are no ids of this server have been refused, except where a check must come first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientEvent {
    /// A chat's actor answers.
    ForChat(ForChat),
    /// The database answers.
    Query(Query),
}

/// What is asked of one chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ForChat {
    /// Say this.
    Send(SendMessage),
    /// Say this, and bring these files along; `None`: that is no id of one.
    SendFiles(SendMessage, Vec<Option<FileId>>),
    /// Show me this chat.
    Fetch(FetchPage),
    /// I have read this.
    Read(ReadMessages),
    /// I type, or have received this.
    Hint(ChatId, Hint),
    /// Do this with a message.
    Change(ChangeMessage),
    /// Say this in another chat.
    Forward(ForwardMessage),
    /// Show me this of the chat.
    Look(ChatId, Look),
    /// Take somebody in.
    AddMember(InGroup),
    /// Have this of the chat for myself.
    Own(ChatId, OwnDeed),
    /// Make an invitation.
    Invite(ChatId, NewInvite),
    /// End an invitation; `None`: that is no id of one.
    RevokeInvite(ChatId, Option<InviteId>),
    /// Let me in by this token.
    Join(String),
    /// Keep somebody out.
    Ban(InGroup),
    /// Change this of a group, or leave it.
    Group(ChatId, Deed),
}

/// What is to be seen of a chat beside its pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Look {
    /// The chat as a whole.
    Chat,
    /// What happened in a group, before a change.
    Activity {
        /// Only what came before this.
        before: Option<Rev>,
        /// At most so much.
        limit: u64,
    },
    /// The pinned messages.
    Pinned,
    /// Those who may not come in.
    Bans,
    /// Who reacted.
    Reactions {
        /// To which message.
        seq: Seq,
        /// With what.
        emoji: Emoji,
    },
}

/// What no single chat can answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Query {
    /// Who am I?
    UserDetails,
    /// Whose name contains this?
    SearchUsers(SearchUsers),
    /// Is there a chat with this person?
    CheckChat(UserId),
    /// Start a chat with this person.
    CreatePersonalChat(UserId),
    /// Make a group.
    CreateGroup(CreateGroup),
    /// Both lists again.
    ListChats,
    /// What did I miss?
    Sync(Sync),
    /// Which messages have this?
    SearchMessages(Box<SearchMessages>),
    /// What did I star?
    Starred(FetchStarred),
    /// Say this of me.
    EditProfile(ProfileChange),
    /// What do these people say of themselves?
    Profiles(Vec<UserId>),
    /// I want to have nothing to do with this person, or not so any more.
    Block(UserId, bool),
    /// Whom have I blocked?
    Blocks,
    /// Which invitations are there?
    Invites(ChatId),
    /// Where does this token lead?
    PreviewInvite(String),
    /// Who of these is online? Tell me from now on.
    WatchPresence(Vec<String>),
    /// Let others know this of me.
    SetPrivacy(PrivacyChange),
}

impl From<ForChat> for ClientEvent {
    fn from(event: ForChat) -> Self {
        Self::ForChat(event)
    }
}

impl From<Query> for ClientEvent {
    fn from(query: Query) -> Self {
        Self::Query(query)
    }
}

/// What a client can be told: an event, whose serialization is its payload.
pub trait Tell: Serialize {
    /// The event's name on the wire.
    fn name(&self) -> &'static str;
}

/// How an event's payload is read.
type Parser = fn(Payload<'_>, &PayloadBounds) -> Result<ClientEvent, Refusal>;

/// Every event that clients may send: its name, and how its payload is read. The most frequent come first.
const EVENTS: [&[(&str, Parser)]; 20] = [
    messages::EVENTS,
    hints::EVENTS,
    changes::EVENTS,
    forwards::EVENTS,
    selections::EVENTS,
    info::EVENTS,
    reads::EVENTS,
    pages::EVENTS,
    sync::EVENTS,
    chats::EVENTS,
    people::EVENTS,
    search::EVENTS,
    groups::EVENTS,
    members::EVENTS,
    moderation::EVENTS,
    invites::EVENTS,
    blocks::EVENTS,
    profiles::EVENTS,
    preferences::EVENTS,
    privacy::EVENTS,
];

fn find(name: &str) -> Option<&'static (&'static str, Parser)> {
    EVENTS.iter().copied().flatten().find(|(known, _)| *known == name)
}

/// The name without a copy if it is one that clients may send.
pub fn known_name(name: &str) -> Cow<'static, str> {
    find(name).map_or_else(|| Cow::Owned(name.to_owned()), |(known, _)| Cow::Borrowed(*known))
}

impl ClientEvent {
    /// Reads what a client asks. `payload` is the event's one argument as JSON text, if it had one.
    ///
    /// # Errors
    /// A refusal for the client: there is no such event, its payload has the wrong shape or goes beyond `bounds`, or an id in it
    /// can name nothing.
    pub fn parse(event: &str, payload: Option<&str>, bounds: &PayloadBounds) -> Result<Self, Refusal> {
        let (_, parse) = find(event).ok_or_else(|| Refusal::bad_request("No such event"))?;
        parse(Payload(payload), bounds)
    }
}
