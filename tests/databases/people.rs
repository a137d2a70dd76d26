//! People are found as a look at every name finds them, whatever came before, and the runs of names are those of the people who are there.
use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use entity::{person_gram, person_progress};
use futures_util::join;
use greenroom::{
    domain::{Email, LoginId, Name, NamePart, ProfileChange, Timestamp, UserId},
    store::{Ended, NewLogin, NewMailToken, Proof, SignUp, Store, Verified},
};
use migration::{Migrator, MigratorTrait, fold};
use sea_orm::{ConnectionTrait, Database as Driver, DatabaseConnection, EntityTrait, prelude::Uuid};

use crate::{
    polled::polled,
    scratch::{Scratch, cases},
    support::{Dice, mail, steps_from},
};

const STEPS: usize = 60;
const HOUR: Duration = Duration::from_secs(60 * 60);

/// Few letters each, so that names have runs in common; some fold to others, or to more than one.
const SCRIPTS: [&[&str]; 6] = [
    &["a", "b", "A", " "],
    &["n", "N", "é", "e\u{301}", "-"],
    &["ß", "ss", "S", "ſ", "i", "İ", "ı"],
    &["σ", "ς", "Σ", "ο"],
    &["и", "й", "Й", "ж"],
    &["王", "小", "%", "_", "!", "\\", "😀"],
];

/// Who there should be.
struct Model {
    scratch: Scratch,
    store: Store,
    database: DatabaseConnection,
    dice: Dice,
    /// The folded names of verified people.
    names: BTreeMap<UserId, String>,
    /// Sign-ups that nobody has verified yet, with their names.
    waiting: Vec<(Email, String)>,
    addresses: usize,
}

impl Model {
    async fn new(seed: u64) -> Self {
        let scratch = Scratch::new().await;
        let store = Store::open(&scratch.settings()).await.unwrap();
        let database = Driver::connect(&scratch.url).await.unwrap();
        let dice = Dice(seed);
        Self { scratch, store, database, dice, names: BTreeMap::new(), waiting: Vec::new(), addresses: 0 }
    }

    fn text(&mut self, most: usize) -> String {
        let script = SCRIPTS[self.dice.throw(SCRIPTS.len())];
        (0..=self.dice.throw(most)).map(|_| script[self.dice.throw(script.len())]).collect()
    }

    fn name(&mut self) -> Name {
        loop {
            let text = self.text(7);
            if let Ok(name) = Name::new(&text) {
                return name;
            }
        }
    }

    fn address(&mut self) -> Email {
        self.addresses += 1;
        Email::new(&format!("person.{}@example.org", self.addresses)).unwrap()
    }

    fn somebody(&mut self) -> Option<UserId> {
        let all: Vec<UserId> = self.names.keys().copied().collect();
        (!all.is_empty()).then(|| all[self.dice.throw(all.len())])
    }

    async fn add(&mut self, number: usize) {
        let people: Vec<_> = (0..number).map(|_| (self.name(), self.address())).collect();
        self.add_named(&people).await;
    }

    async fn add_named(&mut self, people: &[(Name, Email)]) {
        let ids = self.store.add_verified(people, "a hash", Timestamp::now()).await.unwrap();
        self.names.extend(ids.into_iter().zip(people).map(|(id, (name, _))| (id, fold(name.as_str()))));
    }

    /// The people so far are from before there were runs of names.
    async fn begin_anew(&self) {
        Migrator::down(&self.database, Some(steps_from("m0015_people"))).await.unwrap();
        Migrator::up(&self.database, None).await.unwrap();
    }

    async fn sign_up(&mut self) {
        let (name, email, now) = (self.name(), self.address(), Timestamp::now());
        let token = NewMailToken { hash: email.to_string(), is_code: false, expires_at: now.plus(HOUR) };
        let waiting = (email.clone(), name.to_string());
        let sign_up = SignUp { email, name, password_hash: "a hash".into(), tokens: vec![token], mail: mail() };
        self.store.sign_up(&sign_up, now).await.unwrap();
        self.waiting.push(waiting);
    }

