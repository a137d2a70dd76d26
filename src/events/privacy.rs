//! What somebody lets others know: chosen by oneself, told to one's own sockets.
use serde::{Deserialize, Serialize};

use super::{
    ClientEvent, Parser, PayloadBounds, Query, Tell,
    payload::{Payload, Text},
};
use crate::domain::{self, Audience, PrivacyChange, Refusal};

pub(super) const EVENTS: &[(&str, Parser)] = &[("set-privacy", set)];

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Set<'a> {
    #[serde(borrow)]
    presence: Option<Text<'a>>,
    add_to_groups: Option<Text<'a>>,
    read_receipts: Option<bool>,
    typing: Option<bool>,
}

fn set(payload: Payload<'_>, _: &PayloadBounds) -> Result<ClientEvent, Refusal> {
    let Set { presence, add_to_groups, read_receipts, typing } = payload.read()?;
    let audience = |text: Option<Text<'_>>| text.map(|text| audience(&text)).transpose();
    let change =
        PrivacyChange { presence: audience(presence)?, add_to_groups: audience(add_to_groups)?, read_receipts, typing };
    if change.is_empty() {
        return Err(Refusal::bad_request("Name Presence, AddToGroups, ReadReceipts or Typing"));
    }
    Ok(Query::SetPrivacy(change).into())
}

fn audience(text: &str) -> Result<Audience, Refusal> {
    match text {
        "Everyone" => Ok(Audience::Everyone),
        "Contacts" => Ok(Audience::Contacts),
        "Nobody" => Ok(Audience::Nobody),
        _ => Err(Refusal::bad_request("Presence and AddToGroups must be Everyone, Contacts or Nobody")),
    }
}

fn name(audience: Audience) -> &'static str {
    match audience {
        Audience::Everyone => "Everyone",
        Audience::Contacts => "Contacts",
        Audience::Nobody => "Nobody",
    }
}

/// All that somebody lets others know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
#[allow(missing_docs, reason = "the fields are the contract's own, explained there once")]
pub struct Privacy {
    pub presence: &'static str,
    pub add_to_groups: &'static str,
    pub read_receipts: bool,
    pub typing: bool,
}

impl From<domain::Privacy> for Privacy {
    fn from(privacy: domain::Privacy) -> Self {
        Self {
            presence: name(privacy.presence),
            add_to_groups: name(privacy.add_to_groups),
            read_receipts: privacy.read_receipts,
            typing: privacy.typing,
        }
    }
}

/// What is told of it.
#[derive(Debug, Serialize)]
#[serde(untagged, rename_all_fields = "PascalCase")]
#[allow(missing_docs, reason = "the fields are the contract's own, explained there once")]
pub enum PrivacyEvent {
    PrivacyChanged { privacy: Privacy },
}

impl Tell for PrivacyEvent {
    fn name(&self) -> &'static str {
        match self {
            Self::PrivacyChanged { .. } => "privacy-changed",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Code;

    const BOUNDS: PayloadBounds = PayloadBounds { watched: 2, ..crate::events::tests::BOUNDS };

    fn parse(json: &str) -> Result<PrivacyChange, Code> {
        match ClientEvent::parse("set-privacy", Some(json), &BOUNDS) {
            Ok(ClientEvent::Query(Query::SetPrivacy(change))) => Ok(change),
            other => Err(other.unwrap_err().code),
        }
    }

    #[test]
    fn what_is_named_is_changed_and_something_must_be() {
        let change = PrivacyChange { presence: Some(Audience::Contacts), typing: Some(false), ..Default::default() };
        assert_eq!(parse(r#"{"Presence":"Contacts","AddToGroups":null,"Typing":false,"Other":1}"#), Ok(change));
        for wrong in
            ["{}", r#"{"Presence":null}"#, r#"{"Presence":"nobody"}"#, r#"{"Typing":1}"#, r#"{"AddToGroups":5}"#]
        {
            assert_eq!(parse(wrong), Err(Code::BadRequest), "{wrong}");
        }
    }
}
