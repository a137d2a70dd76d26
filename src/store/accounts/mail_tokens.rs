//! What was mailed out to prove an address, as the database keeps it: hashed, with what its sign-up chose.
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, prelude::Uuid};

use crate::{
    domain::{Email, Timestamp, UserId},
    store::Fault,
};
use entity::mail_token;

pub(super) const VERIFY: &str = "verify";

/// What is mailed, as the database keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMailToken {
    /// The token's or code's hash.
    pub hash: String,
    /// Whether it is a short code.
    pub is_code: bool,
    /// When it stops working.
    pub expires_at: Timestamp,
}

impl NewMailToken {
    /// The row of a sign-up's token.
    pub(super) fn row(
        &self,
        user: UserId,
        email: &Email,
        chosen: Option<(String, String)>,
        now: Timestamp,
    ) -> mail_token::ActiveModel {
        let (password_hash, name) = chosen.unzip();
        mail_token::ActiveModel {
            id: Set(Uuid::now_v7()),
            user_id: Set(user.0),
            purpose: Set(VERIFY.into()),
            email: Set(email.to_string()),
            token_hash: Set(self.hash.clone()),
            is_code: Set(self.is_code),
            tries: Set(0),
            password_hash: Set(password_hash),
            name: Set(name),
            created_at: Set(now.0),
            expires_at: Set(self.expires_at.0),
            used_at: Set(None),
        }
    }
}

/// The newest sign-up of an unverified user, whether or not its token still works. Ids are in the order in which they were
/// made, also where the clock was set back meanwhile.
pub(super) async fn newest_sign_up(on: &impl ConnectionTrait, user: Uuid) -> Result<Option<mail_token::Model>, Fault> {
    Ok(mail_token::Entity::find()
        .filter(mail_token::Column::UserId.eq(user))
        .filter(mail_token::Column::PasswordHash.is_not_null())
        .order_by_desc(mail_token::Column::Id)
        .one(on)
        .await?)
}
