//! How audiences are numbered in the table.
use crate::domain::Audience;

pub(super) const EVERYONE: i16 = 0;
pub(super) const CONTACTS: i16 = 1;
const NOBODY: i16 = 2;

pub(in crate::store) fn number(audience: Audience) -> i16 {
    match audience {
        Audience::Everyone => EVERYONE,
        Audience::Contacts => CONTACTS,
        Audience::Nobody => NOBODY,
    }
}

/// What is not known lets nobody in.
pub(in crate::store) fn audience(number: i16) -> Audience {
    match number {
        EVERYONE => Audience::Everyone,
        CONTACTS => Audience::Contacts,
        _ => Audience::Nobody,
    }
}
