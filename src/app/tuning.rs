//! What each room goes by, read off the settings. The rooms have words of their own and know no keys.
use std::sync::Arc;

use crate::{
    client::Policy,
    domain::Rules,
    events::Limits,
    limits::{self, Limits as Rates},
    registry,
    settings::Settings,
    socket::{Bounds, Doorman, Options, Origins},
    writer,
};

/// So many of the largest answers fit into what may wait for one socket.
const ANSWERS_PER_BUDGET: usize = 4;

/// Nobody needs more to say who they are.
const MAX_PAYLOAD_BEFORE_CONNECT: usize = 8 * 1024;

pub(super) fn writer_tuning(settings: &Settings) -> writer::Tuning {
    let bounds = &settings.actors.writer;
    writer::Tuning {
        mailbox_capacity: bounds.mailbox_capacity,
        batch_size: bounds.batch_size,
        batch_delay: bounds.batch_delay,
        retry_for: bounds.retry_for,
    }
}

pub(super) fn registry_tuning(settings: &Settings) -> registry::Tuning {
    let actors = &settings.actors;
    registry::Tuning {
        mailbox_capacity: actors.registry.mailbox_capacity,
        chat_mailbox_capacity: actors.chat.mailbox_capacity,
        idle_timeout: actors.chat.idle_timeout,
        max_live: actors.chat.max_live,
        rules: rules(settings),
    }
}

fn rules(settings: &Settings) -> Rules {
    Rules {
        group_members: settings.limits.group_members,
        history_for_new_members: settings.groups.history_for_new_members,
        answer_bytes: settings.actors.session.outbound_bytes / ANSWERS_PER_BUDGET,
    }
}

pub(super) fn policy(settings: &Settings) -> Policy {
    let limits = &settings.limits;
    Policy {
        limits: Limits {
            content_bytes: limits.content_bytes,
            group_members: limits.group_members,
            page: settings.history.page,
            max_page: settings.history.max_page,
        },
        rules: rules(settings),
        sockets_per_user: limits.enabled.then_some(limits.sockets_per_user),
        allow_query_tokens: settings.auth.allow_query_tokens,
        refuse_with: settings.auth.refuse_with,
        show_email: settings.privacy.show_email,
    }
}

/// Without a configured public URL, the Host header tells a page's own server.
pub(super) fn origins(settings: &Settings) -> Origins {
    let server = &settings.server;
    let public_url = Some(server.origin().to_owned()).filter(|origin| !origin.is_empty());
    let cors = !server.allowed_origins.is_empty();
    Origins { public_url, allowed: server.allowed_origins.clone(), cors, any: false }
}

pub(super) fn options(settings: &Settings, origins: Origins, rates: Arc<Rates>) -> Options {
    let socketio = &settings.socketio;
    Options {
        ping_interval: socketio.ping_interval,
        ping_timeout: socketio.ping_timeout,
        max_payload: socketio.max_payload,
        max_payload_before_connect: Some(MAX_PAYLOAD_BEFORE_CONNECT.min(socketio.max_payload)),
        connect_timeout: socketio.connect_timeout,
        upgrade_timeout: socketio.upgrade_timeout,
        bounds: bounds(settings),
        origins,
        trusted_proxies: settings.server.proxies(),
        doorman: Some(doorman(rates)),
        tls: None,
        ..Options::default()
    }
}

pub(super) fn bounds(settings: &Settings) -> Bounds {
    let (limits, session) = (&settings.limits, &settings.actors.session);
    Bounds {
        mailbox_capacity: session.mailbox_capacity,
        outbound_bytes: session.outbound_bytes,
        max_sockets: limits.enabled.then_some(limits.sockets),
        max_sockets_per_ip: limits.enabled.then_some(limits.sockets_per_ip),
    }
}

fn doorman(rates: Arc<Rates>) -> Doorman {
    Doorman(Arc::new(move |network| {
        let counted = rates.handshakes_per_ip.check(network);
        counted.inspect_err(|_| limits::tell("too many new sockets", &network.to_string())).is_ok()
    }))
}
