//! People, as other users may see them: the verified ones.
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::{
    domain::{Email, FileId, Name, UserId},
    store::{Fault, Store},
};
use entity::user;

/// How names are compared.
pub(super) use migration::fold;

/// A verified user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The user.
    pub id: UserId,
    /// The name shown to others.
    pub name: Name,
    /// The address.
    pub email: Email,
    /// The picture shown to others.
    pub avatar: Option<FileId>,
}

impl From<user::Model> for Person {
    fn from(row: user::Model) -> Self {
        Self {
            id: UserId(row.id),
            name: Name::stored(&row.name),
            email: Email::stored(&row.email),
            avatar: row.avatar_id.map(FileId),
        }
    }
}

impl Store {
    /// A verified user.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn person(&self, id: UserId) -> Result<Option<Person>, Fault> {
        let found = user::Entity::find_by_id(id.0).filter(user::Column::Verified.eq(true)).one(&self.reader).await?;
        Ok(found.map(Person::from))
    }

    /// Those of `ids` that are verified users, in no order.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn people(&self, ids: &[UserId]) -> Result<Vec<Person>, Fault> {
        let found = user::Entity::find()
            .filter(user::Column::Id.is_in(ids.iter().map(|id| id.0)))
            .filter(user::Column::Verified.eq(true))
            .all(&self.reader)
            .await?;
        Ok(found.into_iter().map(Person::from).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn what_differs_in_case_alone_folds_to_the_same() {
        for alike in [
            &["ΟΔΥΣΣΕΥΣ", "οδυσσευς", "οδυσσευσ", "Οδυςςευς"][..],
            &["STRASSE", "Straße", "STRAẞE", "straſſe"],
            &["İSTANBUL", "I\u{307}stanbul", "i\u{307}stanbul", "istanbul", "ISTANBUL", "ıstanbul"],
            &["ŽIŽEK", "Žižek", "Z\u{30c}iz\u{30c}ek"],
            &["ﬀ", "FF", "ff"],
            &["ᏣᎳᎩ", "ꮳꮃꭹ"],
            &["ÅNGSTRÖM", "ångström", "A\u{30a}ngstro\u{308}m", "\u{212b}ngström"],
        ] {
            alike.iter().for_each(|other| assert_eq!(fold(other), fold(alike[0]), "{other}"));
        }
        assert_ne!(fold("José"), fold("Jose"));
    }

    #[test]
    fn every_character_folds_like_its_other_cases_and_to_no_more_than_the_column_holds() {
        let cased = ('\0'..=char::MAX).filter(|c| !c.to_lowercase().eq([*c]) || !c.to_uppercase().eq([*c]));
        for c in cased {
            let text = c.to_string();
            let folded = fold(&text);
            for other in [text.to_lowercase(), text.to_uppercase(), folded.clone()] {
                assert_eq!(fold(&other), folded, "{c} U+{:04X}", u32::from(c));
            }
            assert!(fold(&text.repeat(64)).chars().count() <= 192, "{c} U+{:04X}", u32::from(c));
        }
    }
}
