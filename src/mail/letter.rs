//! What is written to people. The texts are in `templates/`, each as plain text and as HTML.
use askama::Template;
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
    /// Proves an address by either.
    VerifyBoth {
        /// The link with its token.
        link: String,
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

#[derive(Template)]
#[template(path = "mail/templates/letter.txt")]
struct Text<'a> {
    letter: &'a Letter,
}

#[derive(Template)]
#[template(path = "mail/templates/letter.html")]
struct Html<'a> {
    letter: &'a Letter,
}

impl Letter {
    pub(super) fn render(&self) -> askama::Result<Rendered> {
        let text = Text { letter: self }.render()?;
        let html = Html { letter: self }.render()?;
        Ok(Rendered { subject: self.subject(), text, html })
    }

    fn subject(&self) -> &'static str {
        match self {
            Self::VerifyLink { .. } | Self::VerifyBoth { .. } => "Confirm your address",
            Self::VerifyCode { .. } => "Your Greenroom code",
            Self::AlreadyRegistered { .. } => "You already have an account",
            Self::ResetPassword { .. } => "Choose a new password",
            Self::PasswordChanged { .. } => "Your password was changed",
            Self::AccountDeleted { .. } => "Your account is deleted",
        }
    }
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
            Letter::VerifyBoth { link: value.into(), code: "123456".into() },
            Letter::AlreadyRegistered { link: value.into() },
            Letter::ResetPassword { link: value.into() },
            Letter::PasswordChanged { link: value.into() },
            Letter::AccountDeleted { link: value.into() },
        ] {
            let Rendered { text, html, .. } = letter.render().unwrap();
            assert!(text.contains(value) && html.contains("a=1&#38;b=&#34;2"), "{letter:?}");
            assert!(html.starts_with("<!doctype html>\n<html") && html.ends_with("</body>\n</html>"), "{html}");
            assert!(text.starts_with(char::is_uppercase) && text.lines().all(|line| line == line.trim()), "{text}");
        }
    }
}
