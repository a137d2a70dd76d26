//! What the operator allows, and what a group allows its members.
use std::time::Duration;

/// What the operator allows chats to do.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// How many members a group may have.
    pub group_members: usize,
    /// Whether a later member sees what was said before joining.
    pub history_for_new_members: bool,
    /// How many bytes of messages one answer may carry; the rest comes with the next.
    pub answer_bytes: usize,
    /// How long a message can be edited by its sender.
    pub edit_window: Duration,
    /// How long a message can be deleted by its sender.
    pub delete_window: Duration,
    /// How many different emojis there may be on one message.
    pub reactions: usize,
    /// How many of them may come from one member.
    pub reactions_per_user: usize,
    /// How many messages of a chat may be pinned.
    pub pins: usize,
    /// How many messages one user may have starred.
    pub stars: usize,
    /// How many people a group may keep out.
    pub bans: usize,
    /// How many usable invitations a group may have.
    pub invites: usize,
    /// How many people one user may have blocked.
    pub blocks: usize,
    /// How many chats one user may have stand first.
    pub pinned_chats: usize,
    /// How typing is told of.
    pub typing: TypingRules,
}

impl Default for Rules {
    /// As the settings come.
    fn default() -> Self {
        let window = Duration::from_secs(48 * 60 * 60);
        Self {
            group_members: 256,
            history_for_new_members: false,
            answer_bytes: 1 << 20,
            edit_window: window,
            delete_window: window,
            reactions: 20,
            reactions_per_user: 10,
            pins: 50,
            stars: 5_000,
            bans: 1_000,
            invites: 50,
            blocks: 1_000,
            pinned_chats: 20,
            typing: TypingRules::default(),
        }
    }
}

/// How typing is told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TypingRules {
    /// Those who hear that somebody types forget it after so long.
    pub expires: Duration,
    /// That somebody types on is told after so long again.
    pub pause: Duration,
    /// In groups with more members nobody hears of it.
    pub members: usize,
}

impl Default for TypingRules {
    /// As the settings come.
    fn default() -> Self {
        Self { expires: Duration::from_secs(6), pause: Duration::from_secs(3), members: 64 }
    }
}

/// What a member is in a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// One of many.
    Member,
    /// Who keeps order.
    Moderator,
    /// The admin.
    Owner,
}

/// Who may do what in a group: those of a role, and those above it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GroupSettings {
    /// Who may say something.
    pub who_posts: Role,
    /// Who may take somebody in.
    pub who_adds: Role,
    /// Who may pin messages.
    pub who_pins: Role,
    /// Who may change what the group is called and what it is for.
    pub who_edits: Role,
    /// Who may mention everybody at once.
    pub who_mentions_all: Role,
    /// The time from one message of a member to the next.
    pub slow_mode: Duration,
    /// Whether those who join later see what was said before.
    pub open_history: bool,
}

impl Default for GroupSettings {
    fn default() -> Self {
        Self {
            who_posts: Role::Member,
            who_adds: Role::Owner,
            who_pins: Role::Moderator,
            who_edits: Role::Moderator,
            who_mentions_all: Role::Member,
            slow_mode: Duration::ZERO,
            open_history: false,
        }
    }
}
