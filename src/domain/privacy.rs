//! What somebody lets others know.

/// Those whom somebody lets do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Audience {
    /// Everybody who could otherwise.
    #[default]
    Everyone,
    /// Those to whom one has written in the chat of two.
    Contacts,
    /// Nobody at all.
    Nobody,
}

/// What somebody lets others know and do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Privacy {
    /// Who sees when one is online.
    pub presence: Audience,
    /// Who may take one into groups.
    pub add_to_groups: Audience,
    /// Whether others see what one has read, and what arrived.
    pub read_receipts: bool,
    /// Whether others see that one types.
    pub typing: bool,
}

impl Default for Privacy {
    /// As everybody begins.
    fn default() -> Self {
        Self { presence: Audience::Everyone, add_to_groups: Audience::Everyone, read_receipts: true, typing: true }
    }
}

/// What is to be another way; the rest stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PrivacyChange {
    /// Who sees when one is online.
    pub presence: Option<Audience>,
    /// Who may take one into groups.
    pub add_to_groups: Option<Audience>,
    /// Whether others see what one has read, and what arrived.
    pub read_receipts: Option<bool>,
    /// Whether others see that one types.
    pub typing: Option<bool>,
}

impl PrivacyChange {
    /// All of it.
    pub fn to(privacy: Privacy) -> Self {
        let Privacy { presence, add_to_groups, read_receipts, typing } = privacy;
        Self {
            presence: Some(presence),
            add_to_groups: Some(add_to_groups),
            read_receipts: Some(read_receipts),
            typing: Some(typing),
        }
    }

    /// Whether it names nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Privacy {
    /// The same with a change.
    pub fn with(self, change: &PrivacyChange) -> Self {
        Self {
            presence: change.presence.unwrap_or(self.presence),
            add_to_groups: change.add_to_groups.unwrap_or(self.add_to_groups),
            read_receipts: change.read_receipts.unwrap_or(self.read_receipts),
            typing: change.typing.unwrap_or(self.typing),
        }
    }
}
