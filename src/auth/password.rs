//! What may be a password.
use crate::domain::Refusal;

const CHARS: std::ops::RangeInclusive<usize> = 8..=128;
const COMMON: &str = include_str!("common_passwords.txt");

/// A password that somebody may choose: 8 to 128 characters, kept as typed, without NUL, not one of the first that
/// attackers try. It cannot be printed.
#[derive(Clone)]
pub struct Password(String);

impl Password {
    /// Checks a new password.
    ///
    /// # Errors
    /// What the password lacks, said to whoever chose it.
    pub fn new(text: &str) -> Result<Self, Refusal> {
        if !CHARS.contains(&text.chars().count()) {
            return Err(Refusal::bad_request("Password must have 8 to 128 characters"));
        }
        without_nul(text)?;
        if is_common(text) {
            return Err(Refusal::bad_request("Password is too common: choose another"));
        }
        Ok(Self(text.into()))
    }

    /// Checks what somebody gives as the password they have: what nobody can have chosen is worth no hash.
    ///
    /// # Errors
    /// That nobody can have this password.
    pub fn given(text: &str) -> Result<&str, Refusal> {
        if text.is_empty() || text.chars().nth(*CHARS.end()).is_some() {
            return Err(Refusal::bad_request("Password must have 1 to 128 characters"));
        }
        without_nul(text).map(|()| text)
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// As in all texts. Other programs that keep passwords would end one there.
fn without_nul(text: &str) -> Result<(), Refusal> {
    if text.contains('\0') { Err(Refusal::bad_request("Password must not contain NUL")) } else { Ok(()) }
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
        for wrong in ["", "1234567", &"ä".repeat(129), "tr0m\0bone"] {
            assert!(Password::new(wrong).is_err(), "{wrong}");
        }
        for right in [" blanks count ", &"ä".repeat(128), "tr0mbone"] {
            assert_eq!(Password::new(right).ok().unwrap().as_str(), right);
        }
    }

    #[test]
    fn what_is_given_as_a_password_is_one_that_somebody_can_have() {
        for right in ["x", "password", " ", &"ä".repeat(128)] {
            assert_eq!(Password::given(right), Ok(right));
        }
        for wrong in ["", "\0", "tr0m\0bone", &"ä".repeat(129)] {
            assert!(Password::given(wrong).is_err(), "{wrong:?}");
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
