//! The end of an account. What it said to others stays with them; what was its own goes.
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    prelude::Uuid, sea_query::Expr,
};

use super::{
    NewMail, grams,
    logins::{ACCOUNT_DELETED, end_all, ended},
};
use crate::{
    domain::{
        Activity, ChatId, Departure, Description, FileId, GroupInfo, LoginId, Name, News, Part, Place, Rev, Seq,
        Timestamp, Turn, UserId, What,
    },
    store::{
        Fault, Store,
        chats::{delete, end_without_right, lead, number_roster, record, settings},
        cluster::Told,
        files::release_user,
        kinds::PERSONAL,
        relations::forget_blocks,
        sql::despite_deadlocks,
    },
};
use entity::{ban, chat, mark, member, past_member, user};

/// So many are asked for at once.
const CHATS_AT_ONCE: usize = 500;

/// What the end of an account changed for others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeletedAccount {
    /// Whose account it was.
    pub user: UserId,
    /// The logins that this ended.
    pub ended: Vec<LoginId>,
    /// The groups that somebody remains in.
    pub groups: Vec<LeftGroup>,
    /// Chats of two, with the one who remains.
    pub personal: Vec<(ChatId, UserId)>,
    /// Chats that are gone, because nobody remains.
    pub gone: Vec<ChatId>,
}

/// A group without the member that it had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftGroup {
    /// The group.
    pub chat: ChatId,
    /// Who left.
    pub user: UserId,
    /// Who remains, in joining order.
    pub members: Vec<UserId>,
    /// That the member left.
    pub left: Activity,
    /// Who is admin now, if it was the member who left, and the group as it is then.
    pub new_admin: Option<(Activity, GroupInfo)>,
}

impl Store {
    /// Ends an account: its logins, its notes and its places in groups. None if there is no such account, or its
    /// password is not `password_hash` any more.
    ///
    /// # Errors
    /// A fault of the database. Nothing is changed then.
    pub async fn delete_account(
        &self,
        id: UserId,
        password_hash: &str,
        mail: &NewMail,
        now: Timestamp,
    ) -> Result<Option<DeletedAccount>, Fault> {
        // Batches ask for their chats in order, but PostgreSQL may take them in another.
        despite_deadlocks("end of an account", || self.try_to_delete(id, password_hash, mail, now)).await
    }

    async fn try_to_delete(
        &self,
        id: UserId,
        password_hash: &str,
        mail: &NewMail,
        now: Timestamp,
    ) -> Result<Option<DeletedAccount>, Fault> {
        let mut transaction = self.begin_told().await?;
        // From here on nobody takes this user in anywhere, or opens a login for it.
        let user = user::Entity::find_by_id(id.0).filter(user::Column::PasswordHash.eq(password_hash));
        let Some(user) = user.lock_exclusive().one(&*transaction).await? else { return Ok(None) };
        // And from here on nothing changes in the chats that it is in.
        let chats = lock_chats(&transaction, id).await?;
        let ended_logins = end_all(&*transaction, id, None, now).await?;
        transaction.tell(ended(id, &ended_logins, ACCOUNT_DELETED), None);
        past_member::Entity::delete_many().filter(past_member::Column::UserId.eq(id.0)).exec(&*transaction).await?;
        // What it alone saw on messages goes; its reactions stay, as its messages do.
        forget_blocks(&*transaction, id).await?;
        ban::Entity::delete_many().filter(ban::Column::UserId.eq(id.0)).exec(&*transaction).await?;
        mark::Entity::delete_many().filter(mark::Column::UserId.eq(id.0)).exec(&*transaction).await?;
        release_user(&*transaction, &user, now).await?;
        grams::remove(&*transaction, id, &user.name_folded).await?;
        user::Entity::delete_by_id(id.0).exec(&*transaction).await?;
        let mut deleted =
            DeletedAccount { user: id, ended: ended_logins, groups: vec![], personal: vec![], gone: vec![] };
        for chat in chats {
            leave(&mut transaction, &mut deleted, &Name::stored(&user.name), chat, now).await?;
        }
        let partners = deleted.personal.iter().map(|(_, partner)| *partner).collect();
        transaction.tell(News::Departed { user: id, partners }, None);
        mail.insert(&*transaction, true, now).await?;
        transaction.commit().await?;
        Ok(Some(deleted))
    }
}

