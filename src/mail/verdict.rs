//! What a mail server's refusal means for a mail: whether there is a point in trying again, and what the log may say of it.
use lettre::{
    Address,
    transport::smtp::{Error, response::Severity},
};

use super::Fault;
use crate::domain::Email;

const MAX_TEXT_CHARS: usize = 200;

/// What was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// The connection, its encryption, and who we are.
    Greeting,
    /// MAIL FROM: whether we may send at all, under this name.
    Sender,
    /// RCPT TO.
    Recipient,
    /// DATA, and the mail itself.
    Content,
}

/// A lasting refusal of this recipient or this content ends a mail. Everything else is trouble between the operator and the
/// mail server, in which no mail is to be lost.
pub(super) fn verdict(step: Step, error: &Error, to: &Address) -> Fault {
    let text = printable(&error.to_string(), to);
    let permanent = error.status().filter(|code| code.severity == Severity::PermanentNegativeCompletion);
    if permanent.is_some_and(|code| lasts(step, code.into(), &text)) {
        Fault::Refused(text)
    } else {
        Fault::Passing(text)
    }
}

/// Whether a permanent error is about the mail. RFC 3463's status tells best; without one the code has to do.
fn lasts(step: Step, code: u16, text: &str) -> bool {
    match (step, status(text)) {
        (Step::Greeting | Step::Sender, _) => false,
        // 1.7 and 1.8 are about the sender's address; a full mailbox, 2.2, may be emptied.
        (Step::Recipient, Some((subject, detail))) => {
            matches!((subject, detail), (1, _) | (2, _)) && !matches!((subject, detail), (1, 7 | 8) | (2, 2))
        }
        // "Relay access denied" is said with 550 or 554 to whomever the mail is for.
        (Step::Recipient, None) => matches!(code, 550 | 551 | 553 | 556) && !text.to_lowercase().contains("relay"),
        // Too large, its media, its words. The other policies of 7 are about who may send: authentication, signatures.
        (Step::Content, Some((subject, detail))) => {
            matches!((subject, detail), (1, _) | (2, _) | (3, 4) | (6, _) | (7, 1))
                && !matches!((subject, detail), (1, 7 | 8))
        }
        (Step::Content, None) => matches!(code, 550 | 552 | 554) && !text.to_lowercase().contains("relay"),
    }
}

/// Subject and detail of a status such as 5.1.1.
fn status(text: &str) -> Option<(u16, u16)> {
    text.split_whitespace().find_map(|word| {
        let (subject, detail) = word.strip_prefix("5.")?.split_once('.')?;
        Some((subject.parse().ok()?, detail.parse().ok()?))
    })
}

/// A mail server's own words, without what they could do to a log, and without the address that they often repeat.
fn printable(text: &str, to: &Address) -> String {
    let text = text.replace(to.as_ref() as &str, &Email::stored(to.as_ref()).masked());
    text.chars().map(|c| if c.is_ascii_graphic() { c } else { ' ' }).take(MAX_TEXT_CHARS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_wrong_with_the_recipient_or_the_content_lasts() {
        use Step::{Content, Greeting, Recipient, Sender};
        for (step, code, text) in [
            (Recipient, 550, "permanent error (550): 5.1.1 no such user"),
            (Recipient, 550, "no such user here"),
            (Recipient, 553, "mailbox name not allowed"),
            (Recipient, 556, "5.1.10 domain takes no mail"),
            (Recipient, 554, "5.1.1 unknown"),
            (Recipient, 550, "5.2.1 mailbox disabled"),
            (Content, 552, "5.3.4 too big"),
            (Content, 554, "5.6.0 what is this"),
            (Content, 550, "5.7.1 message refused"),
            (Content, 554, "transaction failed"),
        ] {
            assert!(lasts(step, code, text), "{step:?} {code} {text}");
        }
        for (step, code, text) in [
            (Greeting, 554, "no service for you"),
            (Greeting, 550, "5.1.1 blocked"),
            (Greeting, 535, "5.7.8 authentication failed"),
            (Sender, 550, "5.1.8 who are you"),
            (Sender, 553, "5.7.1 not owned by you"),
            (Sender, 552, "5.2.2 quota of the sender"),
            (Recipient, 554, "5.7.1 <ann@x.org>: Relay access denied"),
            (Recipient, 550, "relay not permitted"),
            (Recipient, 550, "5.7.1 relaying denied"),
            (Recipient, 530, "5.7.0 authentication required"),
            (Recipient, 503, "bad sequence"),
            (Recipient, 552, "5.2.2 mailbox full"),
            (Recipient, 554, "policy"),
            (Content, 550, "5.7.26 not signed"),
            (Content, 550, "5.7.60 may not send as this"),
            (Content, 554, "5.3.0 internal"),
            (Content, 503, "need RCPT"),
        ] {
            assert!(!lasts(step, code, text), "{step:?} {code} {text}");
        }
    }

    #[test]
    fn the_log_gets_no_address_and_nothing_that_a_terminal_obeys() {
        let to = "ann@x.org".parse().unwrap();
        let said = printable("5.1.1 <ann@x.org>: \u{202e}no\r\n\u{1b}[2Jsuch user", &to);
        assert_eq!(said, "5.1.1 <a***@x.org>:  no   [2Jsuch user");
        assert_eq!(printable(&"x".repeat(9000), &to).len(), MAX_TEXT_CHARS);
    }
}
