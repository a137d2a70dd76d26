//! A population for load tests: users with tokens, personal chats and groups, and a file that load generators read.
use std::{
    fs::{File, OpenOptions},
    io::{self, Write},
    path::Path,
    str::FromStr,
    time::Duration,
};

use serde::Serialize;

use super::{Failure, accounts};
use crate::{
    auth::Password,
    domain::{ChatId, Description, Email, Kind, Name, UserId},
    settings::Settings,
    store::NewChat,
};

const TOKEN_LIFE: Duration = Duration::from_secs(365 * 24 * 60 * 60);
const PASSWORD: &str = "seeded for load tests";
#[cfg(unix)]
const PRIVATE: u32 = 0o600;

/// How many of everything.
#[derive(Debug, Clone, Copy)]
pub struct Population {
    /// Users; 2k and 2k+1 share a personal chat.
    pub users: usize,
    /// Groups, spread evenly over the users.
    pub groups: Groups,
}

/// `GxM`: G groups of M members.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Groups {
    number: usize,
    members: usize,
}

impl FromStr for Groups {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("expected GROUPSxMEMBERS such as 10x50, not {text:?}");
        let (number, members) = text.split_once('x').ok_or_else(wrong)?;
        let parse = |digits: &str| digits.parse().map_err(|_| wrong());
        Ok(Self { number: parse(number)?, members: parse(members)? })
    }
}

#[derive(Serialize)]
struct Seeded {
    id: UserId,
    name: Name,
    email: Email,
    password: &'static str,
    access_token: String,
    refresh_token: String,
    chats: Vec<SeededChat>,
}

#[derive(Serialize)]
struct SeededChat {
    id: ChatId,
    kind: &'static str,
}

/// Makes the population and writes `out`: a JSON array, one object per user.
///
/// # Errors
/// If groups are larger than the population, `out` cannot be written, or the database refuses.
pub async fn seed(settings: &Settings, population: Population, out: &Path) -> Result<(), Failure> {
    let Groups { number, members } = population.groups;
    if number > 0 && (members < 2 || members > population.users) {
        return Err(format!("a group needs 2 to {} members, not {members}", population.users).into());
    }
    // Opened before anybody is made: a population whose tokens nobody has is of no use.
    let unwritten = |error| format!("cannot write {}: {error}", out.display());
    let mut file = private_file(out).map_err(unwritten)?;
    let (auth, store, _) = accounts(settings).await?;
    let people = people(population.users)?;
    let password = Password::new(PASSWORD)?;
    let ids = auth.add_verified_users(&people, &password).await?;
    let seats = chats(population.users, population.groups);
    let creations = seats.iter().enumerate().map(|(at, seats)| new_chat(at, seats, &ids));
    let chats = store.create_chats(&creations.collect::<Result<Vec<_>, Failure>>()?).await?;
    let opened = auth.issue(&ids, TOKEN_LIFE).await?;
    let mut seeded: Vec<Seeded> = people
        .into_iter()
        .zip(opened)
        .map(|((name, email), login)| Seeded {
            id: login.user,
            name,
            email,
            password: PASSWORD,
            access_token: login.access,
            refresh_token: login.refresh,
            chats: Vec::new(),
        })
        .collect();
    for ((kind, members), id) in seats.into_iter().zip(chats) {
        let kind = if kind == Kind::Group { "group" } else { "personal" };
        members.into_iter().for_each(|member| seeded[member].chats.push(SeededChat { id, kind }));
    }
    file.write_all(&serde_json::to_vec(&seeded)?).map_err(unwritten)?;
    Ok(())
}

/// An empty file that only its owner can read: it will hold passwords and tokens. What is no file, such as a pipe, stays as it is.
fn private_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, PRIVATE);
    let file = options.open(path)?;
    #[cfg(unix)]
    if file.metadata()?.is_file() {
        file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(PRIVATE))?;
    }
    Ok(file)
}

/// Names and addresses that no earlier population has.
fn people(users: usize) -> Result<Vec<(Name, Email)>, Failure> {
    let tag = UserId::new().0.simple().to_string();
    (0..users).map(|n| Ok((Name::new(&format!("User {n}"))?, Email::new(&format!("user{n}@{tag}.example"))?))).collect()
}

/// Which users share which chats.
fn chats(users: usize, groups: Groups) -> Vec<(Kind, Vec<usize>)> {
    let pairs = (0..users / 2).map(|pair| (Kind::Personal, vec![2 * pair, 2 * pair + 1]));
    let groups = (0..groups.number).map(|group| {
        let first = group * groups.members;
        (Kind::Group, (first..first + groups.members).map(|member| member % users).collect())
    });
    pairs.chain(groups).collect()
}

fn new_chat(at: usize, (kind, members): &(Kind, Vec<usize>), ids: &[UserId]) -> Result<NewChat, Failure> {
    Ok(match kind {
        Kind::Group => NewChat::Group {
            name: Name::new(&format!("Group {at}"))?,
            description: Description::new("")?,
            members: members.iter().map(|member| ids[*member]).collect(),
        },
        Kind::Personal | Kind::SelfNotes => NewChat::Personal(ids[members[0]], ids[members[1]]),
    })
}