/// The chats of a user, locked in the order in which batches lock theirs.
async fn lock_chats(on: &DatabaseTransaction, user: UserId) -> Result<Vec<chat::Model>, Fault> {
    let mut ids: Vec<Uuid> = member::Entity::find()
        .select_only()
        .column(member::Column::ChatId)
        .filter(member::Column::UserId.eq(user.0))
        .into_tuple()
        .all(on)
        .await?;
    ids.sort_unstable();
    let mut locked = Vec::with_capacity(ids.len());
    for ids in ids.chunks(CHATS_AT_ONCE) {
        let chats = chat::Entity::find()
            .filter(chat::Column::Id.is_in(ids.iter().copied()))
            .order_by_asc(chat::Column::Id)
            .lock_exclusive();
        locked.extend(chats.all(on).await?);
    }
    Ok(locked)
}

async fn leave(
    told: &mut Told,
    deleted: &mut DeletedAccount,
    name: &Name,
    chat: chat::Model,
    now: Timestamp,
) -> Result<(), Fault> {
    let on: &DatabaseTransaction = told;
    let id = ChatId(chat.id);
    let others = others(on, chat.id, deleted.user).await?;
    let Some((first, first_name)) = others.first().cloned() else {
        deleted.gone.push(id);
        delete(on, id, now).await?;
        let turn = Turn::Deleted(Vec::new());
        let part = Part::Turned { turn, by: deleted.user, at: now, newest: Seq(chat.last_seq), rev: Rev(chat.rev) };
        told.tell_of(&chat, part);
        return Ok(());
    };
    if chat.kind == PERSONAL {
        // The row of the member stays: the other one's chat keeps its two places.
        let open = member::ActiveModel { blocks: Set(false), ..Default::default() };
        member::Entity::update_many().set(open).filter(member::Column::ChatId.eq(chat.id)).exec(on).await?;
        deleted.personal.push((id, first));
        told.step(&chat).await?;
        told.tell_of(&chat, Part::Departed(Departure { user: deleted.user, left: None, led: None, place: None }));
        return Ok(());
    }
    let place = place_of(on, chat.id, deleted.user).await?;
    let removed = member::Entity::delete_by_id((chat.id, deleted.user.0)).exec(on).await?;
    if removed.rows_affected == 0 {
        // Removed a moment before the chat was locked.
        return Ok(());
    }
    let by = (deleted.user, name.clone());
    let happened = |rev: Rev, what: What, whom: (UserId, Name)| Activity {
        rev,
        after: Seq(chat.last_seq),
        at: now,
        what,
        by: by.clone(),
        whom,
    };
    let left = happened(Rev(chat.rev).next(), What::Left, by.clone());
    record(on, id, &left).await?;
    let mut last = left.rev;
    let mut new_admin = None;
    if chat.admin_id == Some(deleted.user.0) {
        last = left.rev.next();
        let led = happened(last, What::AdminChanged, (first, first_name));
        record(on, id, &led).await?;
        lead(on, id, first, last).await?;
        let name = Name::stored(&chat.name);
        let description = Description::stored(&chat.description);
        new_admin = Some((
            led,
            GroupInfo {
                rev: last,
                name,
                description,
                avatar: chat.avatar_id.map(FileId),
                admin: Some(first),
                settings: settings(&chat),
            },
        ));
    }
    number_roster(on, id, last, new_admin.as_ref().map(|_| first)).await?;
    end_without_right(on, id).await?;
    chat::Entity::update_many()
        .col_expr(chat::Column::Rev, Expr::value(last.0))
        .filter(chat::Column::Id.eq(chat.id))
        .exec(on)
        .await?;
    told.step(&chat).await?;
    let led = new_admin.as_ref().map(|(led, _)| (led.rev, led.whom.0));
    told.tell_of(&chat, Part::Departed(Departure { user: deleted.user, left: Some(left.rev), led, place }));
    let members = others.into_iter().map(|(user, _)| user).collect();
    deleted.groups.push(LeftGroup { chat: id, user: deleted.user, members, left, new_admin });
    Ok(())
}

async fn place_of(on: &DatabaseTransaction, chat: Uuid, user: UserId) -> Result<Option<Place>, Fault> {
    let row = member::Entity::find_by_id((chat, user.0)).one(on).await?;
    Ok(row.map(|row| Place {
        joined: Seq(row.joined_seq),
        cleared: Seq(row.cleared_seq),
        sees_history: row.sees_history,
    }))
}

/// The other members who have an account, in joining order.
async fn others(on: &DatabaseTransaction, chat: Uuid, user: UserId) -> Result<Vec<(UserId, Name)>, Fault> {
    let rows = member::Entity::find()
        .filter(member::Column::ChatId.eq(chat))
        .filter(member::Column::UserId.ne(user.0))
        .order_by_asc(member::Column::Position)
        .find_also_related(user::Entity)
        .all(on)
        .await?;
    Ok(rows.into_iter().filter_map(|(row, user)| Some((UserId(row.user_id), Name::stored(&user?.name)))).collect())
}
