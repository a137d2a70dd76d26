//! Random histories of what holds files, against a model: whatever is stored, refused or ended, alone or with others in one
//! transaction, each file is there as long as something holds it, and no longer.
use std::collections::{BTreeMap, BTreeSet};

use greenroom::{
    domain::{Change, ChatId, File, ProfileChange, Seq, Timestamp, UserId},
    store::{Deletion, Outcome, Store},
};

use crate::{
    files::{agrees, bringing, deleted, sees, upload},
    scratch::Scratch,
    support::{Dice, changed, group, people, said, soon},
};

const STEPS: usize = 150;

/// One file, as it should be.
struct Known {
    file: File,
    is_gone: bool,
}

/// What there should be.
struct Model {
    store: Store,
    ann: UserId,
    dice: Dice,
    files: Vec<Known>,
    /// Of each chat that is there its newest message, and the files of those that are not deleted. One chat never was.
    chats: BTreeMap<ChatId, (i64, BTreeMap<i64, Vec<usize>>)>,
    gone: Vec<ChatId>,
    picture: Option<usize>,
}

impl Model {
    fn holders(&self, file: usize) -> usize {
        let messages = self.chats.values().flat_map(|(_, messages)| messages.values()).flatten();
        messages.filter(|held| **held == file).count() + usize::from(self.picture == Some(file))
    }

    /// With the last that held them files are gone, but not with the last picture.
    fn settle(&mut self, freed: &BTreeSet<usize>) {
        for file in freed {
            self.files[*file].is_gone |= self.holders(*file) == 0;
        }
    }

    fn some_chat(&mut self) -> ChatId {
        let all: Vec<ChatId> = self.chats.keys().copied().chain(self.gone.iter().copied()).collect();
        all[self.dice.throw(all.len())]
    }

    /// A few facts in one transaction.
    async fn commit(&mut self) {
        let there: Vec<bool> = self.files.iter().map(|known| !known.is_gone).collect();
        let (mut facts, mut expected, mut freed) = (Vec::new(), Vec::new(), BTreeSet::new());
        let mut touched = BTreeSet::new();
        for _ in 0..=self.dice.throw(3) {
            let chat = self.some_chat();
            match self.dice.throw(8) {
                0..=4 => {
                    let count = self.dice.throw(3);
                    let files: BTreeSet<usize> = (0..count).map(|_| self.dice.throw(self.files.len())).collect();
                    let brought: Vec<&File> = files.iter().map(|file| &self.files[*file].file).collect();
                    facts.push(bringing(said(chat, self.ann, "look", None), &brought));
                    let is_lacking = files.iter().any(|file| !there[*file]);
                    expected.push(match self.chats.get_mut(&chat) {
                        _ if is_lacking => Some(Outcome::Lacking),
                        None => Some(Outcome::Gone),
                        Some((newest, messages)) => {
                            *newest += 1;
                            messages.insert(*newest, files.into_iter().collect());
                            touched.insert((chat, *newest));
                            Some(Outcome::Stored { seq: Seq(*newest) })
                        }
                    });
                }
                5 | 6 => {
                    let Some((_, messages)) = self.chats.get_mut(&chat) else { continue };
                    let old = messages.keys().copied().find(|seq| !touched.contains(&(chat, *seq)));
                    let Some(seq) = old else { continue };
                    let files = messages.remove(&seq).unwrap();
                    let held: Vec<&File> = files.iter().map(|file| &self.files[*file].file).collect();
                    facts.push(deleted(chat, seq, self.ann, &held));
                    expected.push(None);
                    freed.extend(files);
                }
                // Nothing follows it in its transaction: the chat would not have decided it.
                _ if chat != self.ann.self_chat() && self.chats.contains_key(&chat) => {
                    let (_, messages) = self.chats.remove(&chat).unwrap();
                    freed.extend(messages.into_values().flatten());
                    self.gone.push(chat);
                    facts.push(changed(chat, Change::Deleted));
                    expected.push(None);
                    break;
                }
                _ => {}
            }
        }
        if facts.is_empty() {
            return;
        }
        let outcomes = self.store.commit(&facts, soon()).await.unwrap();
        for (n, (outcome, expected)) in outcomes.iter().zip(expected).enumerate() {
            assert!(expected.is_none_or(|expected| expected == *outcome), "{n}: {outcome:?}, not {expected:?}");
        }
        self.settle(&freed);
    }

    async fn step(&mut self) {
        match self.dice.throw(10) {
            0 => {
                let file = upload(&self.store, self.ann).await;
                self.files.push(Known { file, is_gone: false });
            }
            1 => {
                let file = self.dice.throw(self.files.len());
                let expected = match &self.files[file] {
                    Known { is_gone: true, .. } => Deletion::Missing,
                    _ if self.holders(file) > 0 => Deletion::Held,
                    _ => Deletion::Gone,
                };
                let id = self.files[file].file.id;
                assert_eq!(self.store.delete_file(self.ann, id, Timestamp::now()).await.unwrap(), expected);
                self.files[file].is_gone |= expected == Deletion::Gone;
            }
            2 => {
                let new = Some(self.dice.throw(self.files.len())).filter(|_| self.dice.throw(4) > 0);
                let avatar = Some(new.map(|file| self.files[file].file.id));
                let change = ProfileChange { avatar, ..ProfileChange::default() };
                let edited = self.store.edit_profile(self.ann, change, Timestamp::now()).await.unwrap();
                let can_be = new.is_none_or(|file| !self.files[file].is_gone);
                assert_eq!(edited.is_ok(), can_be);
                if can_be {
                    self.picture = new;
                }
            }
            3 => {
                let chat = group(&self.store, "Band", &[self.ann]).await;
                self.chats.insert(chat, (0, BTreeMap::new()));
            }
            _ => self.commit().await,
        }
    }
}

async fn history(seed: u64) {
    let scratch = Scratch::new().await;
    let store = Store::open(&scratch.settings()).await.unwrap();
    let ann = people(&store, &["Ann"]).await[0];
    let mut files = Vec::new();
    for _ in 0..3 {
        files.push(Known { file: upload(&store, ann).await, is_gone: false });
    }
    let chats = BTreeMap::from([(ann.self_chat(), (0, BTreeMap::new()))]);
    let gone = vec![ChatId::new()];
    let mut model = Model { store, ann, dice: Dice(seed), files, chats, gone, picture: None };
    for step in 0..STEPS {
        model.step().await;
        agrees(&model.store).await;
        for known in &model.files {
            let is_there = sees(&model.store, ann, &known.file).await;
            assert_eq!(is_there, !known.is_gone, "seed {seed}, step {step}: file {}", known.file.id);
        }
    }
    let now = Timestamp::now();
    let due = model.store.end_due_files(now, Timestamp(0), 1_000).await.unwrap();
    let due: BTreeSet<_> = due.into_iter().collect();
    let all_gone: BTreeSet<_> = model.files.iter().filter(|known| known.is_gone).map(|known| known.file.id).collect();
    assert_eq!(due, all_gone, "seed {seed}");
}

#[actix::test]
async fn whatever_happens_a_file_is_there_as_long_as_something_holds_it() {
    for seed in 1..=4 {
        history(seed).await;
    }
}
