//! Texts that people type, checked once where they come in and trusted from then on.
use std::{fmt, sync::Arc};

use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};
use serde::Serialize;

use super::{Code, Refusal};

const MAX_NAME_CHARS: usize = 64;
const MAX_DESCRIPTION_CHARS: usize = 512;
const MAX_BIO_CHARS: usize = 512;
const MAX_STATUS_CHARS: usize = 128;
const MAX_FILE_NAME_CHARS: usize = 255;
const MAX_CLIENT_ID_CHARS: usize = 64;
const MAX_EMAIL_BYTES: usize = 254;

macro_rules! text {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The text as it came.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Takes back a text that was checked before it was stored.
            pub fn stored(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text!(
    /// The name of a person or a group: 1 to 64 characters, not all of them blank.
    Name
);
text!(
    /// Part of a name that somebody looks for: up to 64 characters, as a name has no more; may be empty.
    NamePart
);
text!(
    /// What a group is for: up to 512 characters, may be empty.
    Description
);
text!(
    /// What somebody says of oneself: up to 512 characters, may be empty.
    #[derive(Default)]
    Bio
);
text!(
    /// What somebody is doing: up to 128 characters, may be empty.
    #[derive(Default)]
    StatusText
);
text!(
    /// What a message says: 1 byte up to the setting `limits.content_bytes`, stored and sent as it came.
    Content
);
text!(
    /// What a file is called: 1 to 255 characters, none of them a control character or what parts folders.
    FileName
);
text!(
    /// A client's own id for a message that it may have to send again: 1 to 64 characters.
    ClientId
);
text!(
    /// A mail address, in lower case and with its domain in ASCII: an address is the same however it was typed.
    Email
);

/// NUL cannot be stored by every database, so it is refused everywhere.
fn printable(what: &str, text: &str) -> Result<(), Refusal> {
    if text.contains('\0') {
        return Err(Refusal::bad_request(format!("{what} must not contain NUL")));
    }
    Ok(())
}

fn at_most(what: &str, text: &str, chars: usize) -> Result<(), Refusal> {
    if text.chars().nth(chars).is_some() {
        return Err(Refusal::bad_request(format!("{what} must have at most {chars} characters")));
    }
    Ok(())
}

impl Name {
    /// Checks a name.
    ///
    /// # Errors
    /// If it is blank, too long, or holds NUL.
    pub fn new(text: &str) -> Result<Self, Refusal> {
        printable("Name", text)?;
        at_most("Name", text, MAX_NAME_CHARS)?;
        if text.trim().is_empty() {
            return Err(Refusal::bad_request("Name must not be empty"));
        }
        Ok(Self(text.into()))
    }
}

impl NamePart {
    /// Checks what is looked for.
    ///
    /// # Errors
    /// If it is too long, or holds NUL.
    pub fn new(text: &str) -> Result<Self, Refusal> {
        printable("Name", text)?;
        at_most("Name", text, MAX_NAME_CHARS)?;
        Ok(Self(text.into()))
    }
}

impl FileName {
    /// Checks the name of a file.
    ///
    /// # Errors
    /// If it is empty or too long, or has control characters or slashes of either kind in it.
    pub fn new(text: &str) -> Result<Self, Refusal> {
        at_most("A file's name", text, MAX_FILE_NAME_CHARS)?;
        if text.is_empty() || text.contains(|c: char| c.is_control() || c == '/' || c == '\\') {
            return Err(Refusal::bad_request(
                "A file's name must not be empty, nor have slashes or control characters",
            ));
        }
        Ok(Self(text.into()))
    }
}

impl Description {
    /// Checks a description.
    ///
    /// # Errors
    /// If it is too long, or holds NUL.
    pub fn new(text: &str) -> Result<Self, Refusal> {
        printable("Description", text)?;
        at_most("Description", text, MAX_DESCRIPTION_CHARS)?;
        Ok(Self(text.into()))
    }
}

impl Bio {
    /// Checks what somebody says of oneself.
    ///
    /// # Errors
    /// If it is too long, or holds NUL.
    pub fn new(text: &str) -> Result<Self, Refusal> {
        printable("Bio", text)?;
        at_most("Bio", text, MAX_BIO_CHARS)?;
        Ok(Self(text.into()))
    }
}

impl StatusText {
    /// Checks what somebody is doing.
    ///
    /// # Errors
    /// If it is too long, or holds NUL.
    pub fn new(text: &str) -> Result<Self, Refusal> {
        printable("Status", text)?;
        at_most("Status", text, MAX_STATUS_CHARS)?;
        Ok(Self(text.into()))
    }
}

impl Content {
    /// Checks what somebody says; `max` is in bytes of UTF-8.
    ///
    /// # Errors
    /// [`Code::TooLarge`] above `max`; [`Code::BadRequest`] if it is empty or holds NUL.
    pub fn new(text: &str, max: usize) -> Result<Self, Refusal> {
        if text.is_empty() {
            return Err(Refusal::bad_request("Content must not be empty"));
        }
        Self::allowing_nothing(text, max)
    }

    /// The same where it may be empty.
    ///
    /// # Errors
    /// [`Code::TooLarge`] over `max` bytes, or [`Code::BadRequest`] with NUL in it.
    pub fn allowing_nothing(text: &str, max: usize) -> Result<Self, Refusal> {
        if text.len() > max {
            return Err(Refusal::new(Code::TooLarge, format!("Content must have at most {max} bytes")));
        }
        printable("Content", text)?;
        Ok(Self(text.into()))
    }
}

impl ClientId {
    /// Checks an idempotency key.
    ///
    /// # Errors
    /// If it is empty, too long, or holds NUL.
    pub fn new(text: &str) -> Result<Self, Refusal> {
        printable("ClientId", text)?;
        at_most("ClientId", text, MAX_CLIENT_ID_CHARS)?;
        if text.is_empty() {
            return Err(Refusal::bad_request("ClientId must not be empty"));
        }
        Ok(Self(text.into()))
    }
}

impl Email {
    /// Checks the shape of an address: something, one `@`, a domain. Whether it exists only a mail can tell.
    ///
    /// # Errors
    /// If it is not one.
    pub fn new(text: &str) -> Result<Self, Refusal> {
        let text = text.trim();
        let wrong = || Refusal::bad_request("Email must be a mail address");
        // Whatever is done to it costs time, and no address is longer than this before its domain is in ASCII.
        let (local, domain) = text.rsplit_once('@').filter(|_| text.len() <= MAX_EMAIL_BYTES).ok_or_else(wrong)?;
        let local = local.to_lowercase();
        let domain = in_ascii(domain).ok_or_else(wrong)?;
        let text = format!("{local}@{domain}");
        let blank = text.chars().any(|c| c.is_whitespace() || c.is_control());
        let forbidden = text.contains(['<', '>', '(', ')', ',', ';', ':', '"', '\\', '[', ']']);
        let shaped = !local.is_empty() && !local.contains('@');
        if blank || forbidden || !shaped || text.len() > MAX_EMAIL_BYTES || local.len() > 64 {
            return Err(wrong());
        }
        Ok(Self(text.into()))
    }

    /// Whether its local part is in ASCII, as its domain always is: mail servers that take another one are rare.
    pub fn is_ascii(&self) -> bool {
        self.0.is_ascii()
    }

    /// The address for logs: enough to recognise one's own, not enough to write to.
    pub fn masked(&self) -> String {
        let (local, domain) = self.0.rsplit_once('@').unwrap_or((&self.0, ""));
        let first: String = local.chars().take(1).collect();
        format!("{first}***@{domain}")
    }
}

/// A domain as mail servers write it.
fn in_ascii(domain: &str) -> Option<String> {
    let ascii = Uts46::new().to_ascii(domain.as_bytes(), AsciiDenyList::URL, Hyphens::Allow, DnsLength::Verify);
    ascii.ok().map(|domain| domain.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_1_to_64_characters_whatever_their_bytes() {
        assert!(Name::new("é").is_ok());
        assert!(Name::new(&"😀".repeat(64)).is_ok());
        for wrong in ["", "  ", "a\0b", &"é".repeat(65)] {
            assert_eq!(Name::new(wrong).unwrap_err().code, Code::BadRequest, "{wrong:?}");
        }
    }

    #[test]
    fn what_is_looked_for_is_no_longer_than_a_name_and_may_be_empty() {
        for right in ["", " ", "%", &"😀".repeat(64)] {
            assert_eq!(NamePart::new(right).unwrap().as_str(), right);
        }
        for wrong in ["a\0b", &"é".repeat(65), &"a".repeat(120_000)] {
            assert_eq!(NamePart::new(wrong).unwrap_err().code, Code::BadRequest, "{} bytes", wrong.len());
        }
    }

    #[test]
    fn content_is_kept_as_it_came_and_bounded_in_bytes() {
        assert_eq!(Content::new(" <b>é\n", 16).unwrap().as_str(), " <b>é\n");
        assert_eq!(Content::new("", 16).unwrap_err().code, Code::BadRequest);
        assert_eq!(Content::new("ééé", 5).unwrap_err().code, Code::TooLarge);
        assert_eq!(Content::new("a\0", 5).unwrap_err().code, Code::BadRequest);
    }

    #[test]
    fn an_address_is_folded_to_lower_case_and_masked_in_logs() {
        let email = Email::new("Ann.Lee@Example.ORG").unwrap();
        assert_eq!(email.as_str(), "ann.lee@example.org");
        assert_eq!(email.masked(), "a***@example.org");
        for wrong in ["", "ann", "@x.org", "ann@", "a b@x.org", "a@b@c", "a\n@x.org", "<a@x.org>", "a,b@x.org"] {
            assert!(Email::new(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_domain_has_one_spelling_the_one_in_ascii() {
        for same in ["a@bücher.example", "A@BÜCHER.example", "a@bu\u{308}cher.example", "a@xn--bcher-kva.example"] {
            assert_eq!(Email::new(same).unwrap().as_str(), "a@xn--bcher-kva.example", "{same}");
        }
        assert!(
            Email::new("a@xn--bcher-kva.example").unwrap().is_ascii() && !Email::new("ä@x.org").unwrap().is_ascii()
        );
        for wrong in ["a@xn--a.example", "a@x..org", "a@x org", "a@\u{ad}", &format!("a@{}.org", "ü".repeat(60))] {
            assert!(Email::new(wrong).is_err(), "{wrong:?}");
        }
    }
}
