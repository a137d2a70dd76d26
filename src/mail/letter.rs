//! What is written to people. The texts are in `templates/`, each as plain text and as HTML.

use serde::{Deserialize, Serialize};

/// One mail's content. It never repeats a name: whoever signs a stranger's address up chose it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Letter {
    /// Proves an address by a link.
    VerifyLink {
        /// The link with its token.
        link: String,
    },
    /// Proves an address by a code that is typed in.
    VerifyCode {
        /// Six digits.
        code: String,
    },
    /// Somebody signed up with the address of an account.
    AlreadyRegistered {
        /// Where to log in.
        link: String,
    },
    /// Lets the owner of an account choose a new password.
    ResetPassword {
        /// The link with its token.
        link: String,
    },
    /// The password of an account was replaced.
    PasswordChanged {
        /// Where to log in.
        link: String,
    },
    /// An account is gone.
    AccountDeleted {
        /// Where the server is.
        link: String,
    },
}

/// A letter ready to be sent.
pub(super) struct Rendered {
    pub subject: &'static str,
    pub text: String,
    pub html: String,
}

impl Letter {
    pub(super) fn render(&self) -> Rendered {
        let (subject, text, html) = self.templates();
        let (key, value) = match self {
            Self::VerifyLink { link }
            | Self::AlreadyRegistered { link }
            | Self::ResetPassword { link }
            | Self::PasswordChanged { link }
            | Self::AccountDeleted { link } => ("{{link}}", link),
            Self::VerifyCode { code } => ("{{code}}", code),
        };
        Rendered { subject, text: text.replace(key, value), html: html.replace(key, &escaped(value)) }
    }

    fn templates(&self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::VerifyLink { .. } => (
                "Confirm your address",
                include_str!("templates/verify_link.txt"),
                include_str!("templates/verify_link.html"),
            ),
            Self::VerifyCode { .. } => (
                "Your Greenroom code",
                include_str!("templates/verify_code.txt"),
                include_str!("templates/verify_code.html"),
            ),
            Self::AlreadyRegistered { .. } => (
                "You already have an account",
                include_str!("templates/already_registered.txt"),
                include_str!("templates/already_registered.html"),
            ),
            Self::ResetPassword { .. } => (
                "Choose a new password",
                include_str!("templates/reset_password.txt"),
                include_str!("templates/reset_password.html"),
            ),
            Self::PasswordChanged { .. } => (
                "Your password was changed",
                include_str!("templates/password_changed.txt"),
                include_str!("templates/password_changed.html"),
            ),
            Self::AccountDeleted { .. } => (
                "Your account is deleted",
                include_str!("templates/account_deleted.txt"),
                include_str!("templates/account_deleted.html"),
            ),
        }
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_gets_its_value_and_html_gets_it_escaped() {
        let value = "http://x/verify?a=1&b=\"2";
        for letter in [
            Letter::VerifyLink { link: value.into() },
            Letter::VerifyCode { code: value.into() },
            Letter::AlreadyRegistered { link: value.into() },
            Letter::ResetPassword { link: value.into() },
            Letter::PasswordChanged { link: value.into() },
            Letter::AccountDeleted { link: value.into() },
        ] {
            let Rendered { text, html, .. } = letter.render();
            assert!(text.contains(value) && html.contains("a=1&amp;b=&quot;2"), "{letter:?}");
            assert!(!text.contains("{{") && !html.contains("{{"), "{letter:?}");
        }
    }
}
