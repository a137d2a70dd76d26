//! What each room goes by, read off the settings. The rooms have words of their own and know no keys.
use std::sync::Arc;

use super::open_files;
use crate::{
    client::Policy,
    domain::{Rules, TypingRules},
    events::PayloadBounds,
    limits::{self, Rates},
    registry,
    settings::Settings,
    socket::{AddressLimit, Bounds, Deadlines, Full, OnRejected, Options, Origins, network},
    writer,
};

/// So many of the largest answers fit into what may wait for one socket.
const ANSWERS_PER_BUDGET: usize = 4;

/// A polling socket has a request for each way, and the page around it has more.
const CONNECTIONS_PER_SOCKET: usize = 4;

/// One in so many connections is for others than the address that has the most.
const OTHERS_SHARE: usize = 4;

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

pub(super) fn rules(settings: &Settings) -> Rules {
    Rules {
        group_members: settings.limits.group_members,
        history_for_new_members: settings.groups.history_for_new_members,
        answer_bytes: settings.actors.session.outbound_bytes / ANSWERS_PER_BUDGET,
        edit_window: settings.messages.edit_window,
        delete_window: settings.messages.delete_window,
        reactions: settings.messages.reactions,
        reactions_per_user: settings.messages.reactions_per_user,
        pins: settings.messages.pins,
        stars: settings.messages.stars,
        bans: settings.groups.bans,
        blocks: settings.users.blocks,
        invites: settings.groups.invites,
        pinned_chats: settings.chats.pinned,
        typing: TypingRules {
            expires: settings.presence.typing_expires,
            pause: settings.presence.typing_pause,
            members: settings.presence.typing_members,
        },
    }
}

pub(super) fn policy(settings: &Settings) -> Policy {
    let limits = &settings.limits;
    Policy {
        bounds: PayloadBounds {
            content_bytes: limits.content_bytes,
            group_members: limits.group_members,
            page: settings.history.page,
            max_page: settings.history.max_page,
            mentions: settings.messages.mentions,
            attachments: settings.messages.attachments,
            watched: settings.presence.watch,
        },
        rules: rules(settings),
        sockets_per_user: limits.enabled.then_some(limits.sockets_per_user),
        allow_query_tokens: settings.auth.allow_query_tokens,
        refuse_with: settings.auth.refuse_with,
        search: settings.search.enabled,
        show_email: settings.privacy.show_email,
        presence_interval: settings.presence.interval,
        presence_grace: settings.presence.grace,
    }
}

/// Without a configured public URL, the Host header tells a page's own server.
pub(super) fn origins(settings: &Settings) -> Origins {
    let server = &settings.server;
    let cors = !server.allowed_origins.is_empty();
    Origins { public_url: server.origin(), allowed: server.allowed_origins.clone(), cors, any: false }
}

pub(super) fn options(settings: &Settings, origins: Origins, rates: Arc<Rates>, room: Option<usize>) -> Options {
    let socketio = &settings.socketio;
    Options {
        ping_interval: socketio.ping_interval,
        ping_timeout: socketio.ping_timeout,
        max_payload: socketio.max_payload,
        max_payload_before_connect: Some(MAX_PAYLOAD_BEFORE_CONNECT.min(socketio.max_payload)),
        connect_timeout: socketio.connect_timeout,
        upgrade_timeout: socketio.upgrade_timeout,
        deadlines: deadlines(settings),
        room,
        bounds: bounds(settings, room),
        origins,
        trusted_proxies: settings.server.proxies(),
        address_limit: Some(address_limit(rates.clone())),
        on_rejected: Some(on_rejected()),
        tls: None,
        ..Options::default()
    }
}

pub(super) fn deadlines(settings: &Settings) -> Deadlines {
    let server = &settings.server;
    Deadlines { head: server.head_timeout, body: server.body_timeout, answer: server.answer_timeout }
}

/// There is `room` for so many connections.
pub(super) fn bounds(settings: &Settings, room: Option<usize>) -> Bounds {
    let limits = &settings.limits;
    let session = &settings.actors.session;
    let wanted = (limits.enabled && limits.connections > 0).then_some(limits.connections);
    let connections = wanted.into_iter().chain(room).min();
    let others = connections.map_or(usize::MAX, |all| all - all / OTHERS_SHARE);
    let per_ip = match limits.connections_per_ip {
        0 => limits.sockets_per_ip.saturating_mul(CONNECTIONS_PER_SOCKET),
        most => most,
    };
    Bounds {
        mailbox_capacity: session.mailbox_capacity,
        outbound_bytes: session.outbound_bytes,
        max_sockets: limits.enabled.then_some(limits.sockets),
        max_sockets_per_ip: limits.enabled.then_some(limits.sockets_per_ip),
        max_connections: connections,
        max_connections_per_ip: limits.enabled.then_some(per_ip.min(others)),
    }
}

/// The admin listener is for a few who are trusted; they may be stuck all the same.
pub(super) fn admin_options(settings: &Settings) -> Options {
    let bounds = Bounds { max_connections: Some(open_files::ADMIN), ..Bounds::default() };
    Options { deadlines: deadlines(settings), bounds, ..Options::default() }
}

fn on_rejected() -> OnRejected {
    OnRejected(Arc::new(|full, peer| {
        let what = match full {
            Full::Server => "too many connections to this server",
            Full::Address => "too many connections from one address",
        };
        limits::tell(what, &network(peer).to_string());
    }))
}

fn address_limit(rates: Arc<Rates>) -> AddressLimit {
    AddressLimit(Arc::new(move |network| {
        let counted = rates.handshakes_per_ip.check(network);
        counted.inspect_err(|_| limits::tell("too many new sockets", &network.to_string())).is_ok()
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_never_has_all_connections_and_no_more_than_the_settings_say() {
        let mut settings = Settings::defaults();
        let of = |settings: &Settings, room| {
            let bounds = bounds(settings, room);
            (bounds.max_connections, bounds.max_connections_per_ip)
        };
        assert_eq!(of(&settings, None), (None, Some(400)), "four for each socket");
        assert_eq!(of(&settings, Some(1000)), (Some(1000), Some(400)));
        assert_eq!(of(&settings, Some(100)), (Some(100), Some(75)));
        (settings.limits.connections, settings.limits.connections_per_ip) = (200, 110);
        assert_eq!(of(&settings, Some(1000)), (Some(200), Some(110)));
        assert_eq!(of(&settings, Some(100)), (Some(100), Some(75)), "files are the end of it");
        settings.limits.enabled = false;
        assert_eq!(of(&settings, Some(1000)), (Some(1000), None), "which holds without limits, too");
    }
}
