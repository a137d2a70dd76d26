//! What a client may ask, parsed once: after this the texts are checked, the ids are ids and the pages have a size.
use crate::domain::{ChatId, ClientId, Content, Description, Kind, Name, NamePart, Seq, UserId};

/// The names of the client events.
pub mod name {
    use std::borrow::Cow;

    macro_rules! names {
        ($($name:ident = $text:literal)*) => {
            $(#[allow(missing_docs, reason = "the name is its own meaning")] pub const $name: &str = $text;)*

            /// The name without a copy if it is one of these.
            pub fn known(name: &str) -> Cow<'static, str> {
                match name {
                    $($text => Cow::Borrowed($text),)*
                    other => Cow::Owned(other.to_owned()),
                }
            }
        };
    }

    names! {
        FETCH_USER_DETAILS = "fetch-user-details"
        SEARCH_USER = "search-user"
        CHECK_CHAT = "check-chat"
        CREATE_PERSONAL_CHAT = "create-personal-chat"
        FETCH_PERSONAL_CHAT = "fetch-personal-chat"
        SEND_PERSONAL_MESSAGE = "send-personal-message"
        READ_PERSONAL_MESSAGE = "read-personal-message"
        FETCH_SELF_CHAT = "fetch-self-chat"
        SEND_SELF_MESSAGE = "send-self-message"
        CREATE_GROUP_CHAT = "create-group-chat"
        FETCH_GROUP_CHAT = "fetch-group-chat"
        SEND_GROUP_MESSAGE = "send-group-message"
        READ_GROUP_MESSAGE = "read-group-message"
        ADD_MEMBER = "add-member"
        CHANGE_ADMIN = "change-admin"
        KICKOUT = "kickout"
        LEAVE_GROUP = "leave-grp"
        DELETE_GROUP = "delete-grp"
        LIST_CHATS = "list-chats"
        SYNC = "sync"
    }
}

/// The bounds that the operator sets on what clients ask.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The longest message, in bytes of UTF-8.
    pub content_bytes: usize,
    /// The most members of a group.
    pub group_members: usize,
    /// Messages per page when the client names no number.
    pub page: u64,
    /// The most messages per page; a larger number is clamped.
    pub max_page: u64,
}

/// Which part of a history is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRequest {
    /// Only messages before this one.
    pub before: Option<Seq>,
    /// At most so many.
    pub limit: u64,
}

/// What a search is for: the two answer under different names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To talk to somebody.
    Search,
    /// To take somebody into a group.
    Add,
}

/// Everything a client can ask for. Ids that are no ids of this server have been refused, except where a check must come first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientEvent {
    /// Who am I?
    FetchUserDetails,
    /// Whose name contains this?
    SearchUser {
        /// Part of a name, taken literally.
        name: NamePart,
        /// What for.
        purpose: Purpose,
    },
    /// Is there a chat with this person?
    CheckChat {
        /// The other person.
        receiver: UserId,
    },
    /// Start a chat with this person.
    CreatePersonalChat {
        /// The other person.
        receiver: UserId,
    },
    /// Show me this chat.
    Fetch {
        /// As what it was asked for.
        kind: Kind,
        /// `None`: the caller's own notes.
        chat: Option<ChatId>,
        /// Which part.
        page: PageRequest,
    },
    /// Say this.
    Send {
        /// As what it was sent.
        kind: Kind,
        /// `None`: the caller's own notes.
        chat: Option<ChatId>,
        /// What is said.
        content: Content,
        /// The client's idempotency key.
        client_id: Option<ClientId>,
    },
    /// I have read this.
    Read {
        /// As what it was read.
        kind: Kind,
        /// The chat.
        chat: ChatId,
        /// Up to here; `None`: to the newest.
        seq: Option<Seq>,
    },
    /// Make a group.
    CreateGroupChat {
        /// Its name.
        name: Name,
        /// What it is for.
        description: Description,
        /// The others.
        participants: Vec<UserId>,
    },
    /// Take somebody in.
    AddMember(ChatId, Option<UserId>),
    /// Hand over the group.
    ChangeAdmin(ChatId, Option<UserId>),
    /// Remove somebody.
    Kickout(ChatId, Option<UserId>),
    /// Leave the group.
    LeaveGroup(ChatId),
    /// End the group.
    DeleteGroup(ChatId),
    /// Both lists again.
    ListChats,
    /// What did I miss?
    Sync {
        /// The newest message seen of each chat, by the id as it was given; `None`: nothing has that id.
        seen: Vec<(String, Option<ChatId>, Seq)>,
        /// Messages per chat.
        limit: u64,
    },
}
