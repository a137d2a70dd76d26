//! People with whom one wants to have nothing to do.
use serde::{Deserialize, Serialize};

use super::{
    ClientEvent, Parser, PayloadBounds, Query, Tell,
    payload::{Nothing, Payload, Text, user},
};
use crate::domain::{Refusal, Timestamp, UserId};

pub(super) const EVENTS: &[(&str, Parser)] = &[("block-user", block), ("fetch-blocks", fetch)];

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Block<'a> {
    #[serde(borrow)]
    user: Text<'a>,
    on: bool,
}

fn block(payload: Payload<'_>, _: &PayloadBounds) -> Result<ClientEvent, Refusal> {
    let asked: Block = payload.read()?;
    Ok(Query::Block(user(&asked.user)?, asked.on).into())
}

fn fetch(payload: Payload<'_>, _: &PayloadBounds) -> Result<ClientEvent, Refusal> {
    payload.read_if_any::<Nothing>()?;
    Ok(Query::Blocks.into())
}

/// Somebody who is blocked.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
#[allow(missing_docs, reason = "the fields are the contract's own, explained there once")]
pub struct BlockRow {
    #[serde(rename = "_id")]
    pub id: UserId,
    pub name: String,
    pub at: Timestamp,
}

/// What is told to the sockets of the one who blocks.
#[derive(Debug, Serialize)]
#[serde(untagged, rename_all_fields = "PascalCase")]
#[allow(missing_docs, reason = "the fields are the contract's own, explained there once")]
pub enum BlockEvent {
    UserBlocked { user: UserId, on: bool },
    Blocks { users: Vec<BlockRow> },
}

impl Tell for BlockEvent {
    fn name(&self) -> &'static str {
        match self {
            Self::UserBlocked { .. } => "user-blocked",
            Self::Blocks { .. } => "blocks",
        }
    }
}
