//! The tables of Greenroom. Times are milliseconds since 1970 UTC; ids are UUIDv7.

pub mod activity;
pub mod ban;
pub mod block;
pub mod chat;
pub mod feed;
pub mod file;
pub mod invite;
pub mod mail;
pub mod mail_token;
pub mod mark;
pub mod member;
pub mod message;
pub mod message_file;
pub mod node;
pub mod past_member;
pub mod person_gram;
pub mod person_progress;
pub mod pin;
pub mod reaction;
pub mod refresh_token;
pub mod search_block;
pub mod search_progress;
pub mod search_segment;
pub mod session;
pub mod user;
