//! What the index says: which messages of some segments have all the terms that are sought.
use std::{
    collections::{BTreeSet, HashMap},
    fmt::Write,
};

use sea_orm::{ConnectionTrait, DatabaseBackend, DatabaseTransaction, Statement, Value, prelude::Uuid};

use super::{
    scope::{Candidate, Part},
    write::broken,
};
use crate::{
    search::{Segment, Sought, find, within},
    store::Fault,
};

/// A beginning that has more of a dictionary than so many pieces is no help: then its messages are told apart by their texts.
const BLOCKS_OF_A_BEGINNING: usize = 16;

/// No term has this byte, since terms are text where they begin like one.
const BEHIND_ALL: u8 = 0xff;

/// The candidates of each segment, in the order in which they are given. None where no term could be asked for: then there are as many as
/// messages.
pub(super) async fn candidates(
    on: &DatabaseTransaction,
    parts: &[(usize, Part)],
    sought: &[Sought],
) -> Result<Vec<Vec<Candidate>>, Fault> {
    let bases: HashMap<Uuid, i64> = parts.iter().map(|(_, part)| (part.id, part.first_seq)).collect();
    // What is left of each: nothing is known of one that no term has narrowed yet.
    let mut left: HashMap<Uuid, Option<Vec<i64>>> = bases.keys().map(|id| (*id, None)).collect();
    for sought in sought {
        let ids: Vec<Uuid> = left.keys().copied().collect();
        let Some(mut found) = seqs(on, &ids, &bases, sought).await? else { continue };
        left.retain(|id, narrowed| {
            let having = found.remove(id).unwrap_or_default();
            let both = match narrowed.take() {
                Some(before) => both(&before, &having),
                None => having,
            };
            let is_left = !both.is_empty();
            *narrowed = Some(both);
            is_left
        });
        if left.is_empty() {
            break;
        }
    }
    let times = times(on, &left.keys().copied().collect::<Vec<_>>(), &bases).await?;
    Ok(parts.iter().map(|(_, part)| of_segment(left.get(&part.id), times.get(&part.id))).collect())
}

fn of_segment(left: Option<&Option<Vec<i64>>>, times: Option<&Vec<(i64, i64)>>) -> Vec<Candidate> {
    let (Some(left), Some(times)) = (left, times) else { return Vec::new() };
    let candidate = |&(seq, at): &(i64, i64)| Candidate { at, seq };
    match left {
        None => times.iter().map(candidate).collect(),
        Some(seqs) => {
            let timed = |seq: &i64| times.binary_search_by_key(seq, |(known, _)| *known).ok().map(|at| &times[at]);
            seqs.iter().filter_map(timed).map(candidate).collect()
        }
    }
}

/// What stands in both.
fn both(one: &[i64], other: &[i64]) -> Vec<i64> {
    let (few, many) = if one.len() < other.len() { (one, other) } else { (other, one) };
    few.iter().copied().filter(|seq| many.binary_search(seq).is_ok()).collect()
}

/// The messages that have a term, by segment. None if there is too much of it.
async fn seqs(
    on: &DatabaseTransaction,
    ids: &[Uuid],
    bases: &HashMap<Uuid, i64>,
    sought: &Sought,
) -> Result<Option<HashMap<Uuid, Vec<i64>>>, Fault> {
    let (most, statement) = match sought {
        Sought::Whole(term) => (ids.len(), whole(on.get_database_backend(), term, ids)),
        Sought::Beginning(term) => {
            let most = ids.len() * BLOCKS_OF_A_BEGINNING;
            (most, beginning(on.get_database_backend(), term, ids, most + 1))
        }
    };
    let rows = on.query_all_raw(statement).await?;
    if rows.len() > most {
        return Ok(None);
    }
    let mut found: HashMap<Uuid, Vec<i64>> = HashMap::new();
    for row in rows {
        let id: Uuid = row.try_get("", "segment_id")?;
        let data: Vec<u8> = row.try_get("", "data")?;
        let base = bases.get(&id).copied().unwrap_or_default();
        match sought {
            Sought::Whole(term) => drop(found.insert(id, find(&data, term, base).map_err(broken)?)),
            Sought::Beginning(term) => {
                within(&data, term, base, found.entry(id).or_default()).map_err(broken)?;
            }
        }
    }
    if matches!(sought, Sought::Beginning(_)) {
        found
            .values_mut()
            .for_each(|seqs| *seqs = std::mem::take(seqs).into_iter().collect::<BTreeSet<_>>().into_iter().collect());
    }
    Ok(Some(found))
}

/// When the messages of each segment were said.
async fn times(
    on: &DatabaseTransaction,
    ids: &[Uuid],
    bases: &HashMap<Uuid, i64>,
) -> Result<HashMap<Uuid, Vec<(i64, i64)>>, Fault> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut places = Places::new(on.get_database_backend());
    let sql = format!("SELECT id, times FROM search_segment WHERE id IN ({})", places.all(ids));
    let mut found = HashMap::new();
    for row in on.query_all_raw(places.statement(sql)).await? {
        let id: Uuid = row.try_get("", "id")?;
        let times: Vec<u8> = row.try_get("", "times")?;
        let base = bases.get(&id).copied().unwrap_or_default();
        found.insert(id, Segment::read_times(base, &times).map_err(broken)?);
    }
    Ok(found)
}

/// The last piece of each dictionary that does not begin behind the term.
fn whole(backend: DatabaseBackend, term: &[u8], ids: &[Uuid]) -> Statement {
    let mut places = Places::new(backend);
    let last = last_before(&mut places, term);
    let sql = format!(
        "SELECT b.segment_id, b.data FROM search_segment s JOIN search_block b ON b.segment_id = s.id AND b.term = {last} \
         WHERE s.id IN ({})",
        places.all(ids)
    );
    places.statement(sql)
}

/// The same, and all pieces behind it that begin so.
fn beginning(backend: DatabaseBackend, term: &[u8], ids: &[Uuid], most: usize) -> Statement {
    let mut places = Places::new(backend);
    let last = last_before(&mut places, term);
    let term_place = places.one(term.to_vec().into());
    let end = places.one([term, &[BEHIND_ALL]].concat().into());
    let sql = format!(
        "SELECT b.segment_id, b.data FROM search_segment s JOIN search_block b ON b.segment_id = s.id \
         AND b.term >= COALESCE({last}, {term_place}) AND b.term < {end} WHERE s.id IN ({}) LIMIT {most}",
        places.all(ids)
    );
    places.statement(sql)
}

fn last_before(places: &mut Places, term: &[u8]) -> String {
    let place = places.one(term.to_vec().into());
    format!(
        "(SELECT x.term FROM search_block x WHERE x.segment_id = s.id AND x.term <= {place} ORDER BY x.term DESC LIMIT 1)"
    )
}

/// Values of a statement, in their order, and how each is named in its text.
struct Places {
    backend: DatabaseBackend,
    values: Vec<Value>,
}

impl Places {
    fn new(backend: DatabaseBackend) -> Self {
        Self { backend, values: Vec::new() }
    }

    fn one(&mut self, value: Value) -> String {
        self.values.push(value);
        if self.backend == DatabaseBackend::Postgres { format!("${}", self.values.len()) } else { "?".into() }
    }

    fn all(&mut self, ids: &[Uuid]) -> String {
        let mut text = String::new();
        for id in ids {
            let place = self.one((*id).into());
            write!(text, "{}{place}", if text.is_empty() { "" } else { ", " }).expect("memory takes any text");
        }
        text
    }

    fn statement(self, sql: String) -> Statement {
        Statement::from_sql_and_values(self.backend, sql, self.values)
    }
}
