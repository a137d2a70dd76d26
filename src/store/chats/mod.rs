//! Chats: what is said and changed in them, a file per feature. `writer` and `chat` ask, and `client` for one person's view.
mod counters;
mod founding;
mod history;
mod lists;
mod members;
mod messages;
mod own;
mod reads;
mod sync;
mod users;

pub use founding::{Founded, Founding};
pub use history::{Page, Span, Stored};
pub use lists::Lists;
pub use messages::{Attempt, Outcome};
pub use own::OwnMessage;
pub use sync::{Missed, Portion};

pub(super) use counters::Counters;
pub(super) use founding::{PERSONAL, found_self_chats};
pub(super) use lists::{ListRow, listing};
pub(super) use members::delete;
