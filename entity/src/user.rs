//! People with accounts, verified or waiting for their mail to be answered.
use sea_orm::entity::prelude::*;

/// One account.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "user")]
pub struct Model {
    /// Also the id of the user's self chat.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// In lower case, its domain in ASCII; unique.
    #[sea_orm(unique)]
    pub email: String,
    /// Shown to others.
    pub name: String,
    /// The name as the search compares it: see `migration::fold`.
    pub name_folded: String,
    /// Argon2id in PHC form; empty until a sign-up is verified.
    pub password_hash: String,
    /// Whether the address was proven.
    pub verified: bool,
    /// When the account was made.
    pub created_at: i64,
    /// Who sees when the user is online. 0: everybody in a common chat, 1: contacts, 2: nobody.
    pub presence: i16,
    /// Who may take the user into groups, likewise.
    pub add_to_groups: i16,
    /// Whether others see what the user read.
    pub read_receipts: bool,
    /// Whether others see that the user types.
    pub typing: bool,
    /// What the user says of oneself.
    pub bio: Option<String>,
    /// What the user is doing.
    pub status: Option<String>,
    /// Until when that is so.
    pub status_until: Option<i64>,
    /// The file that is the user's picture.
    pub avatar_id: Option<Uuid>,
}

/// No relation is loaded through the entity.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
