//! Whole journeys through a running server: one file per feature.
mod accounts_bodies;
mod accounts_faults;
mod accounts_headers;
mod accounts_limits;
mod accounts_login;
mod accounts_mail;
mod accounts_password;
mod accounts_refresh;
mod accounts_relay;
mod accounts_session;
mod accounts_sessions;
mod accounts_signup;
mod accounts_surface;
mod accounts_verify;
mod browser;
mod chats_deletion;
mod chats_devices;
mod chats_groups;
mod chats_leaving;
mod chats_lists;
mod chats_members;
mod chats_personal;
mod chats_reads;
mod chats_retries;
mod chats_sync;
#[allow(dead_code)]
#[path = "../support/client.rs"]
mod client;
#[allow(dead_code)]
#[path = "../support/scratch.rs"]
mod scratch;
mod support;
