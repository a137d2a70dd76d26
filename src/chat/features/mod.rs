//! What a chat can do: a file for each kind of thing that members ask, with what it decides and what it tells.
mod blocks;
mod changes;
mod forwards;
mod groups;
mod hints;
mod info;
mod invites;
mod members;
mod messages;
mod moderation;
mod pages;
mod preferences;
mod reads;
mod selections;
