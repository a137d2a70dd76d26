//! Self, personal and group chats.
use sea_orm::entity::prelude::*;

/// One chat.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "chat")]
pub struct Model {
    /// A self chat's id is its user's id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// 0 self, 1 personal, 2 group.
    pub kind: i16,
    /// The group's name, else empty.
    pub name: String,
    /// The group's description, else empty.
    pub description: String,
    /// The group's admin.
    pub admin_id: Option<Uuid>,
    /// Both user ids of a personal chat in order: one chat per pair.
    #[sea_orm(unique)]
    pub pair_key: Option<String>,
    /// The place of the newest message; the next one gets the next.
    pub last_seq: i64,
    /// When the newest message came, at first when the chat was made.
    pub last_message_at: i64,
    /// When the chat was made.
    pub created_at: i64,
    /// The last change of anything that the members share.
    pub rev: i64,
    /// The last change of the group's name, description or admin.
    pub info_rev: i64,
    /// The last change of who is in, and as what.
    pub roster_rev: i64,
    /// Who may say something: 0 members, 1 moderators, 2 the owner. Likewise below.
    pub who_posts: i16,
    /// Who may take somebody in.
    pub who_adds: i16,
    /// Who may pin messages.
    pub who_pins: i16,
    /// Who may change the group's name and description.
    pub who_edits: i16,
    /// Who may mention everybody at once.
    pub who_mentions_all: i16,
    /// From one message of a member to the next, in seconds.
    pub slow_mode: i32,
    /// Whether those who join see what was said before.
    pub open_history: bool,
    /// The file that is the group's picture.
    pub avatar_id: Option<Uuid>,
    /// How many transactions of several nodes changed something here.
    pub step: i64,
    /// The last of them that changed what decisions rest on.
    pub guard: i64,
    /// Whose the last of them was.
    pub by_node: Option<Uuid>,
    /// Which of that node's it was.
    pub by_number: i64,
}

/// No relation is loaded through the entity.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