    async fn verify(&mut self) {
        let Some((email, name)) = self.waiting.pop() else { return };
        let now = Timestamp::now();
        let login = NewLogin {
            id: LoginId::new(),
            refresh_hash: email.to_string(),
            expires_at: now.plus(HOUR),
            idle_until: now.plus(HOUR),
            ip: "192.0.2.1".into(),
            user_agent: "a test".into(),
        };
        let proof = Proof { hash: email.to_string(), email, is_code: false };
        let Verified::Now(id) = self.store.verify(&proof, &login, now).await.unwrap() else { panic!("not verified") };
        self.names.insert(id, fold(&name));
    }

    async fn rename(&mut self) {
        let Some(id) = self.somebody() else { return };
        let name = self.name();
        let folded = fold(name.as_str());
        let change = ProfileChange { name: Some(name), ..ProfileChange::default() };
        self.store.edit_profile(id, change, Timestamp::now()).await.unwrap().unwrap();
        self.names.insert(id, folded);
    }

    async fn delete(&mut self) {
        let Some(id) = self.somebody() else { return };
        self.store.delete_account(id, "a hash", &mail(), Timestamp::now()).await.unwrap().unwrap();
        self.names.remove(&id);
    }

    /// Nobody verifies these any more.
    async fn forget_waiting(&mut self) {
        self.waiting.clear();
        let later = Timestamp::now().plus(HOUR);
        for kind in [Ended::SignUps, Ended::Unverified] {
            while self.store.remove_ended(kind, later).await.unwrap() {}
        }
    }

    async fn step(&mut self) {
        match self.dice.throw(8) {
            0 => {
                let number = 1 + self.dice.throw(3);
                self.add(number).await;
            }
            1 | 2 => self.sign_up().await,
            3 => self.verify().await,
            4 | 5 => self.rename().await,
            6 => self.delete().await,
            _ if self.dice.throw(4) == 0 => self.forget_waiting().await,
            _ => {
                self.store.fill_names().await.unwrap();
            }
        }
    }

    /// Something to look for: out of a name, as a rule.
    fn part(&mut self) -> String {
        if self.dice.throw(3) == 0 {
            return self.text(4);
        }
        let Some(id) = self.somebody() else { return "a".into() };
        let characters: Vec<char> = self.names[&id].chars().collect();
        let start = self.dice.throw(characters.len());
        let end = start + 1 + self.dice.throw(characters.len() - start);
        characters[start..end].iter().collect()
    }

    /// A search finds whom a look at every name finds.
    async fn agrees_on(&self, part: &str, limit: usize) {
        let folded = fold(part);
        let holding = self.names.iter().filter(|(_, name)| name.contains(&folded));
        let expected: BTreeSet<(&String, Uuid)> = holding.map(|(id, name)| (name, id.0)).collect();
        let expected: Vec<UserId> = expected.into_iter().take(limit).map(|(_, id)| UserId(id)).collect();
        let found = self.store.search(&NamePart::new(part).unwrap(), limit as u64).await.unwrap();
        assert_eq!(found.iter().map(|person| person.id).collect::<Vec<_>>(), expected, "{part:?}, {limit}");
    }

    async fn agrees(&mut self, parts: usize) {
        for _ in 0..parts {
            let (part, limit) = (self.part(), 1 + self.dice.throw(8));
            self.agrees_on(&part, limit).await;
        }
    }

    async fn fill(&self) {
        while self.store.fill_names().await.unwrap() {}
    }

    /// The runs are those of the people who are there, and no others.
    async fn has_their_runs(&self) {
        let mut expected = BTreeSet::new();
        for (id, name) in &self.names {
            let characters: Vec<char> = name.chars().collect();
            let runs = (1..=3).flat_map(|length| characters.windows(length));
            expected.extend(runs.map(|run| (run.iter().collect::<String>(), name.clone(), id.0)));
        }
        let rows = person_gram::Entity::find().all(&self.database).await.unwrap();
        let rows: BTreeSet<_> = rows.into_iter().map(|row| (row.gram, row.name_folded, row.user_id)).collect();
        let differences: Vec<_> = rows.symmetric_difference(&expected).collect();
        assert!(differences.is_empty(), "{differences:?}");
    }

