//! A rule that settings must keep.

/// Whether it holds, the key that is wrong if not, and what was expected there.
pub(super) type Rule = (bool, &'static str, String);

/// The rule of a key.
pub(super) fn rule(holds: bool, key: &'static str, expected: impl Into<String>) -> Rule {
    (holds, key, expected.into())
}
