//! What a group is called and who may do what in it; how that is edited; and what happened in it.
use std::time::Duration;

use super::{
    Change, Description, FileId, GroupSettings, Kind, Name, Refusal, Rev, Role, Roster, Seq, Timestamp, UserId,
};

/// A group without its members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupInfo {
    /// Its last change.
    pub rev: Rev,
    /// What it is called.
    pub name: Name,
    /// What it is for.
    pub description: Description,
    /// Its picture.
    pub avatar: Option<FileId>,
    /// Who leads it.
    pub admin: Option<UserId>,
    /// Who may do what.
    pub settings: GroupSettings,
}

impl From<&Roster> for GroupInfo {
    fn from(roster: &Roster) -> Self {
        Self {
            rev: roster.info_rev,
            name: roster.name.clone().unwrap_or_else(|| Name::stored("")),
            description: roster.description.clone().unwrap_or_else(|| Description::stored("")),
            avatar: roster.avatar,
            admin: roster.admin,
            settings: roster.settings,
        }
    }
}

/// What is to be another way in a group; the rest stays.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GroupEdit {
    /// What it is called.
    pub name: Option<Name>,
    /// What it is for.
    pub description: Option<Description>,
    /// Its picture, or that it has none.
    pub avatar: Option<Option<FileId>>,
    /// Whether that picture is not there, or none that may be chosen.
    pub lacks_picture: bool,
    /// Who may say something.
    pub who_posts: Option<Role>,
    /// Who may take somebody in.
    pub who_adds: Option<Role>,
    /// Who may pin messages.
    pub who_pins: Option<Role>,
    /// Who may change what it is called and what it is for.
    pub who_edits: Option<Role>,
    /// Who may mention everybody at once.
    pub who_mentions_all: Option<Role>,
    /// The time from one message of a member to the next.
    pub slow_mode: Option<Duration>,
    /// Whether those who join later see what was said before.
    pub open_history: Option<bool>,
}

impl GroupEdit {
    /// Whether it names any of the settings.
    pub fn has_settings(&self) -> bool {
        let Self { slow_mode, open_history, .. } = self;
        let roles = [self.who_posts, self.who_adds, self.who_pins, self.who_edits, self.who_mentions_all];
        roles.iter().any(Option::is_some) || slow_mode.is_some() || open_history.is_some()
    }

    /// Whether it names a picture, which has to be looked for.
    pub fn chooses_picture(&self) -> bool {
        !self.lacks_picture && self.avatar.flatten().is_some()
    }

    /// Whether it names what the group is called or for, or its picture.
    pub fn has_face(&self) -> bool {
        self.name.is_some() || self.description.is_some() || self.avatar.is_some()
    }
}

/// A group once it was edited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edited {
    /// What it is called, if that is new.
    pub name: Option<Name>,
    /// What it is for, if that is new.
    pub description: Option<Description>,
    /// Its picture, or that it has none any more, if that is new.
    pub avatar: Option<Option<FileId>>,
    /// Who may do what.
    pub settings: GroupSettings,
    /// What is new.
    pub fields: Fields,
    /// What was asked for.
    pub asked: GroupEdit,
}

/// Something of a group that can be edited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// What it is called.
    Name,
    /// What it is for.
    Description,
    /// Who may do what.
    Settings,
    /// Its picture.
    Avatar,
}

impl Field {
    const ALL: [Self; 4] = [Self::Name, Self::Description, Self::Settings, Self::Avatar];
}

/// Some of what can be edited, each as a bit in the order of [`Field`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Fields(pub i16);

impl Fields {
    /// With one more, if it `is` among them.
    fn with(self, field: Field, is: bool) -> Self {
        if is { Self(self.0 | 1 << field as i16) } else { self }
    }

    /// One after the other.
    pub fn iter(self) -> impl Iterator<Item = Field> {
        Field::ALL.into_iter().filter(move |field| self.0 & (1 << *field as i16) != 0)
    }
}

impl Roster {
    /// Somebody edits the group. `None`: it is so already.
    ///
    /// # Errors
    /// [`Code::Forbidden`](super::Code::Forbidden) for those who may not, and [`Code::NotFound`](super::Code::NotFound) for outsiders
    /// and a picture that is not there.
    pub fn edit(&self, by: UserId, edit: &GroupEdit) -> Result<Option<Change>, Refusal> {
        self.member(by)?;
        let role = self.role(by);
        if edit.has_settings() && role < Role::Owner {
            return Err(Refusal::forbidden("Only the owner can change who may do what"));
        }
        if edit.has_face() && role < self.settings.who_edits {
            return Err(Refusal::forbidden("Not everybody may edit this group"));
        }
        if edit.lacks_picture && edit.avatar != Some(self.avatar) {
            return Err(Refusal::no_such_file());
        }
        let settings = self.settings.with(edit);
        let name = edit.name.clone().filter(|name| self.name.as_ref() != Some(name));
        let description = edit.description.clone().filter(|text| self.description.as_ref() != Some(text));
        let avatar = edit.avatar.filter(|avatar| *avatar != self.avatar);
        let fields = Fields::default()
            .with(Field::Name, name.is_some())
            .with(Field::Description, description.is_some())
            .with(Field::Settings, settings != self.settings)
            .with(Field::Avatar, avatar.is_some());
        let edited = Edited { name, description, avatar, settings, fields, asked: edit.clone() };
        Ok((fields != Fields::default()).then(|| Change::Edited(Box::new(edited))))
    }

    pub(super) fn edit_to(&mut self, edited: &Edited) {
        let Edited { name, description, avatar, settings, .. } = edited;
        self.settings = *settings;
        if name.is_some() {
            self.name.clone_from(name);
        }
        if description.is_some() {
            self.description.clone_from(description);
        }
        if let Some(avatar) = avatar {
            self.avatar = *avatar;
        }
    }

    /// Whether somebody may do what a setting allows. It holds in groups alone.
    pub(super) fn allows(&self, by: UserId, setting: Role) -> bool {
        self.kind != Kind::Group || setting == Role::Member || self.role(by) >= setting
    }
}

impl GroupSettings {
    fn with(self, edit: &GroupEdit) -> Self {
        Self {
            who_posts: edit.who_posts.unwrap_or(self.who_posts),
            who_adds: edit.who_adds.unwrap_or(self.who_adds),
            who_pins: edit.who_pins.unwrap_or(self.who_pins),
            who_edits: edit.who_edits.unwrap_or(self.who_edits),
            who_mentions_all: edit.who_mentions_all.unwrap_or(self.who_mentions_all),
            slow_mode: edit.slow_mode.unwrap_or(self.slow_mode),
            open_history: edit.open_history.unwrap_or(self.open_history),
        }
    }
}

/// What happened to somebody, or to the group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// Was taken in.
    Added,
    /// Came by an invitation.
    Joined,
    /// Left.
    Left,
    /// Was removed.
    Removed,
    /// Was made admin.
    AdminChanged,
    /// Was removed for good.
    Banned,
    /// Was made this.
    RoleSet(Role),
    /// May not say anything for a while.
    Muted,
    /// May say something again.
    Unmuted,
    /// This of the group was edited.
    Edited(Fields),
}

/// One thing that happened in a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activity {
    /// The number of the change.
    pub rev: Rev,
    /// The newest message then.
    pub after: Seq,
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: What,
    /// Who did it, by id and by the name of then.
    pub by: (UserId, Name),
    /// Whom it concerns, likewise; who did it, if it concerns nobody.
    pub whom: (UserId, Name),
}
