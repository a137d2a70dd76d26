//! What people say of themselves.
use std::collections::{HashMap, HashSet};

use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, prelude::Uuid};

use super::{grams, people::fold, privacy::PrivacyColumns};
use crate::{
    domain::{Bio, ChatId, FileId, Name, News, Privacy, Profile, ProfileChange, StatusText, Timestamp, UserId},
    store::{Fault, Store, files::swap_picture},
};
use entity::{block, member, user};

/// How a profile was, and how it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileEdited {
    /// Before.
    pub before: Profile,
    /// Now.
    pub after: Profile,
    /// If name or picture is another one: the chats that the user is in, where the old one may be known.
    pub renamed_in: Vec<ChatId>,
}

/// Why a profile is as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotEdited {
    /// There is no such user any more.
    NoSuchUser,
    /// There is no such picture of that one's.
    NoSuchPicture,
}

/// A profile, for somebody who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownProfile {
    /// The profile.
    pub profile: Profile,
    /// Whether the one who asks has blocked that person.
    pub is_blocked: bool,
}

impl Store {
    /// Says something else of a user.
    ///
    /// # Errors
    /// A fault of the database. Nothing is changed then.
    pub async fn edit_profile(
        &self,
        id: UserId,
        change: ProfileChange,
        now: Timestamp,
    ) -> Result<Result<ProfileEdited, NotEdited>, Fault> {
        let mut transaction = self.begin_told().await?;
        let found = user::Entity::find_by_id(id.0).filter(user::Column::Verified.eq(true)).lock_exclusive();
        let Some(row) = found.one(&*transaction).await? else { return Ok(Err(NotEdited::NoSuchUser)) };
        let before = profile(&row).at(now);
        let after = before.clone().with(change, now);
        if before.avatar != after.avatar && !swap_picture(&*transaction, id, before.avatar, after.avatar).await? {
            return Ok(Err(NotEdited::NoSuchPicture));
        }
        if before != after {
            let folded = fold(after.name.as_str());
            if folded != row.name_folded {
                grams::remove(&*transaction, id, &row.name_folded).await?;
                grams::add(&*transaction, &[(id, folded.clone())]).await?;
            }
            let set = user::ActiveModel {
                name: Set(after.name.to_string()),
                name_folded: Set(folded),
                bio: Set(text(after.bio.as_str())),
                status: Set(text(after.status.as_str())),
                status_until: Set(after.status_until.map(|until| until.0)),
                avatar_id: Set(after.avatar.map(|avatar| avatar.0)),
                ..Default::default()
            };
            user::Entity::update_many().set(set).filter(user::Column::Id.eq(id.0)).exec(&*transaction).await?;
            transaction.tell(News::Person(id), None);
        }
        let is_alike = before.name == after.name && before.avatar == after.avatar;
        let renamed_in = if is_alike { Vec::new() } else { chats_of(&*transaction, UserId(row.id)).await? };
        transaction.commit().await?;
        Ok(Ok(ProfileEdited { before, after, renamed_in }))
    }

    /// All that others may know of a user by now: what that one says of oneself and lets them know, and the chats that it is in.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn whole_person(
        &self,
        id: UserId,
        now: Timestamp,
    ) -> Result<Option<(Profile, Privacy, Vec<ChatId>)>, Fault> {
        let Some(row) = user::Entity::find_by_id(id.0).one(&self.reader).await? else { return Ok(None) };
        let privacy = PrivacyColumns::from(&row).into();
        Ok(Some((profile(&row).at(now), privacy, chats_of(&self.reader, id).await?)))
    }

    /// What a user says of oneself.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn profile(&self, id: UserId, now: Timestamp) -> Result<Option<Profile>, Fault> {
        let found = user::Entity::find_by_id(id.0).filter(user::Column::Verified.eq(true)).one(&self.reader).await?;
        Ok(found.map(|row| profile(&row).at(now)))
    }

    /// The profiles of those of `ids` who have one, for `by`, in the order of `ids`.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn profiles(&self, ids: &[UserId], by: UserId, now: Timestamp) -> Result<Vec<ShownProfile>, Fault> {
        let rows = user::Entity::find()
            .filter(user::Column::Id.is_in(ids.iter().map(|id| id.0)))
            .filter(user::Column::Verified.eq(true))
            .all(&self.reader)
            .await?;
        let blocked: HashSet<Uuid> = block::Entity::find()
            .select_only()
            .column(block::Column::BlockedId)
            .filter(block::Column::UserId.eq(by.0))
            .filter(block::Column::BlockedId.is_in(ids.iter().map(|id| id.0)))
            .into_tuple()
            .all(&self.reader)
            .await?
            .into_iter()
            .collect();
        let mut found: HashMap<Uuid, Profile> = rows.iter().map(|row| (row.id, profile(row).at(now))).collect();
        let shown = |id: &UserId| {
            let profile = found.remove(&id.0)?;
            Some(ShownProfile { profile, is_blocked: blocked.contains(&id.0) })
        };
        Ok(ids.iter().filter_map(shown).collect())
    }
}

async fn chats_of(connection: &impl ConnectionTrait, user: UserId) -> Result<Vec<ChatId>, Fault> {
    let ids: Vec<Uuid> = member::Entity::find()
        .select_only()
        .column(member::Column::ChatId)
        .filter(member::Column::UserId.eq(user.0))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(ids.into_iter().map(ChatId).collect())
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

fn profile(row: &user::Model) -> Profile {
    Profile {
        user: UserId(row.id),
        name: Name::stored(&row.name),
        bio: Bio::stored(row.bio.as_deref().unwrap_or_default()),
        status: StatusText::stored(row.status.as_deref().unwrap_or_default()),
        status_until: row.status_until.map(Timestamp),
        avatar: row.avatar_id.map(FileId),
    }
}
