//! Files that people have uploaded. The bytes are elsewhere, under the file's id.
use sea_orm::entity::prelude::*;

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "file")]
pub struct Model {
    /// The file's id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Who uploaded it.
    #[sea_orm(indexed)]
    pub owner_id: Uuid,
    /// What it is called.
    pub name: String,
    /// What the bytes are.
    pub media_type: String,
    /// How many bytes there are.
    pub size: i64,
    /// Of a picture, upright.
    pub width: Option<i32>,
    /// Of a picture, upright.
    pub height: Option<i32>,
    /// Of a sound or a film, in milliseconds.
    pub duration_ms: Option<i64>,
    /// Of a picture: roughly how it looks.
    pub blurhash: Option<String>,
    /// What the bytes of its small picture are, if it has one.
    pub thumbnail_type: Option<String>,
    /// When the upload began to be stored.
    pub created_at: i64,
    /// 0: its bytes are on their way; 1: it is there; 2: nobody may see it any more, and its bytes are to be removed.
    pub state: i16,
    /// How many messages hold it.
    pub in_messages: i32,
    /// Of how many people and groups it is the picture.
    pub in_pictures: i32,
    /// Nothing while something holds it. Else, of a file that is there, since when its time runs, which is its upload; of one that is
    /// on its way, when it is late; of one that is gone, since when.
    pub due_at: Option<i64>,
}

/// No relation is loaded through the entity.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