    /// Those are written who are named as written, all of them, and nobody else.
    async fn has_runs_up_to_where_it_stands(&self) {
        let (filled, rows) = loop {
            // What was broken off may be committed this very moment.
            let before = self.filled().await;
            let rows = person_gram::Entity::find().all(&self.database).await.unwrap();
            if self.filled().await == before {
                break (before, rows);
            }
        };
        let written: BTreeSet<Uuid> = rows.into_iter().map(|row| row.user_id).collect();
        let named: BTreeSet<Uuid> = self.names.keys().map(|id| id.0).filter(|id| *id <= filled).collect();
        assert_eq!(written, named);
    }

    async fn filled(&self) -> Uuid {
        person_progress::Entity::find_by_id(1_i16).one(&self.database).await.unwrap().unwrap().user_id
    }
}

#[actix::test]
async fn people_are_found_as_a_look_at_every_name_finds_them_after_any_history() {
    for seed in 0..u64::from(cases(20)) {
        let mut model = Model::new(seed).await;
        model.add(120).await;
        if seed % 4 > 0 {
            model.begin_anew().await;
        }
        for _ in 0..STEPS {
            model.step().await;
            model.agrees(3).await;
        }
        model.fill().await;
        model.has_their_runs().await;
        model.agrees(40).await;
    }
}

#[actix::test]
async fn a_long_part_is_found_although_many_names_have_all_its_runs() {
    let mut model = Model::new(7).await;
    let mut people = Vec::new();
    for _ in 0..1_200 {
        let name: String = (0..6 + model.dice.throw(6)).map(|_| ["a", "b"][model.dice.throw(2)]).collect();
        people.push((Name::new(&name).unwrap(), model.address()));
    }
    // The one behind all others.
    people.push((Name::new("zz baabaabaabaa").unwrap(), model.address()));
    model.add_named(&people).await;
    model.fill().await;
    for _ in 0..cases(300) {
        let part: String = (0..4 + model.dice.throw(8)).map(|_| ["a", "b", "B"][model.dice.throw(3)]).collect();
        model.agrees_on(&part, 8).await;
    }
    for part in ["baabaabaabaa", "abaabaabaabaabaab", "zz b", "abaz", &"ba".repeat(32)] {
        model.agrees_on(part, 8).await;
    }
}

#[actix::test]
async fn names_from_before_are_filled_in_piece_by_piece_whatever_breaks_off() {
    let mut model = Model::new(11).await;
    model.add(420).await;
    model.begin_anew().await;
    model.agrees(20).await;
    assert_eq!(model.filled().await, Uuid::nil());
    let mut polls = 1;
    while polled(model.store.fill_names(), polls).await.is_none() {
        polls += 1;
        model.has_runs_up_to_where_it_stands().await;
    }
    let filled = model.filled().await;
    assert!(filled != Uuid::nil() && filled != Uuid::max());
    model.agrees(20).await;
    model.database.execute_unprepared("ALTER TABLE person_gram RENAME TO away").await.unwrap();
    assert!(model.store.fill_names().await.is_err());
    model.database.execute_unprepared("ALTER TABLE away RENAME TO person_gram").await.unwrap();
    assert_eq!(model.filled().await, filled);
    model.has_runs_up_to_where_it_stands().await;
    // Some on either side of where it stands, and a process of its own that goes on.
    for _ in 0..10 {
        model.rename().await;
        model.delete().await;
        model.add(1).await;
    }
    model.store = Store::open(&model.scratch.settings()).await.unwrap();
    model.agrees(20).await;
    while model.store.fill_names().await.unwrap() {
        model.agrees(10).await;
    }
    assert_eq!(model.filled().await, Uuid::max());
    assert!(!model.store.fill_names().await.unwrap());
    model.has_their_runs().await;
    model.agrees(40).await;
    assert_eq!(model.store.search(&NamePart::new("").unwrap(), 8).await.unwrap(), []);
}

#[actix::test]
async fn names_change_while_two_servers_fill_them_in() {
    let mut model = Model::new(13).await;
    model.add(260).await;
    model.begin_anew().await;
    let other = Store::open(&model.scratch.settings()).await.unwrap();
    let this = model.store.clone();
    loop {
        let (here, there, ()) = join!(this.fill_names(), other.fill_names(), async {
            for _ in 0..4 {
                model.rename().await;
                model.delete().await;
            }
        });
        if !here.unwrap() && !there.unwrap() {
            break;
        }
    }
    model.has_their_runs().await;
    model.agrees(40).await;
}
