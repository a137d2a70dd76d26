//! What a user sees first: the lists of chats, in one query.
use sea_orm::{
    DatabaseBackend, FromQueryResult, JoinType, StatementBuilder, Value,
    prelude::Uuid,
    sea_query::{Expr, ExprTrait, Func, Order, Query, SelectStatement},
};

use super::{
    columns::mention_words,
    counts::{ALL_MENTIONED, CAP, CHAT, LAST, MEMBER, MENTIONED, USER, mentioned, of, unread},
    preferences::PreferencesRow,
    settings,
};
use crate::{
    domain::{ChatId, EXCERPT, FileId, LastMessage, Listed, Own, Preferences, Rev, Role, Seq, Timestamp, UserId},
    store::{
        Fault, NOBODY, Store,
        kinds::{PERSONAL, SELF},
        sql::CachedStatement,
    },
};
use entity::{chat, mark, member, message, user};

/// One chat of a list, as [`listing`] finds it.
#[derive(FromQueryResult)]
pub(in crate::store) struct ListRow {
    chat: Uuid,
    kind: i16,
    title: String,
    partner: Option<Uuid>,
    last_message_at: i64,
    last_seq: i64,
    read_seq: i64,
    unread: i64,
    mentioned: i64,
    rev: i64,
    own: i64,
    joined_seq: i64,
    sees_history: bool,
    role: i16,
    #[sea_orm(nested)]
    preferences: PreferencesRow,
    admin: Option<Uuid>,
    member: Uuid,
    partner_read: Option<i64>,
    partner_shown: Option<i64>,
    partner_delivered: Option<i64>,
    last_sender: Option<Uuid>,
    last_name: Option<String>,
    last_content: Option<String>,
    last_has_file: Option<bool>,
    avatar: Option<Uuid>,
    last_sent_at: Option<i64>,
    last_deleted_at: Option<i64>,
    last_hidden: Option<bool>,
}

/// The names of its columns.
pub(in crate::store) const LIST_COLUMNS: [&str; 34] = [
    "chat",
    "kind",
    "title",
    "partner",
    "last_message_at",
    "last_seq",
    "read_seq",
    "unread",
    "mentioned",
    "rev",
    "own",
    "joined_seq",
    "sees_history",
    "role",
    "prefs_own",
    "silent_until",
    "archived",
    "pinned_at",
    "marked_unread",
    "hidden",
    "cleared_seq",
    "admin",
    "member",
    "partner_read",
    "partner_shown",
    "partner_delivered",
    "last_sender",
    "last_name",
    "last_content",
    "last_has_file",
    "avatar",
    "last_sent_at",
    "last_deleted_at",
    "last_hidden",
];

/// All chats of a user but the notes, the latest first.
#[derive(Debug)]
pub struct Lists {
    /// Chats of two.
    pub personal: Vec<Listed>,
    /// Groups.
    pub groups: Vec<Listed>,
}

impl Store {
    /// Both lists of a user. One query.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn lists(&self, user: UserId) -> Result<Lists, Fault> {
        let write = || {
            let backend = self.backend();
            let mut listing = shown_listing(backend);
            listing.order_by((CHAT, chat::Column::LastMessageAt), Order::Desc);
            listing.order_by((CHAT, chat::Column::Id), Order::Desc);
            StatementBuilder::build(&listing, &backend)
        };
        let query = self.cached.lists.bind(write, &self.list_values(user));
        Ok(self.listed(ListRow::find_by_statement(query).all(&self.reader).await?))
    }

    /// The same, with those chats that are not to be seen. For the user's own export.
    ///
    /// # Errors
    /// A fault of the database, which does not answer in time or cannot work.
    pub async fn whole_lists(&self, user: UserId) -> Result<Lists, Fault> {
        let backend = self.backend();
        let write = || StatementBuilder::build(&listing(backend), &backend);
        let query = CachedStatement::default().bind(write, &self.list_values(user));
        Ok(self.listed(ListRow::find_by_statement(query).all(&self.reader).await?))
    }

    /// What takes the place of each placeholder of a listing.
    pub(in crate::store) fn list_values(&self, user: UserId) -> [(Value, Value); 5] {
        let cap = self.unread_cap();
        let number = i64::try_from(cap).unwrap_or(i64::MAX);
        let [mentioned, all_mentioned] = mention_words(user);
        [
            (USER.into(), user.0.into()),
            (CAP.into(), number.into()),
            (LAST.into(), cap.saturating_sub(1).into()),
            (MENTIONED.into(), mentioned.into()),
            (ALL_MENTIONED.into(), all_mentioned.into()),
        ]
    }
}

