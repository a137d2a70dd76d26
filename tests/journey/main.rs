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
#[allow(dead_code)]
#[path = "../databases/scratch.rs"]
mod scratch;
mod support;
