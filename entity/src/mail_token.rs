//! What was mailed out to prove an address: links and codes, stored hashed, used once.
use sea_orm::entity::prelude::*;

/// One mailed token or code.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mail_token")]
pub struct Model {
    /// The row's own id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The account it was mailed for.
    #[sea_orm(indexed)]
    pub user_id: Uuid,
    /// `verify` or `reset`.
    pub purpose: String,
    /// The address it was mailed to.
    pub email: String,
    /// SHA-256 of the token or code, in hexadecimal.
    pub token_hash: String,
    /// Whether it is a short code that may be tried only a few times.
    pub is_code: bool,
    /// How often a wrong code was tried against it.
    pub tries: i32,
    /// The password that this sign-up chose, hashed.
    pub password_hash: Option<String>,
    /// The name that this sign-up chose.
    pub name: Option<String>,
    /// When it was mailed.
    pub created_at: i64,
    /// When it stops working.
    pub expires_at: i64,
    /// When it was used.
    pub used_at: Option<i64>,
}

/// No relation is loaded through the entity.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
