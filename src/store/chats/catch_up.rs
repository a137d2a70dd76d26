//! What changed in chats that a client knows already: messages and marks that are not as it has them, and the whole of what
//! else there is to know of a chat, if that changed.
use std::collections::HashMap;

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, StatementBuilder,
    prelude::Uuid,
    sea_query::{Asterisk, Query, SelectStatement, UnionType},
};

use super::{
    annotations::ALTERNATIVES,
    creation::place,
    rows::{Row, select_messages, within},
    wants::{MESSAGES, Want},
};
use crate::{
    domain::{GroupInfo, Marks, Member, Own, Preferences, Rev, Seq, StoredMessage, UserId},
    store::{Fault, Store},
};
use entity::{mark, member, message, user};

/// What a member takes in an answer, in bytes, roughly.
const ROW: usize = 160;

/// So many chats are asked for at once.
const CHATS_AT_ONCE: usize = 64;

/// What changed in a chat.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Changes {
    /// Messages, by their last change.
    pub changed: Vec<StoredMessage>,
    /// Marks of the user, by their last change.
    pub mine: Vec<(Seq, Marks)>,
    /// The chat itself, as far as it changed.
    pub info: ChatInfo,
    /// Who leads the group.
    pub admin: Option<UserId>,
    /// Whether something was left out.
    pub has_more: bool,
    /// Up to which changes this is complete.
    pub upto: (Rev, Own),
    /// Whether single messages and marks were asked for.
    pub is_named: bool,
}

/// What is told of a chat as a whole. What is `None` did not change.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChatInfo {
    /// What a group is called and who leads it.
    pub group: Option<GroupInfo>,
    /// Who is in a group, in joining order, with the number of the last change.
    pub roster: Option<(Rev, Vec<Member>)>,
    /// The user's own preferences.
    pub preferences: Option<Preferences>,
}

/// Something that changed, where it stands and the number of the change.
#[derive(FromQueryResult)]
struct Found {
    chat_id: Uuid,
    seq: i64,
    number: i64,
}

impl Store {
    /// What changed in each chat since the position that the client has of it.
    pub(super) async fn changes(
        &self,
        user: UserId,
        wants: &[Want],
        limit: u64,
        bytes: &mut usize,
        roster_bytes: &mut usize,
    ) -> Result<Vec<Option<Changes>>, Fault> {
        let mut changed = self.changed(wants, limit, bytes).await?;
        let mut mine = self.mine(user, wants, limit).await?;
        let mut rosters = self.rosters(wants, roster_bytes).await?;
        let of_chat = |want: &Want| {
            let asked = want.asked()?;
            let id = want.place.id;
            let is_named = want.position.is_some();
            let (changed, rev) = changed.remove(&id).unwrap_or_default();
            let (mine, own) = mine.remove(&id).unwrap_or_default();
            let mut upto = (rev.unwrap_or(Rev(want.place.rev)), own.unwrap_or(Own(want.place.own)));
            let mut has_more = rev.is_some() || own.is_some();
            let wants_roster = want.wants_roster();
            let roster = rosters.remove(&id).map(|members| (Rev(want.place.roster_rev), members));
            if wants_roster && roster.is_none() {
                has_more = true;
                upto.0 = Rev(asked.0.0.max(0));
            }
            let info = ChatInfo { group: want.info(), roster, preferences: want.preferences() };
            let admin = want.place.admin_id.map(UserId);
            Some(Changes { changed, mine, info, admin, has_more, upto, is_named })
        };
        Ok(wants.iter().map(of_chat).collect())
    }

