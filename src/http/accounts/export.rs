//! GET /me/export: all that the server keeps about the caller, as one stream of JSON. Whatever its length, one page of it
//! is in memory.
use std::vec;

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web::{Bytes, Data},
};
use futures_util::{Stream, StreamExt, stream};
use serde_json::{Value, json};

use crate::{
    auth::{Admitted, Fault},
    domain::{Audience, ChatId, Emoji, FileId, Kind, Listed, Own, Preferences, Privacy, Seq, Timestamp, UserId},
    events::{Attachments, ShownFile},
    http::{Answer, State, answer::common_headers, request::visitor},
    store::{self, OwnMessage, Store},
};

const PAGE: u64 = 500;
/// More than anybody may have starred, unless the setting was lowered since.
const STARS: u64 = 50_000;
/// So many messages, of whoever, are looked at in one query.
const SPAN: i64 = 5_000;

pub(in crate::http) async fn export(state: Data<State>, request: HttpRequest) -> Result<HttpResponse, Answer> {
    let caller = state.caller(&request).await?;
    let visitor = visitor(&state, &request);
    let counted = state.limits.exports_per_user.check(caller.user.0);
    counted.map_err(|late| state.late("too many exports of one user", &visitor, late))?;
    let head = head(&state, &caller).await?;
    let chats = state.store.own_chats(caller.user).await.map_err(Fault::from)?;
    log::info!("user {} exported the account's data to {}", caller.user, visitor.ip);
    let mut response = HttpResponse::build(StatusCode::OK);
    common_headers(&mut response, "default-src 'none'; frame-ancestors 'none'");
    response.insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"greenroom.json\""));
    let start = stream::once(async move { Ok(Bytes::from(head)) });
    let end = stream::once(async { Ok(Bytes::from_static(b"]}")) });
    let before_files = stream::once(async { Ok(Bytes::from_static(b"],\"Files\":[")) });
    let uploaded = files(state.store.clone(), caller.user);
    let between = stream::once(async { Ok(Bytes::from_static(b"],\"Reactions\":[")) });
    let said = messages(state.store.clone(), caller.user, chats.clone());
    let reacted = reactions(state.store.clone(), caller.user, chats);
    let body = start.chain(said).chain(between).chain(reacted).chain(before_files).chain(uploaded).chain(end);
    Ok(response.content_type("application/json").streaming(Box::pin(body)))
}

/// Everything up to the first message.
async fn head(state: &State, caller: &Admitted) -> Result<String, Fault> {
    let store = &state.store;
    let since = store.signed_up_at(caller.user).await?;
    let said = store.profile(caller.user, Timestamp::now()).await?;
    let profile = json!({
        "Id": caller.user,
        "Name": caller.name,
        "Email": caller.email.as_str(),
        "CreatedAt": since,
        "Bio": said.as_ref().map(|said| said.bio.as_str()),
        "Status": said.as_ref().map(|said| said.status.as_str()),
        "StatusUntil": said.as_ref().and_then(|said| said.status_until),
        "Avatar": said.as_ref().and_then(|said| said.avatar),
    });
    let blocked = store.blocks(caller.user).await?;
    let blocked: Vec<Value> =
        blocked.into_iter().map(|one| json!({"Id": one.user, "Name": one.name, "At": one.at})).collect();
    let logins = state.auth.logins(caller.user).await?;
    let sessions: Vec<Value> = logins
        .into_iter()
        .map(
            |s| json!({"CreatedAt": s.created_at, "LastSeenAt": s.last_seen_at, "Ip": s.ip, "UserAgent": s.user_agent}),
        )
        .collect();
    let notes = json!({"Id": caller.user.self_chat(), "Kind": kind_name(Kind::SelfNotes), "Name": caller.name});
    let lists = store.whole_lists(caller.user).await?;
    let own = store.chat(caller.user.self_chat()).await?;
    let own = own.and_then(|own| Some(own.roster.member(caller.user).ok()?.preferences));
    let own = own.map(|preferences| prefs(caller.user.self_chat(), preferences.cleared.next(), &preferences));
    let others = lists.personal.iter().chain(&lists.groups);
    let others = others.map(|chat| prefs(chat.chat, chat.first, &chat.preferences));
    let prefs: Vec<Value> = own.into_iter().chain(others).collect();
    let personal = lists.personal.into_iter().map(|chat| row(Kind::Personal, chat));
    let groups = lists.groups.into_iter().map(|chat| row(Kind::Group, chat));
    let chats: Vec<Value> = [notes].into_iter().chain(personal).chain(groups).collect();
    let starred = store.own_stars(caller.user, STARS).await?.into_iter();
    let starred: Vec<Value> =
        starred.map(|(chat, seq, at)| json!({"ChatId": chat, "Seq": seq, "StarredAt": at})).collect();
    Ok(format!(
        "{{\"Profile\":{profile},\"Privacy\":{},\"Blocked\":{},\"Sessions\":{},\"Chats\":{},\"Prefs\":{},\"Starred\":{},\"Messages\":[",
        privacy(caller.privacy),
        Value::from(blocked),
        Value::from(sessions),
        Value::from(chats),
        Value::from(prefs),
        Value::from(starred)
    ))
}

