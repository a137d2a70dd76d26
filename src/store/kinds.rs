//! How the kinds of chats are numbered in their table.
use crate::domain::Kind;

pub(in crate::store) const SELF: i16 = 0;
pub(in crate::store) const PERSONAL: i16 = 1;
pub(in crate::store) const GROUP: i16 = 2;

pub(in crate::store) fn kind(number: i16) -> Kind {
    match number {
        SELF => Kind::SelfNotes,
        PERSONAL => Kind::Personal,
        _ => Kind::Group,
    }
}
