//! Who is in which chat, since when, and how far they have read.
use sea_orm::entity::prelude::*;

/// One membership.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "member")]
pub struct Model {
    /// The chat.
    #[sea_orm(primary_key, auto_increment = false)]
    pub chat_id: Uuid,
    /// The member.
    #[sea_orm(primary_key, auto_increment = false, indexed)]
    pub user_id: Uuid,
    /// Joining order within the chat.
    pub position: i64,
    /// The newest message when the membership began.
    pub joined_seq: i64,
    /// The newest message read; only moves forward.
    pub read_seq: i64,
    /// The last change of this place.
    pub rev: i64,
    /// The last change of what this member alone sees.
    pub own: i64,
    /// The newest message that the member's devices have; written a while later.
    pub delivered_seq: i64,
    /// Where the read pointer stands for others, if it was moved since without their knowing.
    pub shown_seq: Option<i64>,
    /// Whether the member said something in this chat of two; written a while later.
    pub wrote: bool,
    /// 0 member, 1 moderator; the owner is the chat's admin.
    pub role: i16,
    /// Until when the member may not say anything.
    pub muted_until: Option<i64>,
    /// When the member last said something in slow mode.
    pub last_sent_at: Option<i64>,
    /// Whether the member sees what was said before joining.
    pub sees_history: bool,
    /// The last change of what follows.
    pub prefs_own: i64,
    /// Until when nothing of the chat is to be notified.
    pub silent_until: Option<i64>,
    /// Whether the chat is put away.
    pub archived: bool,
    /// Since when it stands first.
    pub pinned_at: Option<i64>,
    /// Whether it is to look unread.
    pub marked_unread: bool,
    /// Whether this chat of two is not to be seen until the next message.
    pub hidden: bool,
    /// What came up to here is not to be seen.
    pub cleared_seq: i64,
    /// Whether the member has blocked the other one of this chat of two.
    pub blocks: bool,
}

/// What a membership points at.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// The member's account.
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::UserId", to = "super::user::Column::Id")]
    User,
    /// The chat.
    #[sea_orm(belongs_to = "super::chat::Entity", from = "Column::ChatId", to = "super::chat::Column::Id")]
    Chat,
}

impl Related<super::user::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::User.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
