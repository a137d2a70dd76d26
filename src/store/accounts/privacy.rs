//! What somebody lets others know, as it is kept with the account.
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect};

use crate::{
    domain::{News, Privacy, PrivacyChange, UserId},
    store::{
        Fault, Store,
        relations::{audience, number},
    },
};
use entity::user;

/// The columns, as they stand in a row.
#[derive(FromQueryResult)]
pub(super) struct PrivacyColumns {
    presence: i16,
    add_to_groups: i16,
    read_receipts: bool,
    typing: bool,
}

impl From<PrivacyColumns> for Privacy {
    fn from(row: PrivacyColumns) -> Self {
        Self {
            presence: audience(row.presence),
            add_to_groups: audience(row.add_to_groups),
            read_receipts: row.read_receipts,
            typing: row.typing,
        }
    }
}

impl From<&user::Model> for PrivacyColumns {
    fn from(row: &user::Model) -> Self {
        let user::Model { presence, add_to_groups, read_receipts, typing, .. } = *row;
        Self { presence, add_to_groups, read_receipts, typing }
    }
}

/// How it was, and how it is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chosen {
    /// Before.
    pub before: Privacy,
    /// From now on.
    pub after: Privacy,
}

impl Store {
    /// Changes what a user lets others know; `None`: there is no such account any more.
    ///
    /// # Errors
    /// A fault of the database. Nothing is changed then.
    pub async fn set_privacy(&self, user: UserId, change: &PrivacyChange) -> Result<Option<Chosen>, Fault> {
        let mut transaction = self.begin_told().await?;
        let row = user::Entity::find_by_id(user.0).lock_exclusive().one(&*transaction).await?;
        let Some(row) = row else { return Ok(None) };
        let before = Privacy::from(PrivacyColumns::from(&row));
        let after = before.with(change);
        if after != before {
            let of_user = user::Column::Id.eq(user.0);
            user::Entity::update_many().set(columns(after)).filter(of_user).exec(&*transaction).await?;
            transaction.tell(News::Privacy(user), None);
            transaction.commit().await?;
        }
        Ok(Some(Chosen { before, after }))
    }
}

/// The columns, and nothing else of a row.
pub(super) fn columns(privacy: Privacy) -> user::ActiveModel {
    user::ActiveModel {
        presence: Set(number(privacy.presence)),
        add_to_groups: Set(number(privacy.add_to_groups)),
        read_receipts: Set(privacy.read_receipts),
        typing: Set(privacy.typing),
        ..Default::default()
    }
}