    /// The messages, by chat, and up to which change, if there are more.
    async fn changed(
        &self,
        wants: &[Want],
        limit: u64,
        bytes: &mut usize,
    ) -> Result<HashMap<Uuid, (Vec<StoredMessage>, Option<Rev>)>, Fault> {
        let asked: Vec<(&Want, SelectStatement)> = wants
            .iter()
            .filter_map(|want| {
                let (rev, _) = want.asked_by_name()?;
                let seq = want.position?.seq;
                (want.place.rev > rev.0.max(0)).then(|| (want, changed_since(want, rev, seq, limit)))
            })
            .collect();
        let found = self.places_of(&asked, limit).await?;
        let mut messages = self.messages_at(&found).await?;
        let mut all = HashMap::new();
        for (want, _) in &asked {
            let (places, is_cut) = found.get(&want.place.id).map_or((&[][..], true), |(places, cut)| (places, *cut));
            let mut loaded = messages.remove(&want.place.id).unwrap_or_default();
            // By the numbers that were found: what changed again since then has a higher one by now.
            let order: HashMap<i64, i64> = places.iter().map(|found| (found.seq, found.number)).collect();
            loaded.sort_unstable_by_key(|message| order.get(&message.seq.0).copied());
            let wanted = loaded.len();
            let taken = within(loaded, bytes);
            let is_cut = is_cut || taken.len() < wanted;
            let known = want.asked_by_name().map_or(Rev(0), |(rev, _)| Rev(rev.0.max(0)));
            let last = taken.last().and_then(|message| order.get(&message.seq.0));
            let upto = is_cut.then(|| last.map_or(known, |number| Rev(*number)));
            all.insert(want.place.id, (taken, upto));
        }
        Ok(all)
    }

    /// The user's marks, by chat, and up to which change, if there are more.
    async fn mine(
        &self,
        user: UserId,
        wants: &[Want],
        limit: u64,
    ) -> Result<HashMap<Uuid, (Vec<(Seq, Marks)>, Option<Own>)>, Fault> {
        let asked: Vec<(&Want, SelectStatement)> = wants
            .iter()
            .filter_map(|want| {
                let (_, own) = want.asked_by_name()?;
                let seq = want.position?.seq;
                (want.place.own > own.0.max(0)).then(|| (want, marked_since(want, user, own, seq, limit)))
            })
            .collect();
        let found = self.places_of(&asked, limit).await?;
        let mut all = HashMap::new();
        for (want, _) in asked {
            let known = want.asked_by_name().map_or(Own(0), |(_, own)| Own(own.0.max(0)));
            let Some((places, is_cut)) = found.get(&want.place.id) else {
                all.insert(want.place.id, (Vec::new(), Some(known)));
                continue;
            };
            let seqs = places.iter().map(|found| found.seq);
            let mut rows = Vec::with_capacity(places.len());
            for seqs in seqs.collect::<Vec<_>>().chunks(ALTERNATIVES) {
                let some = mark::Entity::find()
                    .filter(mark::Column::ChatId.eq(want.place.id))
                    .filter(mark::Column::UserId.eq(user.0))
                    .filter(mark::Column::Seq.is_in(seqs.iter().copied()))
                    .all(&self.reader)
                    .await?;
                rows.extend(some);
            }
            rows.sort_unstable_by_key(|row| row.own);
            let marks = rows.into_iter().map(|row| (Seq(row.seq), Marks::from(row))).collect();
            let upto = is_cut.then(|| places.last().map_or(known, |found| Own(found.number)));
            all.insert(want.place.id, (marks, upto));
        }
        Ok(all)
    }

    /// Of each chat the first changes, as many as are wanted and as there is room for, and whether there are more. A chat for which
    /// there is no room is left out.
    async fn places_of(
        &self,
        asked: &[(&Want, SelectStatement)],
        limit: u64,
    ) -> Result<HashMap<Uuid, (Vec<Found>, bool)>, Fault> {
        let mut all: HashMap<Uuid, (Vec<Found>, bool)> = HashMap::new();
        let mut room = MESSAGES;
        for some in asked.chunks(CHATS_AT_ONCE) {
            if room == 0 {
                break;
            }
            let mut queries = some.iter().map(|(_, query)| query.clone());
            let Some(mut query) = queries.next() else { break };
            queries.for_each(|other| {
                query.union(UnionType::All, other);
            });
            let rows = self.reader.query_all_raw(StatementBuilder::build(&query, &self.backend())).await?;
            let mut found: HashMap<Uuid, Vec<Found>> = HashMap::new();
            for row in rows {
                let row = Found::from_query_result(&row, "")?;
                found.entry(row.chat_id).or_default().push(row);
            }
            for (want, _) in some {
                let mut places = found.remove(&want.place.id).unwrap_or_default();
                places.sort_unstable_by_key(|found| found.number);
                let take = limit.min(room).min(places.len() as u64);
                let is_cut = take < places.len() as u64;
                places.truncate(take as usize);
                room -= take;
                if take > 0 || !is_cut {
                    all.insert(want.place.id, (places, is_cut));
                }
            }
        }
        Ok(all)
    }

