//! From an event's name and its JSON to a `ClientEvent`, or a refusal that says what is wrong. Shapes and types come first, ids last.
use std::{
    borrow::Cow,
    collections::{BTreeMap, HashSet},
};

use memchr::memchr2_iter;
use serde::Deserialize;

use super::ask::{ClientEvent, Limits, PageRequest, Purpose, name};
use crate::domain::{
    ChatId, ClientId, Code, Content, Description, IdHasher, Kind, Name, NamePart, Refusal, Seq, UserId,
};

/// A payload may nest this deep; nothing in the contract needs more than three.
const MAX_DEPTH: usize = 16;

type Text<'a> = Cow<'a, str>;

/// The payloads, field by field as they stand on the wire. Unknown fields are ignored.
macro_rules! payloads {
    ($($name:ident { $($field:ident: $type:ty),* $(,)? })*) => {
        $(#[derive(Deserialize)] #[serde(rename_all = "PascalCase")] struct $name<'a> {
            $(#[serde(borrow)] $field: $type,)*
        })*
    };
}

payloads! {
    Receiver { receiver: Text<'a> }
    Search { name: Text<'a>, r#type: Text<'a> }
    SendPersonal { chat_id: Text<'a>, content: Text<'a>, client_id: Option<Text<'a>> }
    SendGroup { group_id: Text<'a>, content: Text<'a>, client_id: Option<Text<'a>> }
    SendSelf { content: Text<'a>, client_id: Option<Text<'a>> }
    NewGroup { name: Text<'a>, description: Text<'a>, participants: Vec<Text<'a>> }
    Someone { group_id: Text<'a>, member: Text<'a> }
    InGroup { group_id: Text<'a> }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct FetchPersonal<'a> {
    #[serde(borrow)]
    chat_id: Text<'a>,
    before: Option<i64>,
    limit: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct FetchGroup<'a> {
    #[serde(borrow)]
    group_id: Text<'a>,
    before: Option<i64>,
    limit: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct FetchSelf {
    before: Option<i64>,
    limit: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ReadPersonal<'a> {
    #[serde(borrow)]
    chat_id: Text<'a>,
    seq: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ReadGroup<'a> {
    #[serde(borrow)]
    group_id: Text<'a>,
    seq: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Seen<'a> {
    #[serde(borrow)]
    chats: Option<BTreeMap<Text<'a>, i64>>,
    limit: Option<i64>,
}

#[derive(Deserialize)]
struct Nothing {}

impl ClientEvent {
    /// Reads what a client asks. `payload` is the event's one argument as JSON text, if it had one.
    pub fn parse(event: &str, payload: Option<&str>, limits: &Limits) -> Result<Self, Refusal> {
        let may_be_missing =
            [name::FETCH_USER_DETAILS, name::FETCH_SELF_CHAT, name::LIST_CHATS, name::SYNC].contains(&event);
        let json = match payload {
            Some(json) => json,
            None if may_be_missing => "{}",
            None => "",
        };
        Ok(match event {
            name::FETCH_USER_DETAILS => read::<Nothing>(json).map(|_| Self::FetchUserDetails)?,
            name::LIST_CHATS => read::<Nothing>(json).map(|_| Self::ListChats)?,
            name::SYNC => sync(read(json)?, limits)?,
            name::SEARCH_USER => {
                let asked: Search = read(json)?;
                Self::SearchUser { purpose: purpose(&asked.r#type)?, name: NamePart::new(&asked.name)? }
            }
            name::CHECK_CHAT => Self::CheckChat { receiver: user(&read::<Receiver>(json)?.receiver)? },
            name::CREATE_PERSONAL_CHAT => {
                Self::CreatePersonalChat { receiver: user(&read::<Receiver>(json)?.receiver)? }
            }
            name::FETCH_PERSONAL_CHAT => {
                let asked: FetchPersonal = read(json)?;
                fetch(Kind::Personal, Some(&asked.chat_id), asked.before, asked.limit, limits)?
            }
            name::FETCH_GROUP_CHAT => {
                let asked: FetchGroup = read(json)?;
                fetch(Kind::Group, Some(&asked.group_id), asked.before, asked.limit, limits)?
            }
            name::FETCH_SELF_CHAT => {
                let asked: FetchSelf = read(json)?;
                fetch(Kind::SelfNotes, None, asked.before, asked.limit, limits)?
            }
            name::SEND_PERSONAL_MESSAGE => {
                let said: SendPersonal = read(json)?;
                send(Kind::Personal, Some(&said.chat_id), &said.content, said.client_id, limits)?
            }
            name::SEND_GROUP_MESSAGE => {
                let said: SendGroup = read(json)?;
                send(Kind::Group, Some(&said.group_id), &said.content, said.client_id, limits)?
            }
            name::SEND_SELF_MESSAGE => {
                let said: SendSelf = read(json)?;
                send(Kind::SelfNotes, None, &said.content, said.client_id, limits)?
            }
            name::READ_PERSONAL_MESSAGE => {
                let asked: ReadPersonal = read(json)?;
                Self::Read { kind: Kind::Personal, seq: place("Seq", asked.seq)?, chat: chat(&asked.chat_id)? }
            }
            name::READ_GROUP_MESSAGE => {
                let asked: ReadGroup = read(json)?;
                Self::Read { kind: Kind::Group, seq: place("Seq", asked.seq)?, chat: chat(&asked.group_id)? }
            }
            name::CREATE_GROUP_CHAT => group(&read(json)?, limits)?,
            name::ADD_MEMBER => someone(&read(json)?, Self::AddMember)?,
            name::CHANGE_ADMIN => someone(&read(json)?, Self::ChangeAdmin)?,
            name::KICKOUT => someone(&read(json)?, Self::Kickout)?,
            name::LEAVE_GROUP => Self::LeaveGroup(chat(&read::<InGroup>(json)?.group_id)?),
            name::DELETE_GROUP => Self::DeleteGroup(chat(&read::<InGroup>(json)?.group_id)?),
            _ => return Err(Refusal::bad_request("No such event")),
        })
    }
}

/// Reads one object. What is wrong with it is said without repeating what it held.
fn read<'a, T: Deserialize<'a>>(json: &'a str) -> Result<T, Refusal> {
    if !json.trim_start().starts_with('{') {
        return Err(Refusal::bad_request("The payload must be one object"));
    }
    if too_deep(json) {
        return Err(Refusal::bad_request(format!("The payload must not nest deeper than {MAX_DEPTH}")));
    }
    serde_json::from_str(json).map_err(|error| {
        let reason = error.to_string();
        let reason = reason.split(" at line ").next().unwrap_or_default();
        let reason = if reason.starts_with("missing field") { reason } else { "a field has the wrong type" };
        Refusal::bad_request(format!("The payload is wrong: {reason}"))
    })
}

/// By hand: what serde derives for an enum takes `{"Search": null}` too.
fn purpose(text: &str) -> Result<Purpose, Refusal> {
    match text {
        "Search" => Ok(Purpose::Search),
        "Add" => Ok(Purpose::Add),
        _ => Err(Refusal::bad_request("Type must be Search or Add")),
    }
}

fn too_deep(json: &str) -> bool {
    if memchr2_iter(b'[', b'{', json.as_bytes()).nth(MAX_DEPTH).is_none() {
        return false;
    }
    let (mut depth, mut quoted, mut escaped) = (0usize, false, false);
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => depth += 1,
            b'}' | b']' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return true;
        }
    }
    false
}

fn chat(text: &str) -> Result<ChatId, Refusal> {
    text.parse().map_err(|_| Refusal::no_such_chat())
}

fn user(text: &str) -> Result<UserId, Refusal> {
    text.parse().map_err(|_| Refusal::no_such_user())
}

fn place(what: &str, number: Option<i64>) -> Result<Option<Seq>, Refusal> {
    match number {
        Some(number) if number < 0 => Err(Refusal::bad_request(format!("{what} must not be negative"))),
        number => Ok(number.map(Seq)),
    }
}

fn fetch(
    kind: Kind,
    id: Option<&str>,
    before: Option<i64>,
    limit: Option<i64>,
    limits: &Limits,
) -> Result<ClientEvent, Refusal> {
    let page = PageRequest { before: place("Before", before)?, limit: size(limit, limits)? };
    Ok(ClientEvent::Fetch { kind, chat: id.map(chat).transpose()?, page })
}

/// How many messages are wanted; more than the most is clamped.
fn size(limit: Option<i64>, limits: &Limits) -> Result<u64, Refusal> {
    match limit {
        None => Ok(limits.page),
        Some(number) if number < 1 => Err(Refusal::bad_request("Limit must be at least 1")),
        Some(number) => Ok((number as u64).min(limits.max_page)),
    }
}

/// An id that is none names a chat the caller is not in, which is an answer here, not a refusal.
fn sync(asked: Seen<'_>, limits: &Limits) -> Result<ClientEvent, Refusal> {
    let limit = size(asked.limit, limits)?;
    let mut seen = Vec::new();
    for (id, seq) in asked.chats.unwrap_or_default() {
        let seq = place("The last Seq", Some(seq))?.unwrap_or_default();
        seen.push((id.to_string(), id.parse().ok(), seq));
    }
    Ok(ClientEvent::Sync { seen, limit })
}

fn send(
    kind: Kind,
    id: Option<&str>,
    content: &str,
    client_id: Option<Text<'_>>,
    limits: &Limits,
) -> Result<ClientEvent, Refusal> {
    let content = Content::new(content, limits.content_bytes)?;
    let client_id = client_id.map(|text| ClientId::new(&text)).transpose()?;
    Ok(ClientEvent::Send { kind, chat: id.map(chat).transpose()?, content, client_id })
}

fn group(asked: &NewGroup<'_>, limits: &Limits) -> Result<ClientEvent, Refusal> {
    let name = Name::new(&asked.name)?;
    let description = Description::new(&asked.description)?;
    let participants = each_once(&asked.participants)?;
    if participants.len() > limits.group_members {
        return Err(Refusal::new(Code::TooLarge, format!("A group has at most {} members", limits.group_members)));
    }
    Ok(ClientEvent::CreateGroupChat { name, description, participants })
}

/// In the order named; somebody who is named again is one person all the same.
fn each_once(ids: &[Text<'_>]) -> Result<Vec<UserId>, Refusal> {
    let mut known = HashSet::with_hasher(IdHasher::default());
    let mut users = Vec::new();
    for id in ids {
        let user = user(id)?;
        if known.insert(user) {
            users.push(user);
        }
    }
    Ok(users)
}

fn someone(asked: &Someone<'_>, event: impl Fn(ChatId, Option<UserId>) -> ClientEvent) -> Result<ClientEvent, Refusal> {
    Ok(event(chat(&asked.group_id)?, user(&asked.member).ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits { content_bytes: 100, group_members: 3, page: 50, max_page: 200 };

    fn parse(event: &str, json: &str) -> Result<ClientEvent, Refusal> {
        ClientEvent::parse(event, Some(json), &LIMITS)
    }

    #[test]
    fn a_purpose_is_one_of_two_texts_and_nothing_else() {
        for (text, expected) in [("Search", Purpose::Search), ("Add", Purpose::Add)] {
            let asked = parse(name::SEARCH_USER, &format!(r#"{{"Name":"a","Type":"{text}"}}"#));
            assert!(matches!(asked, Ok(ClientEvent::SearchUser { purpose, .. }) if purpose == expected), "{text}");
        }
        for wrong in [r#"{"Search":null}"#, r#"{"Add":null}"#, r#"["Search"]"#, r#""search""#, r#""""#, "null", "0"] {
            let asked = parse(name::SEARCH_USER, &format!(r#"{{"Name":"a","Type":{wrong}}}"#));
            assert_eq!(asked.unwrap_err().code, Code::BadRequest, "{wrong}");
        }
    }

    #[test]
    fn no_text_with_nul_or_half_a_character_and_none_without_an_end_is_looked_for() {
        for wrong in [r"a\u0000".to_owned(), r"a\ud83d".into(), r"a\ude00".into(), "a".repeat(120_000)] {
            let asked = parse(name::SEARCH_USER, &format!(r#"{{"Name":"{wrong}","Type":"Search"}}"#));
            assert_eq!(asked.unwrap_err().code, Code::BadRequest, "{} bytes", wrong.len());
        }
    }

    #[test]
    fn participants_count_once_however_often_they_are_named() {
        let (bob, eve) = (UserId::new(), UserId::new());
        let named = |ids: &[UserId]| {
            let ids: Vec<_> = ids.iter().map(|id| format!("\"{id}\"")).collect();
            let json = format!(r#"{{"Name":"Band","Description":"","Participants":[{}]}}"#, ids.join(","));
            match parse(name::CREATE_GROUP_CHAT, &json) {
                Ok(ClientEvent::CreateGroupChat { participants, .. }) => Ok(participants),
                other => Err(other.unwrap_err().code),
            }
        };
        assert_eq!(named(&[vec![bob; 300], vec![eve], vec![bob; 300]].concat()), Ok(vec![bob, eve]));
        let crowd: Vec<_> = (0..4).map(|_| UserId::new()).collect();
        assert_eq!(named(&crowd), Err(Code::TooLarge));
    }
}