/// What the caller alone decides of a chat.
fn prefs(chat: ChatId, first: Seq, preferences: &Preferences) -> Value {
    let Preferences { silent_until, archived, pinned_at, marked_unread, hidden, .. } = *preferences;
    json!({
        "ChatId": chat,
        "FirstSeq": first,
        "MutedUntil": silent_until,
        "Archived": archived,
        "Pinned": pinned_at.is_some(),
        "MarkedUnread": marked_unread,
        "Hidden": hidden,
    })
}

/// What the caller lets others know.
fn privacy(Privacy { presence, add_to_groups, read_receipts, typing }: Privacy) -> Value {
    json!({
        "Presence": audience_name(presence),
        "AddToGroups": audience_name(add_to_groups),
        "ReadReceipts": read_receipts,
        "Typing": typing,
    })
}

fn audience_name(audience: Audience) -> &'static str {
    match audience {
        Audience::Everyone => "Everyone",
        Audience::Contacts => "Contacts",
        Audience::Nobody => "Nobody",
    }
}

fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::SelfNotes => "Self",
        Kind::Personal => "Personal",
        Kind::Group => "Group",
    }
}

fn row(kind: Kind, chat: Listed) -> Value {
    json!({"Id": chat.chat, "Kind": kind_name(kind), "Name": chat.name, "LastChat": chat.last_message_at})
}

/// The caller's messages, chat by chat and page by page. If the database gives up, the stream breaks off, and no client
/// takes half for all.
fn messages(store: Store, user: UserId, chats: Vec<(ChatId, Seq)>) -> impl Stream<Item = Result<Bytes, store::Fault>> {
    let start = Place { chats: chats.into_iter(), chat: None, is_first: true };
    stream::try_unfold(start, move |mut place| {
        let store = store.clone();
        async move {
            let Some((chat, after, upto)) = place.next_span() else { return Ok(None) };
            let page = store.own_messages(user, chat, after, upto, PAGE).await?;
            if let Some(last) = page.last().filter(|_| page.len() as u64 == PAGE) {
                place.go_on_after(last.seq);
            }
            let is_first = place.is_first;
            place.is_first &= page.is_empty();
            Ok::<_, store::Fault>(Some((text(&page, is_first), place)))
        }
    })
}

/// What the caller reacted with, likewise.
fn reactions(store: Store, user: UserId, chats: Vec<(ChatId, Seq)>) -> impl Stream<Item = Result<Bytes, store::Fault>> {
    let chats = chats.into_iter().map(|(chat, _)| chat).collect::<Vec<_>>().into_iter();
    stream::try_unfold((chats, None::<(ChatId, Own)>, true), move |(mut chats, at, is_first)| {
        let store = store.clone();
        async move {
            let Some((chat, after)) = at.or_else(|| chats.next().map(|chat| (chat, Own(0)))) else { return Ok(None) };
            let page = store.own_reactions(user, chat, after, PAGE).await?;
            let last = page.last().filter(|_| page.len() as u64 == PAGE).map(|last| (chat, last.own));
            let rows = page.iter().flat_map(|marks| {
                let row = move |emoji: &Emoji| json!({"ChatId": chat, "Seq": marks.seq, "Emoji": emoji.as_str()});
                marks.emojis.iter().map(row)
            });
            let rows: Vec<String> = rows.map(|row| row.to_string()).collect();
            let text = listed(&rows, is_first);
            Ok::<_, store::Fault>(Some((text, (chats, last, is_first && rows.is_empty()))))
        }
    })
}

