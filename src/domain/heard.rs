//! What one node tells the others of what it did: by ids alone, so that a deletion has nothing to find here. Texts and names are
//! read where they stand.
use super::{
    Cause, Change, ChatId, Effect, Fact, Fields, InviteId, LoginId, Member, NodeId, Own, Rev, Role, Roster, Seq, Shown,
    Step, Timestamp, UserId,
};

/// What one transaction of a node did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Batch {
    /// Up to where other nodes must have been heard before it.
    pub after: Vec<(NodeId, i64)>,
    /// In this order.
    pub news: Vec<News>,
}

/// Something that a node did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// Something in a chat.
    Chat(ChatNews),
    /// Logins are over.
    Ended {
        /// Whose.
        user: UserId,
        /// Which.
        logins: Vec<LoginId>,
        /// Why, as their sockets are told.
        reason: String,
    },
    /// Somebody is called otherwise, or says something else of oneself.
    Person(UserId),
    /// Somebody lets others know something else.
    Privacy(UserId),
    /// Somebody has blocked another with whom there is no chat, or does so no more.
    Blocked {
        /// Who.
        by: UserId,
        /// Whom.
        user: UserId,
        /// Or no more.
        on: bool,
    },
    /// Somebody's account is gone. What that is for its chats stands for itself.
    Departed {
        /// Whose.
        user: UserId,
        /// Those whose lists show it.
        partners: Vec<UserId>,
    },
}

/// What a transaction did in one chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatNews {
    /// Which chat.
    pub chat: ChatId,
    /// The how manyth it is there; 0 for pointers alone, which are not counted.
    pub step: Step,
    /// In this order.
    pub parts: Vec<Part>,
}

/// Something that happened in a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// The chat is new.
    Founded {
        /// Who made it.
        by: UserId,
        /// All who are in.
        members: Vec<UserId>,
    },
    /// Messages have their places.
    Said {
        /// That of the first.
        first: Seq,
        /// How many.
        count: u32,
    },
    /// A member has read up to here.
    Read {
        /// Who.
        user: UserId,
        /// Up to where.
        seq: Seq,
        /// What others see of it.
        shown: Shown,
    },
    /// What a member alone decides of the chat.
    Preferred {
        /// Who.
        user: UserId,
        /// Why.
        cause: Cause,
    },
    /// A message, or what somebody sees on it.
    Message {
        /// Which.
        seq: Seq,
        /// Who did it.
        by: UserId,
        /// What, without texts.
        effect: Effect,
        /// The number of the change, if members share it.
        rev: Rev,
        /// The number of the change, if `by` sees it alone.
        own: Own,
    },
    /// Who is in, or what the group is.
    Turned {
        /// What.
        turn: Turn,
        /// Who did it.
        by: UserId,
        /// When.
        at: Timestamp,
        /// The newest message at that moment.
        newest: Seq,
        /// The number of the change, if members share it.
        rev: Rev,
    },
    /// Somebody left with the account.
    Departed(Departure),
}

/// Somebody left a chat with the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Departure {
    /// Who.
    pub user: UserId,
    /// The number of that in a group; in a chat of two the place stays.
    pub left: Option<Rev>,
    /// The number under which another one leads it now, and who.
    pub led: Option<(Rev, UserId)>,
    /// The place that it was.
    pub place: Option<Place>,
}

/// Of a member's place what tells what is to be seen from there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The newest message when the membership began.
    pub joined: Seq,
    /// What came up to here was cleared away.
    pub cleared: Seq,
    /// Whether what was said before is to be seen.
    pub sees_history: bool,
}

/// A [`Change`] by ids.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "each is the change of the same name")]
pub enum Turn {
    Added(UserId),
    Joined(UserId, InviteId),
    /// With the place that is gone.
    Removed(UserId, Option<Place>),
    /// With the place that is gone, if there was one.
    Banned(UserId, Option<Place>),
    Unbanned(UserId),
    RoleSet(UserId, Role),
    AdminChanged(UserId),
    Muted(UserId, Option<Timestamp>),
    Edited(Fields),
    Blocked(UserId, bool),
    /// Nobody but who made it hears of it.
    Invited,
    InviteRevoked(InviteId),
    /// With all who were in.
    Deleted(Vec<UserId>),
}

