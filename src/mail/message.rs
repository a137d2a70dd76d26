//! A letter as a mail: headers, and the same text twice, plain and as HTML.
use lettre::{
    Address, Message,
    message::{
        Body, Mailbox, MultiPart, SinglePart,
        header::{ContentTransferEncoding, ContentType},
    },
};

use super::{Fault, Letter, letter::Rendered};
use crate::domain::Email;

/// The longest line that RFC 5321 lets a mail server take, without its end.
const MAX_LINE_BYTES: usize = 998;

pub(super) fn build(from: &Mailbox, to: &Email, letter: &Letter) -> Result<Message, Fault> {
    let rendered = letter.render().map_err(Fault::of)?;
    let address: Address = to.as_str().parse().map_err(Fault::of)?;
    Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, address))
        .subject(rendered.subject)
        .multipart(alternatives(rendered))
        .map_err(Fault::of)
}

fn alternatives(rendered: Rendered) -> MultiPart {
    let part = |kind, text: String| SinglePart::builder().header(kind).body(readable(text));
    MultiPart::alternative()
        .singlepart(part(ContentType::TEXT_PLAIN, rendered.text))
        .singlepart(part(ContentType::TEXT_HTML, rendered.html))
}

/// ASCII in lines that SMTP can take goes as it is, so that a link in the outbox can be copied whole. By itself lettre
/// would break every line at 76 characters.
fn readable(text: String) -> Body {
    if text.is_ascii() && text.lines().all(|line| line.len() <= MAX_LINE_BYTES) {
        let lines = text.lines().flat_map(|line| [line, "\r\n"]).collect::<String>();
        return Body::dangerous_pre_encoded(lines.into_bytes(), ContentTransferEncoding::SevenBit);
    }
    Body::new(text)
}
