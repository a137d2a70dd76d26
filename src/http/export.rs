//! GET /me/export: all that the server keeps about the caller, as one stream of JSON. Whatever its length, one page of it
//! is in memory.
use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web::{Bytes, Data},
};
use futures_util::{Stream, StreamExt, stream};
use serde_json::{Value, json};

use super::{Answer, State, answer::common_headers, request::visitor};
use crate::{
    auth::{Admitted, Fault},
    domain::{ChatId, Kind, Listed, Seq},
    store::{self, OwnMessage, Store},
};

const PAGE: u64 = 500;

pub(super) async fn export(state: Data<State>, request: HttpRequest) -> Result<HttpResponse, Answer> {
    let caller = state.caller(&request).await?;
    let visitor = visitor(&state, &request);
    let counted = state.limits.exports_per_user.check(caller.user.0);
    counted.map_err(|late| state.late("exports of one user", &visitor, late))?;
    let head = head(&state, &caller).await?;
    log::info!("user {} exported the account's data to {}", caller.user, visitor.ip);
    let mut response = HttpResponse::build(StatusCode::OK);
    common_headers(&mut response, "default-src 'none'; frame-ancestors 'none'");
    response.insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"greenroom.json\""));
    let start = stream::once(async move { Ok(Bytes::from(head)) });
    let end = stream::once(async { Ok(Bytes::from_static(b"]}")) });
    let body = start.chain(messages(state.store.clone(), caller)).chain(end);
    Ok(response.content_type("application/json").streaming(Box::pin(body)))
}

/// Everything up to the first message.
async fn head(state: &State, caller: &Admitted) -> Result<String, Fault> {
    let store = &state.store;
    let since = store.signed_up_at(caller.user).await?;
    let profile = json!({"Id": caller.user, "Name": caller.name, "Email": caller.email.as_str(), "CreatedAt": since});
    let sessions = state.auth.sessions(caller.user).await?;
    let sessions: Vec<Value> = sessions
        .into_iter()
        .map(
            |s| json!({"CreatedAt": s.created_at, "LastSeenAt": s.last_seen_at, "Ip": s.ip, "UserAgent": s.user_agent}),
        )
        .collect();
    let notes = json!({"Id": caller.user.self_chat(), "Kind": Kind::SelfNotes.as_str(), "Name": caller.name});
    let lists = store.lists(caller.user).await?;
    let personal = lists.personal.into_iter().map(|chat| row(Kind::Personal, chat));
    let groups = lists.groups.into_iter().map(|chat| row(Kind::Group, chat));
    let chats: Vec<Value> = [notes].into_iter().chain(personal).chain(groups).collect();
    Ok(format!(
        "{{\"Profile\":{profile},\"Sessions\":{},\"Chats\":{},\"Messages\":[",
        Value::from(sessions),
        Value::from(chats)
    ))
}

fn row(kind: Kind, chat: Listed) -> Value {
    json!({"Id": chat.chat, "Kind": kind.as_str(), "Name": chat.name, "LastChat": chat.last_message_at})
}

/// The caller's messages, page by page. If the database gives up, the stream breaks off, and no client takes half for all.
fn messages(store: Store, caller: Admitted) -> impl Stream<Item = Result<Bytes, store::Fault>> {
    let first = Some((None::<(ChatId, Seq)>, true));
    stream::try_unfold(first, move |place| {
        let (store, user) = (store.clone(), caller.user);
        async move {
            let Some((after, is_first)) = place else { return Ok(None) };
            let page = store.own_messages(user, after, PAGE).await?;
            let last = page.last().map(|message| (message.chat, message.seq));
            let next = last.filter(|_| page.len() as u64 == PAGE).map(|last| (Some(last), false));
            Ok(Some((text(&page, is_first), next)))
        }
    })
}

fn text(page: &[OwnMessage], is_first: bool) -> Bytes {
    let rows = page.iter().map(|said| {
        json!({"ChatId": said.chat, "_id": said.id, "Seq": said.seq, "Content": said.content, "Timestamp": said.sent_at})
            .to_string()
    });
    let rows = rows.collect::<Vec<_>>().join(",");
    Bytes::from(if is_first || rows.is_empty() { rows } else { format!(",{rows}") })
}
