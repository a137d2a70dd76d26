//! People: oneself, and whom one looks for.
use serde::{Deserialize, Serialize};

use super::{
    ClientEvent, Parser, PayloadBounds, Privacy, Query, Tell,
    payload::{Nothing, Payload, Text},
};
use crate::domain::{FileId, NamePart, Refusal, UserId};

/// What a search is for: the two answer under different names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To talk to somebody.
    Search,
    /// To take somebody into a group.
    Add,
}

/// People that the client looks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchUsers {
    /// Part of a name, taken literally.
    pub name: NamePart,
    /// What for.
    pub purpose: Purpose,
}

pub(super) const EVENTS: &[(&str, Parser)] = &[("fetch-user-details", details), ("search-user", search)];

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Search<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    r#type: Text<'a>,
}

fn details(payload: Payload<'_>, _: &PayloadBounds) -> Result<ClientEvent, Refusal> {
    payload.read_if_any::<Nothing>()?;
    Ok(Query::UserDetails.into())
}

fn search(payload: Payload<'_>, _: &PayloadBounds) -> Result<ClientEvent, Refusal> {
    let asked: Search = payload.read()?;
    let purpose = purpose(&asked.r#type)?;
    Ok(Query::SearchUsers(SearchUsers { name: NamePart::new(&asked.name)?, purpose }).into())
}

/// By hand: what serde derives for an enum takes `{"Search": null}` too.
fn purpose(text: &str) -> Result<Purpose, Refusal> {
    match text {
        "Search" => Ok(Purpose::Search),
        "Add" => Ok(Purpose::Add),
        _ => Err(Refusal::bad_request("Type must be Search or Add")),
    }
}

/// Somebody found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct UserRow {
    /// The person.
    #[serde(rename = "_id")]
    pub id: UserId,
    /// The person's name.
    pub name: String,
    /// Only if the operator shows addresses.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The person's picture.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub avatar: Option<FileId>,
}

/// What is told of people.
#[derive(Debug, Serialize)]
#[serde(untagged, rename_all_fields = "PascalCase")]
#[allow(missing_docs, reason = "the fields are the contract's own, explained there once")]
pub enum PeopleEvent<'a> {
    UserDetails {
        name: &'a str,
        email: &'a str,
        id: UserId,
        #[serde(skip_serializing_if = "str::is_empty")]
        bio: &'a str,
        #[serde(skip_serializing_if = "str::is_empty")]
        status: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        avatar: Option<FileId>,
        privacy: Privacy,
    },
    SearchedUser {
        users: Vec<UserRow>,
    },
    AddedUserMatch {
        users: Vec<UserRow>,
    },
}

impl Tell for PeopleEvent<'_> {
    fn name(&self) -> &'static str {
        match self {
            Self::UserDetails { .. } => "user-details",
            Self::SearchedUser { .. } => "searched-user",
            Self::AddedUserMatch { .. } => "added-user-match",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::Code, events::tests::BOUNDS};

    fn parse(json: &str) -> Result<ClientEvent, Refusal> {
        ClientEvent::parse("search-user", Some(json), &BOUNDS)
    }

    #[test]
    fn a_purpose_is_one_of_two_texts_and_nothing_else() {
        for (text, expected) in [("Search", Purpose::Search), ("Add", Purpose::Add)] {
            let asked = parse(&format!(r#"{{"Name":"a","Type":"{text}"}}"#));
            let Ok(ClientEvent::Query(Query::SearchUsers(search))) = asked else { panic!("{asked:?}") };
            assert_eq!(search.purpose, expected);
        }
        for wrong in [r#"{"Search":null}"#, r#"{"Add":null}"#, r#"["Search"]"#, r#""search""#, r#""""#, "null", "0"] {
            let asked = parse(&format!(r#"{{"Name":"a","Type":{wrong}}}"#));
            assert_eq!(asked.unwrap_err().code, Code::BadRequest, "{wrong}");
        }
    }

    #[test]
    fn no_text_with_nul_or_half_a_character_and_none_without_an_end_is_looked_for() {
        for wrong in [r"a\u0000".to_owned(), r"a\ud83d".into(), r"a\ude00".into(), "a".repeat(120_000)] {
            let asked = parse(&format!(r#"{{"Name":"{wrong}","Type":"Search"}}"#));
            assert_eq!(asked.unwrap_err().code, Code::BadRequest, "{} bytes", wrong.len());
        }
    }
}
