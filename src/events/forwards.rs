//! Messages that are said again elsewhere.
use serde::Deserialize;

use super::{
    ClientEvent, ForChat, Parser, PayloadBounds,
    payload::{Payload, Text, chat, required_seq},
};
use crate::domain::{ChatId, ClientId, Refusal, Seq};

/// Somebody wants to say a message of one chat in another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForwardMessage {
    /// The chat it is in.
    pub chat: ChatId,
    /// The message.
    pub seq: Seq,
    /// Where it is to be said.
    pub to: ChatId,
    /// The client's idempotency key.
    pub client_id: Option<ClientId>,
}

pub(super) const EVENTS: &[(&str, Parser)] = &[("forward-message", forward)];

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Forward<'a> {
    #[serde(borrow)]
    chat_id: Text<'a>,
    seq: i64,
    to: Text<'a>,
    client_id: Option<Text<'a>>,
}

fn forward(payload: Payload<'_>, _: &PayloadBounds) -> Result<ClientEvent, Refusal> {
    let asked: Forward = payload.read()?;
    let seq = required_seq(asked.seq)?;
    let client_id = asked.client_id.as_deref().map(ClientId::new).transpose()?;
    Ok(ForChat::Forward(ForwardMessage { chat: chat(&asked.chat_id)?, seq, to: chat(&asked.to)?, client_id }).into())
}
