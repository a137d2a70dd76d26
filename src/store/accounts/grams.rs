//! Under what people are found: the runs of one, two and three characters of their folded names, which are written and removed in the
//! transaction of the name. Of verified people only: nobody else is found.
use std::collections::BTreeSet;

use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, sea_query::OnConflict};

use crate::{
    domain::UserId,
    store::{Fault, sql::pieces},
};
use entity::person_gram;

/// The longest run, in characters.
pub(super) const LONGEST: usize = 3;

/// The runs of up to `LONGEST` characters of a folded name, each once.
fn grams(folded: &str) -> BTreeSet<&str> {
    (1..=LONGEST).flat_map(|length| runs(folded, length)).collect()
}

/// Each run of so many characters, from the first to the last.
pub(super) fn runs(text: &str, length: usize) -> impl Iterator<Item = &str> {
    let starts = text.char_indices().map(|(at, _)| at);
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8()).skip(length - 1);
    starts.zip(ends).map(|(start, end)| &text[start..end])
}

/// From the commit on these people are found by their folded names. Who is found by that name already stays so.
pub(super) async fn add(on: &impl ConnectionTrait, people: &[(UserId, String)]) -> Result<(), Fault> {
    let mut rows: Vec<(&str, &str, UserId)> = Vec::new();
    people.iter().for_each(|(id, folded)| rows.extend(grams(folded).into_iter().map(|gram| (gram, &**folded, *id))));
    // In the order of the table, which is one for all who write there.
    rows.sort_unstable_by_key(|(gram, folded, id)| (*gram, *folded, id.0));
    let key = [person_gram::Column::Gram, person_gram::Column::NameFolded, person_gram::Column::UserId];
    for piece in pieces(&rows) {
        let models = piece.iter().map(|(gram, folded, id)| person_gram::ActiveModel {
            gram: Set((*gram).into()),
            name_folded: Set((*folded).into()),
            user_id: Set(id.0),
        });
        let known = OnConflict::columns(key).do_nothing_on(key).to_owned();
        person_gram::Entity::insert_many(models).on_conflict(known).exec_without_returning(on).await?;
    }
    Ok(())
}

/// From the commit on this person is not found by that folded name.
pub(super) async fn remove(on: &impl ConnectionTrait, id: UserId, folded: &str) -> Result<(), Fault> {
    person_gram::Entity::delete_many()
        .filter(person_gram::Column::Gram.is_in(grams(folded)))
        .filter(person_gram::Column::NameFolded.eq(folded))
        .filter(person_gram::Column::UserId.eq(id.0))
        .exec(on)
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_each_of_its_runs_once() {
        let all = |name| grams(name).into_iter().collect::<Vec<_>>();
        assert_eq!(all("anan"), ["a", "an", "ana", "n", "na", "nan"]);
        assert_eq!(all("ö😀"), ["ö", "ö😀", "😀"]);
        assert_eq!(all(""), [""; 0]);
    }
}
