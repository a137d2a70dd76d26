//! The built program as the person meets it who runs it: its settings, its signals, its other commands.
mod certificate;
mod connections;
mod health;
mod log;
mod process;
mod reload;
mod settings;
mod urls;
