//! Who and what: opaque ids, unique across users, chats and messages together, and the place of a message in its chat.
use std::{
    collections::HashMap,
    fmt,
    hash::{Hash, Hasher},
    str::FromStr,
};

use serde::{Serialize, Serializer};
use uuid::{Builder, Uuid};

use super::Timestamp;

/// How ids are hashed: fast, since a message is looked up by its chat and by each member, and with a seed of the process.
pub type IdHasher = foldhash::fast::RandomState;

/// A map by ids.
pub type IdMap<K, V> = HashMap<K, V, IdHasher>;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl Hash for $name {
            /// As one number: sixteen bytes and how many there are take longer.
            fn hash<H: Hasher>(&self, state: &mut H) {
                state.write_u128(self.0.as_u128());
            }
        }

        impl $name {
            /// A new id (UUIDv7: later ids sort after earlier ones).
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = UnknownId;

            fn from_str(text: &str) -> Result<Self, UnknownId> {
                parse(text).map(Self)
            }
        }
    };
}

/// A string that is no id of this server: it can name nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownId;

/// Takes an id only in the one spelling that the server gives out, so that one thing never has two names.
fn parse(text: &str) -> Result<Uuid, UnknownId> {
    let id = Uuid::try_parse(text).map_err(|_| UnknownId)?;
    let canonical = text.len() == 36 && !text.bytes().any(|b| b.is_ascii_uppercase());
    if canonical { Ok(id) } else { Err(UnknownId) }
}

id!(
    /// A person with an account. The person's self chat bears the same id.
    UserId
);
id!(
    /// A self, personal or group chat.
    ChatId
);
id!(
    /// One message, whatever its chat.
    MessageId
);
id!(
    /// A file that somebody has uploaded.
    FileId
);
id!(
    /// An invitation into a group.
    InviteId
);
id!(
    /// One login: a family of refresh tokens and the sockets opened with them.
    LoginId
);
id!(
    /// One run of one of several servers on the same database.
    NodeId
);

impl FileId {
    /// The id of no file.
    pub const NONE: Self = Self(Uuid::nil());
}

impl MessageId {
    /// A new id for a message that was taken then. Unlike other ids those of one millisecond are in no order, which would
    /// cost three times as much: messages have places to order them.
    pub fn taken(at: Timestamp) -> Self {
        let [random @ .., _, _, _, _, _, _] = rand::random::<u128>().to_ne_bytes();
        let millis = u64::try_from(at.0).unwrap_or_default();
        Self(Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
    }
}

impl UserId {
    /// The chat in which this user keeps notes.
    pub fn self_chat(self) -> ChatId {
        ChatId(self.0)
    }
}

macro_rules! number {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i64);

        impl $name {
            /// The one after this.
            pub fn next(self) -> Self {
                Self(self.0 + 1)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_i64(self.0)
            }
        }
    };
}

number!(
    /// The place of a message in its chat: 1, 2, 3 … without gaps. 0 stands before the first message.
    Seq
);
number!(
    /// Counts the changes of what exists in a chat and its members share. Gaps mean nothing.
    Rev
);
number!(
    /// Counts the changes of what one member alone sees of a chat. Gaps mean nothing.
    Own
);
number!(
    /// Counts the transactions of several nodes that changed something in a chat: 1, 2, 3 … without gaps. 0: there was none.
    Step
);

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use uuid::Variant;

    use super::*;

    #[test]
    fn an_id_has_one_spelling() {
        let id = UserId::new();
        assert_eq!(id.to_string().parse(), Ok(id));
        for other in [id.to_string().to_uppercase(), id.0.simple().to_string(), format!("{{{id}}}"), "1".into()] {
            assert_eq!(other.parse::<UserId>(), Err(UnknownId), "{other}");
        }
    }

    #[test]
    fn ids_of_messages_tell_when_they_were_taken_and_are_never_the_same() {
        let at = Timestamp(1_769_851_800_007);
        let ids: HashSet<_> = (0..10_000).map(|_| MessageId::taken(at)).collect();
        assert_eq!(ids.len(), 10_000);
        for MessageId(id) in ids {
            assert_eq!((id.get_version_num(), id.get_variant()), (7, Variant::RFC4122));
            let (seconds, nanos) = id.get_timestamp().expect("a time").to_unix();
            assert_eq!((seconds, nanos), (1_769_851_800, 7_000_000));
            assert!(id < MessageId::taken(Timestamp(at.0 + 1)).0, "later ones sort after it");
        }
    }
}
