//! What a chat can do: a file for each kind of thing that members ask, with what it decides and what it tells.
mod groups;
mod members;
mod messages;
mod pages;
mod reads;