// The names of the tables within the query.
const OTHER: &str = "other";
const PARTNER: &str = "partner_user";
const NEWEST: &str = "newest";
const SENDER: &str = "newest_sender";
const MARK: &str = "newest_mark";

/// The same without those that are not to be seen.
pub(in crate::store) fn shown_listing(backend: DatabaseBackend) -> SelectStatement {
    listing(backend).and_where(of(MEMBER, member::Column::Hidden).eq(false)).to_owned()
}

/// All chats of a user but the notes, in no order, with placeholders for what is asked.
fn listing(backend: DatabaseBackend) -> SelectStatement {
    let is_personal = || of(CHAT, chat::Column::Kind).eq(PERSONAL);
    let partner = of(PARTNER, user::Column::Name).if_null(NOBODY);
    let picture =
        Expr::case(is_personal(), of(PARTNER, user::Column::AvatarId)).finally(of(CHAT, chat::Column::AvatarId));
    Query::select()
        .expr_as(of(CHAT, chat::Column::Id), "chat")
        .expr_as(of(CHAT, chat::Column::Kind), "kind")
        .expr_as(Expr::case(is_personal(), partner).finally(of(CHAT, chat::Column::Name)), "title")
        .expr_as(of(OTHER, member::Column::UserId), "partner")
        .expr_as(of(CHAT, chat::Column::LastMessageAt), "last_message_at")
        .expr_as(of(CHAT, chat::Column::LastSeq), "last_seq")
        .expr_as(of(MEMBER, member::Column::ReadSeq), "read_seq")
        .expr_as(unread(), "unread")
        .expr_as(mentioned(backend), "mentioned")
        .expr_as(of(CHAT, chat::Column::Rev), "rev")
        .expr_as(of(MEMBER, member::Column::Own), "own")
        .expr_as(of(MEMBER, member::Column::JoinedSeq), "joined_seq")
        .expr_as(of(MEMBER, member::Column::SeesHistory), "sees_history")
        .expr_as(of(MEMBER, member::Column::Role), "role")
        .expr_as(of(MEMBER, member::Column::PrefsOwn), "prefs_own")
        .expr_as(of(MEMBER, member::Column::SilentUntil), "silent_until")
        .expr_as(of(MEMBER, member::Column::Archived), "archived")
        .expr_as(of(MEMBER, member::Column::PinnedAt), "pinned_at")
        .expr_as(of(MEMBER, member::Column::MarkedUnread), "marked_unread")
        .expr_as(of(MEMBER, member::Column::Hidden), "hidden")
        .expr_as(of(MEMBER, member::Column::ClearedSeq), "cleared_seq")
        .expr_as(of(CHAT, chat::Column::AdminId), "admin")
        .expr_as(of(MEMBER, member::Column::UserId), "member")
        .expr_as(of(OTHER, member::Column::ReadSeq), "partner_read")
        .expr_as(of(OTHER, member::Column::ShownSeq), "partner_shown")
        .expr_as(of(OTHER, member::Column::DeliveredSeq), "partner_delivered")
        .expr_as(of(NEWEST, message::Column::SenderId), "last_sender")
        .expr_as(of(SENDER, user::Column::Name), "last_name")
        .expr_as(excerpt(), "last_content")
        .expr_as(of(NEWEST, message::Column::Attachments).is_not_null(), "last_has_file")
        .expr_as(picture, "avatar")
        .expr_as(of(NEWEST, message::Column::SentAt), "last_sent_at")
        .expr_as(of(NEWEST, message::Column::DeletedAt), "last_deleted_at")
        .expr_as(of(MARK, mark::Column::Hidden), "last_hidden")
        .from_as(member::Entity, MEMBER)
        .join_as(
            JoinType::InnerJoin,
            chat::Entity,
            CHAT,
            of(CHAT, chat::Column::Id).equals((MEMBER, member::Column::ChatId)),
        )
        .join_as(
            JoinType::LeftJoin,
            member::Entity,
            OTHER,
            is_personal()
                .and(of(OTHER, member::Column::ChatId).equals((CHAT, chat::Column::Id)))
                .and(of(OTHER, member::Column::UserId).ne(USER)),
        )
        .join_as(
            JoinType::LeftJoin,
            user::Entity,
            PARTNER,
            of(PARTNER, user::Column::Id).equals((OTHER, member::Column::UserId)),
        )
        .join_as(
            JoinType::LeftJoin,
            message::Entity,
            NEWEST,
            of(NEWEST, message::Column::ChatId)
                .equals((CHAT, chat::Column::Id))
                .and(of(NEWEST, message::Column::Seq).equals((CHAT, chat::Column::LastSeq))),
        )
        .join_as(
            JoinType::LeftJoin,
            user::Entity,
            SENDER,
            of(SENDER, user::Column::Id).equals((NEWEST, message::Column::SenderId)),
        )
        .join_as(
            JoinType::LeftJoin,
            mark::Entity,
            MARK,
            of(MARK, mark::Column::ChatId)
                .equals((CHAT, chat::Column::Id))
                .and(of(MARK, mark::Column::Seq).equals((CHAT, chat::Column::LastSeq)))
                .and(of(MARK, mark::Column::UserId).eq(USER)),
        )
        .and_where(of(MEMBER, member::Column::UserId).eq(USER))
        .and_where(of(CHAT, chat::Column::Kind).ne(SELF))
        .to_owned()
}

