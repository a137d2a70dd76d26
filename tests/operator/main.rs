//! The built program as the person meets it who runs it: its settings, its signals, its other commands.
mod beside;
mod certificate;
#[allow(dead_code)]
#[path = "../support/client.rs"]
mod client;
mod connections;
mod health;
mod log;
mod output;
mod process;
mod reload;
#[allow(dead_code)]
#[path = "../security/support.rs"]
mod server;
mod settings;
mod starting;
mod strangers;
mod urls;
