//! What chats are told and ask where there are several nodes.
use actix::prelude::*;

use super::command::Command;
use crate::{
    domain::{ChatId, ChatNews, Step},
    presence::Whisper,
};

/// What another node did in a chat. From the registry.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Hear(pub ChatNews);

/// Answered once this node has heard everything that was stored anywhere before the question.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Abreast;

/// A command that waited for that. To the registry, which passes it on behind what it passed on before.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Behind(pub ChatId, pub Command);

/// The same, from the registry.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Abreasted(pub Command);

/// A hint of another node. From the registry.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Whispered(pub Whisper);

/// Which step a chat stands at. `None`: it has not been loaded.
#[derive(Message)]
#[rtype(result = "Option<Step>")]
pub struct StandsAt;

/// Something is wrong with what a chat was told: it looks at the database again, and its members' sockets here come back.
#[derive(Message)]
#[rtype(result = "()")]
pub struct Renew;
