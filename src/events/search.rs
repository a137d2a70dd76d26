//! Messages found by their words, by who said them, and by their files.
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    ClientEvent, Message, Parser, PayloadBounds, Query as Asked, Tell,
    payload::{Payload, Text, chat, page_size},
};
use crate::{
    domain::{ChatId, Refusal, Timestamp, UserId},
    search::Query,
};

/// Messages of an answer, unless the client says how many, and the most of them.
const FOUND: u64 = 20;
const MOST_FOUND: u64 = 50;

/// The caller looks for messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchMessages {
    /// With these words.
    pub query: Option<Query>,
    /// In one chat, or in all.
    pub chat: Option<ChatId>,
    /// Said by this person. Whoever is not known has said nothing.
    pub from: Option<UserId>,
    /// Only those with files.
    pub has_file: bool,
    /// Said before.
    pub before: Option<Timestamp>,
    /// Said then or later.
    pub after: Option<Timestamp>,
    /// After the last of an earlier answer, as it was told there.
    pub cursor: Option<String>,
    /// At most so many.
    pub limit: u64,
    /// All that decides what is found, as one text: an answer is continued only with the same.
    pub filters: String,
}

pub(super) const EVENTS: &[(&str, Parser)] = &[("search-messages", search)];

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Search<'a> {
    #[serde(borrow)]
    query: Option<Text<'a>>,
    chat_id: Option<Text<'a>>,
    from: Option<Text<'a>>,
    has_file: Option<bool>,
    before: Option<Text<'a>>,
    after: Option<Text<'a>>,
    limit: Option<i64>,
    cursor: Option<Text<'a>>,
}

fn search(payload: Payload<'_>, _: &PayloadBounds) -> Result<ClientEvent, Refusal> {
    let asked: Search = payload.read()?;
    if asked.has_file == Some(false) {
        return Err(Refusal::bad_request("HasFile must be true"));
    }
    let has_file = asked.has_file.is_some();
    let query = asked.query.as_deref().map(query).transpose()?;
    if query.is_none() && !has_file && asked.from.is_none() {
        return Err(Refusal::bad_request("Name a Query, HasFile or From"));
    }
    let before = asked.before.map(|text| time("Before", &text)).transpose()?;
    let after = asked.after.map(|text| time("After", &text)).transpose()?;
    let limit = page_size(asked.limit, FOUND, MOST_FOUND)?;
    let from = asked.from.map(|text| text.parse().unwrap_or(UserId(Uuid::nil())));
    let words = asked.query.as_deref();
    let chat = asked.chat_id.map(|id| chat(&id)).transpose()?;
    let times = [before, after].map(|at| at.map(|at| at.0));
    let filters = (words, chat, from, has_file, times);
    let filters = serde_json::to_string(&filters).expect("texts, numbers and ids are JSON");
    let cursor = asked.cursor.map(|text| text.to_owned());
    Ok(Asked::SearchMessages(Box::new(SearchMessages {
        query,
        chat,
        from,
        has_file,
        before,
        after,
        cursor,
        limit,
        filters,
    }))
    .into())
}

fn query(text: &str) -> Result<Query, Refusal> {
    if text.contains('\0') {
        return Err(Refusal::bad_request("Query must not contain NUL"));
    }
    Query::new(text).map_err(|why| Refusal::bad_request(why.to_string()))
}

fn time(what: &str, text: &str) -> Result<Timestamp, Refusal> {
    Timestamp::parse(text).ok_or_else(|| Refusal::bad_request(format!("{what} must be a time in ISO 8601")))
}

/// A message that was looked for.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
#[allow(missing_docs, reason = "the fields are the contract's own, explained there once")]
pub struct Found<'a> {
    pub message: Message<'a>,
    pub ranges: &'a [(usize, usize)],
}

/// What is answered.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
#[allow(missing_docs, reason = "the fields are the contract's own, explained there once")]
pub struct SearchResult<'a> {
    pub results: Vec<Found<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    pub has_more: bool,
}

impl Tell for SearchResult<'_> {
    fn name(&self) -> &'static str {
        "search-result"
    }
}
