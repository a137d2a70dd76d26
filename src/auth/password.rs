//! What may be a password.
use crate::domain::Refusal;

const CHARS: std::ops::RangeInclusive<usize> = 8..=128;
const COMMON: &str = include_str!("common_passwords.txt");

/// A password that somebody may choose: 8 to 128 characters, kept as typed, not one of the first that attackers try.
/// It cannot be printed.
#[derive(Clone)]
pub struct Password(String);

impl Password {
    /// Checks a new password.
    pub fn new(text: &str) -> Result<Self, Refusal> {
        if !CHARS.contains(&text.chars().count()) {
            return Err(Refusal::bad_request("Password must have 8 to 128 characters"));
        }
        if is_common(text) {
            return Err(Refusal::bad_request("Password is too common: choose another"));
        }
        Ok(Self(text.into()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// Case does not make a common word rare.
fn is_common(text: &str) -> bool {
    let folded = text.to_lowercase();
    COMMON.lines().any(|common| common == folded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_has_8_to_128_characters_whatever_their_bytes() {
        for wrong in ["", "1234567", &"ä".repeat(129)] {
            assert!(Password::new(wrong).is_err(), "{wrong}");
        }
        for right in [" blanks count ", &"ä".repeat(128), "tr0mbone"] {
            assert_eq!(Password::new(right).ok().unwrap().as_str(), right);
        }
    }

    #[test]
    fn what_attackers_try_first_is_refused_in_any_case() {
        for common in ["password", "Password123", "12345678", "QWERTYUIOP", "iloveyou", "sunshine1"] {
            assert!(Password::new(common).is_err(), "{common}");
        }
    }

    #[test]
    fn the_list_holds_what_could_match_at_all() {
        assert!(COMMON.lines().count() > 3000);
        assert!(COMMON.lines().all(|line| CHARS.contains(&line.chars().count()) && line == line.to_lowercase()));
    }
}