/// What a chat had heard when it decided something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Known(pub Step);

impl ChatNews {
    /// A chat is new, which is none of its steps.
    pub fn founded(chat: ChatId, by: UserId, members: &[UserId]) -> Self {
        Self { chat, step: Step(0), parts: vec![Part::Founded { by, members: members.to_vec() }] }
    }

    /// Whether it is that.
    pub fn is_foundation(&self) -> bool {
        matches!(self.parts[..], [Part::Founded { .. }])
    }

    /// Whether it brings somebody in.
    pub fn brings(&self, user: UserId) -> bool {
        self.parts.iter().any(|part| match part {
            Part::Founded { members, .. } => members.contains(&user),
            Part::Turned { turn, .. } => turn.newcomer() == Some(user),
            _ => false,
        })
    }

    /// Whom it brings in.
    pub fn newcomers(&self) -> impl Iterator<Item = UserId> {
        self.parts.iter().flat_map(|part| match part {
            Part::Founded { members, .. } => members.clone(),
            Part::Turned { turn, .. } => turn.newcomer().into_iter().collect(),
            _ => Vec::new(),
        })
    }

    /// Whether decisions rest on some of it.
    pub fn turns(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Turned { .. } | Part::Departed(_)))
    }
}

impl Place {
    /// Of a member.
    pub fn of(member: &Member) -> Self {
        Self { joined: member.joined, cleared: member.preferences.cleared, sees_history: member.sees_history }
    }
}

impl Turn {
    /// Of a change that `before` it found the chat so.
    pub fn of(change: &Change, place: impl Fn(UserId) -> Option<Place>, members: impl FnOnce() -> Vec<UserId>) -> Self {
        match change {
            Change::Added { user, .. } => Self::Added(*user),
            Change::Joined { user, invite, .. } => Self::Joined(*user, *invite),
            Change::Removed(user) => Self::Removed(*user, place(*user)),
            Change::Banned { user, is_member } => Self::Banned(*user, is_member.then(|| place(*user)).flatten()),
            Change::Unbanned(user) => Self::Unbanned(*user),
            Change::RoleSet(user, role) => Self::RoleSet(*user, *role),
            Change::AdminChanged(user) => Self::AdminChanged(*user),
            Change::Muted(user, until) => Self::Muted(*user, *until),
            Change::Edited(edited) => Self::Edited(edited.fields),
            Change::Blocked { user, on, .. } => Self::Blocked(*user, *on),
            Change::Invited(_) => Self::Invited,
            Change::InviteRevoked(id) => Self::InviteRevoked(*id),
            Change::Deleted => Self::Deleted(members()),
        }
    }

    /// Whom it brings in.
    pub fn newcomer(&self) -> Option<UserId> {
        if let Self::Added(user) | Self::Joined(user, _) = self { Some(*user) } else { None }
    }
}

impl Roster {
    /// Takes back who is in by something that happened, so that those hear what came before it who were in then. All else stays as
    /// it is: of what is told the newest state counts.
    pub fn undo(&mut self, part: &Part) {
        match part {
            Part::Turned { turn: Turn::Added(user) | Turn::Joined(user, _), .. } => {
                self.members.retain(|member| member.user != *user);
            }
            Part::Turned { turn: Turn::Removed(user, place) | Turn::Banned(user, place), .. } => {
                self.put_back(*user, *place);
            }
            Part::Departed(Departure { user, left: Some(_), place, .. }) => self.put_back(*user, *place),
            _ => {}
        }
    }

    fn put_back(&mut self, user: UserId, place: Option<Place>) {
        if let Some(Place { joined, cleared, sees_history }) = place.filter(|_| !self.has(user)) {
            let mut member = Member::new(user, super::Name::stored(""), joined);
            member.preferences.cleared = cleared;
            member.sees_history = sees_history;
            self.members.push(member);
        }
    }
}

impl Fact {
    /// Whether what others decide may rest on it.
    pub fn turns(&self) -> bool {
        matches!(self, Self::Changed(_))
    }
}