/// What the caller uploaded, likewise.
fn files(store: Store, user: UserId) -> impl Stream<Item = Result<Bytes, store::Fault>> {
    stream::try_unfold(Some(None::<FileId>), move |after| {
        let store = store.clone();
        async move {
            let Some(after) = after else { return Ok(None) };
            let page = store.uploads(user, after, PAGE).await?;
            let next = page.last().filter(|_| page.len() as u64 == PAGE).map(|last| Some(last.id));
            let rows: Vec<String> = page.iter().map(|file| json!(ShownFile::from(file)).to_string()).collect();
            Ok::<_, store::Fault>(Some((listed(&rows, after.is_none()), next)))
        }
    })
}

/// How far an export has come.
struct Place {
    /// Those that are not begun, each with its newest message.
    chats: vec::IntoIter<(ChatId, Seq)>,
    /// The one at hand: after where it goes on, and its newest message.
    chat: Option<(ChatId, Seq, Seq)>,
    /// Whether nothing was written yet.
    is_first: bool,
}

impl Place {
    /// The next messages to look at.
    fn next_span(&mut self) -> Option<(ChatId, Seq, Seq)> {
        let at_hand = self.chat.take().filter(|(_, after, newest)| after < newest);
        let (chat, after, newest) = match at_hand {
            Some(at_hand) => at_hand,
            None => self.chats.next().map(|(chat, newest)| (chat, Seq(0), newest))?,
        };
        let upto = newest.min(Seq(after.0 + SPAN));
        self.chat = Some((chat, upto, newest));
        Some((chat, after, upto))
    }

    /// A page was full before the span was at its end.
    fn go_on_after(&mut self, last: Seq) {
        if let Some((_, after, _)) = &mut self.chat {
            *after = last;
        }
    }
}

fn text(page: &[OwnMessage], is_first: bool) -> Bytes {
    let rows: Vec<String> = page.iter().map(|said| message(said).to_string()).collect();
    listed(&rows, is_first)
}

fn message(said: &OwnMessage) -> Value {
    let OwnMessage { chat, id, seq, content, sent_at, attachments } = said;
    let mut row = json!({"ChatId": chat, "_id": id, "Seq": seq, "Content": content, "Timestamp": sent_at});
    if !attachments.is_empty() {
        row["Attachments"] = json!(Attachments(attachments));
    }
    row
}

/// A part of a list.
fn listed(rows: &[String], is_first: bool) -> Bytes {
    let rows = rows.join(",");
    Bytes::from(if is_first || rows.is_empty() { rows } else { format!(",{rows}") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_of_every_chat_is_looked_at_once_and_in_order() {
        let chats = [(ChatId::new(), Seq(0)), (ChatId::new(), Seq(1)), (ChatId::new(), Seq(2 * SPAN + 3))];
        let mut place = Place { chats: Vec::from(chats).into_iter(), chat: None, is_first: true };
        let mut seen = Vec::new();
        let mut cut = true;
        while let Some((chat, after, upto)) = place.next_span() {
            assert!(upto.0 - after.0 <= SPAN);
            // Every other span has a full page in its middle.
            let end = if cut && upto.0 - after.0 > 7 { Seq(after.0 + 7) } else { upto };
            if end < upto {
                place.go_on_after(end);
            }
            cut = !cut;
            seen.extend((after.0 + 1..=end.0).map(|seq| (chat, seq)));
        }
        let all = chats.iter().flat_map(|(chat, newest)| (1..=newest.0).map(|seq| (*chat, seq)));
        assert_eq!(seen, all.collect::<Vec<_>>());
    }
}