/// How the newest message begins: no more of it is read into a list.
fn excerpt() -> Expr {
    let content = of(NEWEST, message::Column::Content);
    Func::cust("SUBSTR").args([content, Expr::val(1_i32), Expr::val(EXCERPT as i32)]).into()
}

impl Store {
    pub(in crate::store) fn listed(&self, rows: Vec<ListRow>) -> Lists {
        let (personal, groups): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.kind == PERSONAL);
        let listed = |rows: Vec<ListRow>| {
            rows.into_iter()
                .map(|row| {
                    let cleared = Preferences::from(row.preferences).cleared;
                    let first = self.first_seen(Seq(row.joined_seq), row.sees_history, cleared);
                    row.listed(first)
                })
                .collect()
        };
        Lists { personal: listed(personal), groups: listed(groups) }
    }
}

impl ListRow {
    fn listed(self, first: Seq) -> Listed {
        let last = self.last_message().filter(|last| last.seq >= first);
        Listed {
            chat: ChatId(self.chat),
            name: self.title,
            partner: self.partner.map(UserId),
            last_message_at: Timestamp(self.last_message_at),
            last_seq: Seq(self.last_seq),
            read_seq: Seq(self.read_seq),
            unread: self.unread,
            mentioned: self.mentioned,
            rev: Rev(self.rev),
            own: Own(self.own),
            first,
            preferences: self.preferences.into(),
            role: if self.admin == Some(self.member) { Role::Owner } else { settings::role(self.role) },
            avatar: self.avatar.map(FileId),
            partner_read: Seq(self.partner_shown.or(self.partner_read).unwrap_or_default()),
            partner_delivered: Seq(self.partner_delivered.unwrap_or_default()),
            last,
        }
    }

    /// The newest message, unless its reader hid it.
    fn last_message(&self) -> Option<LastMessage> {
        let sender = self.last_sender.filter(|_| self.last_hidden != Some(true))?;
        Some(LastMessage {
            seq: Seq(self.last_seq),
            sent_at: Timestamp(self.last_sent_at?),
            sender: UserId(sender),
            sender_name: self.last_name.clone().unwrap_or_else(|| NOBODY.into()),
            content: self.last_content.clone().unwrap_or_default(),
            has_file: self.last_has_file == Some(true),
            deleted_at: self.last_deleted_at.map(Timestamp),
        })
    }
}
