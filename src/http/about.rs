//! GET /about: what a client must know of this server before it asks. Open to all.
use std::{net::IpAddr, path::PathBuf, sync::Arc};

use actix_web::{HttpRequest, web::Data};
use arc_swap::ArcSwap;
use serde_json::json;

use super::{Answer, State, request::visitor};
use crate::settings::{Settings, Transport};

const NAME_CHARACTERS: u32 = 64;

/// What clients are told of this server. Cheap to clone: all clones tell the same.
#[derive(Clone)]
pub struct About(Arc<ArcSwap<Told>>);

/// What is told, taken from the settings.
struct Told {
    content_bytes: u64,
    group_members: u64,
    mentions: u64,
    attachments: u64,
    file_bytes: u64,
    edit_window: u64,
    delete_window: u64,
    /// The folder that mails go to, if they go to one.
    outbox: Option<PathBuf>,
}

impl About {
    /// By these settings.
    pub fn new(settings: &Settings) -> Self {
        Self(Arc::new(ArcSwap::from_pointee(Told::of(settings))))
    }

    /// From now on by other settings.
    pub fn retune(&self, settings: &Settings) {
        self.0.store(Arc::new(Told::of(settings)));
    }
}

impl Told {
    fn of(settings: &Settings) -> Self {
        let mail = &settings.mail;
        let folder = || std::path::absolute(&mail.outbox).unwrap_or_else(|_| mail.outbox.clone());
        Self {
            content_bytes: settings.limits.content_bytes as u64,
            group_members: settings.limits.group_members as u64,
            mentions: settings.messages.mentions as u64,
            attachments: settings.messages.attachments as u64,
            file_bytes: settings.files.max_size as u64,
            edit_window: settings.messages.edit_window.as_secs(),
            delete_window: settings.messages.delete_window.as_secs(),
            outbox: (mail.transport == Transport::Outbox).then(folder),
        }
    }
}

/// Where mails go to a folder, only visitors from this very machine can look into it, and only they are told which it is.
pub(super) async fn about(state: Data<State>, request: HttpRequest) -> Answer {
    let told = state.about.0.load();
    let Told { content_bytes, group_members, mentions, attachments, file_bytes, edit_window, delete_window, outbox } =
        &**told;
    let limits = json!({
        "ContentBytes": content_bytes,
        "NameCharacters": NAME_CHARACTERS,
        "GroupMembers": group_members,
        "Mentions": mentions,
        "Attachments": attachments,
        "FileBytes": file_bytes,
        "EditWindow": edit_window,
        "DeleteWindow": delete_window,
    });
    let answer = Answer::yes("Greenroom")
        .with("Name", "Greenroom")
        .with("Version", env!("CARGO_PKG_VERSION"))
        .with("Limits", limits)
        .with("Mail", if outbox.is_some() { "outbox" } else { "smtp" });
    let is_near = visitor(&state, &request).ip.parse::<IpAddr>().is_ok_and(|ip| ip.to_canonical().is_loopback());
    match outbox {
        Some(folder) if is_near => answer.with("Outbox", folder.to_string_lossy()),
        _ => answer,
    }
}
