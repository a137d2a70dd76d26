//! Chats: what is said and changed in them, a file per feature. `writer` and `chat` ask, and `client` for one person's view.
mod activity;
mod annotations;
mod batch;
mod catch_up;
mod changes;
mod columns;
mod counters;
mod delivered;
mod founding;
mod history;
mod lists;
mod members;
mod messages;
mod own;
mod reads;
mod rows;
mod sync;
mod unread;
mod users;
mod wants;

pub use annotations::{Annotations, Viewer};
pub use batch::{Attempt, Outcome};
pub use catch_up::{Changes, ChatInfo};
pub use founding::{Founded, Founding};
pub use history::{Page, Span};
pub use lists::Lists;
pub use messages::{Opened, Starred, StarredMessage, StarredPage};
pub use own::{OwnMessage, OwnReactions};
pub use sync::Missed;
pub use unread::Unread;
pub use wants::{Portion, Position};

pub(super) use activity::record;
pub(super) use counters::Counters;
pub(super) use founding::{PERSONAL, found_self_chats};
pub(super) use lists::{LIST_COLUMNS, ListRow, listing};
pub(super) use members::{delete, number_roster, number_rows};