    async fn messages_at(
        &self,
        found: &HashMap<Uuid, (Vec<Found>, bool)>,
    ) -> Result<HashMap<Uuid, Vec<StoredMessage>>, Fault> {
        let of_chats: Vec<_> = found
            .iter()
            .filter(|(_, (places, _))| !places.is_empty())
            .map(|(chat, (places, _))| {
                let seqs = places.iter().map(|found| found.seq);
                Condition::all().add(message::Column::ChatId.eq(*chat)).add(message::Column::Seq.is_in(seqs))
            })
            .collect();
        let mut all: HashMap<Uuid, Vec<StoredMessage>> = HashMap::new();
        for some in of_chats.chunks(ALTERNATIVES) {
            let any = some.iter().cloned().fold(Condition::any(), Condition::add);
            let rows: Vec<Row> = select_messages().filter(any).into_model().all(&self.reader).await?;
            for row in rows {
                all.entry(row.chat_id).or_default().push(row.into());
            }
        }
        Ok(all)
    }

    /// Who is in the groups whose members are wanted, for as long as there is room in the answer.
    async fn rosters(&self, wants: &[Want], bytes: &mut usize) -> Result<HashMap<Uuid, Vec<Member>>, Fault> {
        let wanted: Vec<Uuid> = wants.iter().filter(|want| want.wants_roster()).map(|want| want.place.id).collect();
        let mut all: HashMap<Uuid, Vec<Member>> = HashMap::new();
        for chats in wanted.chunks(CHATS_AT_ONCE) {
            if *bytes == 0 {
                break;
            }
            let rows = member::Entity::find()
                .filter(member::Column::ChatId.is_in(chats.iter().copied()))
                .order_by_asc(member::Column::ChatId)
                .order_by_asc(member::Column::Position)
                .find_also_related(user::Entity)
                .all(&self.reader)
                .await?;
            let mut found: HashMap<Uuid, Vec<Member>> = HashMap::new();
            for (row, user) in rows {
                found.entry(row.chat_id).or_default().push(place(&row, user.as_ref()));
            }
            for chat in chats {
                if *bytes == 0 {
                    break;
                }
                let members = found.remove(chat).unwrap_or_default();
                *bytes = bytes.saturating_sub(members.len() * ROW);
                all.insert(*chat, members);
            }
        }
        Ok(all)
    }
}

fn changed_since(want: &Want, rev: Rev, upto: Seq, limit: u64) -> SelectStatement {
    let first = message::Entity::find()
        .select_only()
        .columns([message::Column::ChatId, message::Column::Seq])
        .column_as(message::Column::Rev, "number")
        .filter(message::Column::ChatId.eq(want.place.id))
        .filter(message::Column::Rev.gt(rev.0.max(0)))
        .filter(message::Column::Seq.lte(upto.0))
        .filter(message::Column::Seq.gte(want.first.0))
        .order_by_asc(message::Column::Rev)
        .limit(limit + 1);
    whole(first.into_query())
}

fn marked_since(want: &Want, user: UserId, own: Own, upto: Seq, limit: u64) -> SelectStatement {
    let first = mark::Entity::find()
        .select_only()
        .columns([mark::Column::ChatId, mark::Column::Seq])
        .column_as(mark::Column::Own, "number")
        .filter(mark::Column::ChatId.eq(want.place.id))
        .filter(mark::Column::UserId.eq(user.0))
        .filter(mark::Column::Own.gt(own.0.max(0)))
        .filter(mark::Column::Seq.lte(upto.0))
        .filter(mark::Column::Seq.gte(want.first.0))
        .order_by_asc(mark::Column::Own)
        .limit(limit + 1);
    whole(first.into_query())
}

/// As a part of a union it must not end with its order and limit.
fn whole(query: SelectStatement) -> SelectStatement {
    Query::select().column(Asterisk).from_subquery(query, "some").to_owned()
}
