//! The chat actor against a model: random commands, random outcomes of the writer, and what each socket must have heard.
use std::collections::VecDeque;

use actix::prelude::*;
use greenroom::{
    chat::{Command, Idle, Passivate, Request},
    domain::{Kind, Name, UserId},
    writer::Unstored,
};
use proptest::{prelude::*, test_runner::TestRunner};

use crate::{
    scratch::cases,
    support::{Probe, Recorded, Socket, Stage, done, post, settle, stored},
};

const PEOPLE: usize = 4;
const CASES: u32 = 200;

/// What is done to the chat. People are numbers; 0, 1 and 2 are in the group at first, and 0 is its admin.
#[derive(Debug, Clone)]
enum Deed {
    Post(usize),
    Read(usize),
    Add(usize, usize),
    Kick(usize, usize),
    ChangeAdmin(usize, usize),
    Leave(usize),
    /// The writer settles its oldest record, well or not.
    Settle(bool),
}

fn deed() -> impl Strategy<Value = Deed> {
    let who = 0..PEOPLE;
    prop_oneof![
        6 => who.clone().prop_map(Deed::Post),
        3 => who.clone().prop_map(Deed::Read),
        1 => (who.clone(), who.clone()).prop_map(|(by, whom)| Deed::Add(by, whom)),
        1 => (who.clone(), who.clone()).prop_map(|(by, whom)| Deed::Kick(by, whom)),
        1 => (who.clone(), who.clone()).prop_map(|(by, whom)| Deed::ChangeAdmin(by, whom)),
        1 => who.prop_map(Deed::Leave),
        8 => prop::bool::weighted(0.9).prop_map(Deed::Settle),
    ]
}

/// Who is in, who runs it, and how far each has read.
#[derive(Debug, Clone, PartialEq)]
struct Group {
    members: Vec<usize>,
    admin: usize,
    read: [i64; PEOPLE],
}

/// A decision on its way to the database.
#[derive(Debug, Clone)]
struct Decision {
    by: usize,
    ack: u64,
    deed: Deed,
    upto: i64,
}

impl Decision {
    fn is_change(&self) -> bool {
        !matches!(self.deed, Deed::Post(_) | Deed::Read(_))
    }
}

/// What the chat must do, said as simply as possible: one group with all decisions in it, one with those that came true.
struct Model {
    decided: Group,
    told: Group,
    newest: i64,
    pending: VecDeque<Decision>,
    /// How many of them, the oldest, the writer has.
    recorded: usize,
    broken: bool,
    /// What each person's socket must have heard: an event's name, or `ack:` and its outcome.
    heard: [Vec<String>; PEOPLE],
}

impl Model {
    fn new() -> Self {
        let group = Group { members: vec![0, 1, 2], admin: 0, read: [0; PEOPLE] };
        Self {
            decided: group.clone(),
            told: group,
            newest: 0,
            pending: VecDeque::new(),
            recorded: 0,
            broken: false,
            heard: Default::default(),
        }
    }

    fn hear(&mut self, who: usize, what: &str) {
        self.heard[who].push(what.to_owned());
    }

    /// The code of a refusal, or that it is decided.
    fn judge(&self, by: usize, deed: &Deed) -> Result<(), &'static str> {
        let group = &self.decided;
        let inside = |who: &usize| group.members.contains(who);
        if !inside(&by) {
            return Err("not_found");
        }
        if self.broken {
            return Err("unavailable");
        }
        let admin = if group.admin == by { Ok(()) } else { Err("not_admin") };
        match deed {
            Deed::Add(_, whom) => admin.and(if inside(whom) { Err("conflict") } else { Ok(()) }),
            Deed::Kick(_, whom) if by == *whom => admin.and(Err("conflict")),
            Deed::ChangeAdmin(_, whom) if by == *whom => admin.and(Err("conflict")),
            Deed::Kick(_, whom) | Deed::ChangeAdmin(_, whom) => {
                admin.and(if inside(whom) { Ok(()) } else { Err("not_member") })
            }
            Deed::Leave(_) if group.admin == by => Err("conflict"),
            _ => Ok(()),
        }
    }

    fn command(&mut self, by: usize, ack: u64, deed: &Deed) {
        if let Err(code) = self.judge(by, deed) {
            return self.hear(by, &format!("ack{ack}:{code}"));
        }
        let upto = self.newest;
        let stored = if self.told.members.contains(&by) { &self.told } else { &self.decided };
        if matches!(deed, Deed::Read(_)) && stored.read[by] >= upto {
            return self.hear(by, &format!("ack{ack}:ok"));
        }
        apply(&mut self.decided, by, deed, upto);
        self.pending.push_back(Decision { by, ack, deed: deed.clone(), upto });
    }

    /// How many decisions must reach the writer now: none that comes after a change before that is settled.
    fn hand_over(&mut self) -> usize {
        let before = self.recorded;
        while self.recorded < self.pending.len() && (self.recorded == 0 || !self.pending[self.recorded - 1].is_change())
        {
            self.recorded += 1;
        }
        self.recorded - before
    }

    fn settle(&mut self, well: bool) {
        let Some(decision) = self.pending.pop_front() else { return };
        self.recorded -= 1;
        if well {
            self.tell(decision.by, decision.ack, &decision.deed, decision.upto);
        } else {
            self.broken |= !matches!(decision.deed, Deed::Post(_));
            let rest = if decision.is_change() { std::mem::take(&mut self.pending) } else { VecDeque::new() };
            for Decision { by, ack, .. } in [decision].into_iter().chain(rest) {
                self.hear(by, &format!("ack{ack}:unavailable"));
            }
        }
        if self.pending.is_empty() {
            self.decided = self.told.clone();
            self.broken = false;
        }
    }

    fn tell(&mut self, by: usize, ack: u64, deed: &Deed, upto: i64) {
        self.newest += i64::from(matches!(deed, Deed::Post(_)));
        let before = self.told.members.clone();
        let moves = before.contains(&by) && upto > self.told.read[by];
        apply(&mut self.told, by, deed, if matches!(deed, Deed::Read(_)) { upto } else { self.newest });
        self.hear(by, &format!("ack{ack}:ok"));
        let after = self.told.members.clone();
        let others = |members: &[usize]| members.iter().copied().filter(|who| *who != by).collect::<Vec<_>>();
        match deed {
            Deed::Post(_) => others(&before).iter().for_each(|who| self.hear(*who, "receive-group-message")),
            Deed::Read(_) if !moves => {}
            Deed::Read(_) => others(&before).iter().for_each(|who| self.hear(*who, "read-grp-msg-ack")),
            Deed::Add(_, whom) => {
                before.iter().for_each(|who| self.hear(*who, "add-member-success"));
                self.hear(*whom, "new-grp-added");
                self.hear(*whom, "create-group-chat-receiver");
            }
            Deed::ChangeAdmin(..) => {
                self.hear(by, "change-admin-success-creator");
                others(&before).iter().for_each(|who| self.hear(*who, "change-admin-success-receiver"));
            }
            Deed::Kick(_, whom) => {
                self.hear(by, "kickout-successful");
                self.hear(*whom, "kicked-out");
                others(&after).iter().for_each(|who| self.hear(*who, "someone-kicked-out"));
            }
            Deed::Leave(_) => {
                self.hear(by, "group-left-success");
                others(&before).iter().for_each(|who| self.hear(*who, "user-left-grp"));
            }
            Deed::Settle(_) => {}
        }
        if !matches!(deed, Deed::Post(_) | Deed::Read(_) | Deed::Settle(_)) {
            others(&after).iter().for_each(|who| self.hear(*who, "chat-changed"));
        }
    }
}

fn apply(group: &mut Group, by: usize, deed: &Deed, newest: i64) {
    match deed {
        Deed::Read(_) => group.read[by] = group.read[by].max(newest),
        Deed::Add(_, whom) => {
            group.members.push(*whom);
            group.read[*whom] = newest;
        }
        Deed::Kick(_, whom) => group.members.retain(|who| who != whom),
        Deed::Leave(_) => group.members.retain(|who| *who != by),
        Deed::ChangeAdmin(_, whom) => group.admin = *whom,
        Deed::Post(_) | Deed::Settle(_) => {}
    }
}

/// The real chat with its probes, beside the model.
struct Run {
    stage: Stage,
    sockets: Vec<Socket>,
    records: VecDeque<Recorded>,
    model: Model,
    idle: Recipient<Idle>,
}

impl Run {
    async fn new() -> Self {
        let users: Vec<UserId> = (0..PEOPLE).map(|_| UserId::new()).collect();
        let stage = Stage::group(&users[..3]).await;
        let sockets = users.iter().map(|user| stage.online(*user)).collect();
        let (idle, _) = Probe::open(1);
        Self { stage, sockets, records: VecDeque::new(), model: Model::new(), idle }
    }

    async fn step(&mut self, ack: u64, deed: &Deed) {
        match deed {
            Deed::Settle(well) => self.settle(*well),
            Deed::Post(by) | Deed::Read(by) | Deed::Leave(by) => self.command(*by, ack, deed),
            Deed::Add(by, _) | Deed::Kick(by, _) | Deed::ChangeAdmin(by, _) => self.command(*by, ack, deed),
        }
        for _ in 0..self.model.hand_over() {
            self.records.push_back(self.stage.recorded().await);
        }
        self.handled().await;
    }

    fn command(&mut self, by: usize, ack: u64, deed: &Deed) {
        let caller = self.sockets[by].asks(ack);
        let user = |who: &usize| self.sockets[*who].user;
        let chat = &self.stage.chat;
        match deed {
            Deed::Post(_) => chat.do_send(post(caller, "x")),
            Deed::Read(_) => chat.do_send(Command {
                caller,
                request: Request::MarkRead { kind: Kind::Group, upto: None, is_seen: true },
            }),
            Deed::Add(_, whom) => {
                chat.do_send(Command {
                    caller,
                    request: Request::AddMember { member: Some((user(whom), Name::new("Cat").unwrap())) },
                });
            }
            Deed::Kick(_, whom) => {
                chat.do_send(Command { caller, request: Request::Kick { member: Some(user(whom)) } })
            }
            Deed::ChangeAdmin(_, whom) => {
                chat.do_send(Command { caller, request: Request::ChangeAdmin { member: Some(user(whom)) } })
            }
            Deed::Leave(_) => chat.do_send(Command { caller, request: Request::Leave }),
            Deed::Settle(_) => {}
        }
        self.model.command(by, ack, deed);
    }

    fn settle(&mut self, well: bool) {
        let Some(record) = self.records.pop_front() else { return };
        let is_post = matches!(record.fact, greenroom::domain::Fact::Posted(_));
        // What builds on a pointer that failed fails, too.
        let well = well && (is_post || !self.model.broken);
        let newest = self.model.newest;
        self.model.settle(well);
        let verdict = match (well, is_post) {
            (false, _) => Err(Unstored::Never),
            (true, true) => stored(newest + 1),
            (true, false) => Ok(done(newest)),
        };
        settle(&record, verdict);
    }

    /// Waits until the chat has handled all that it was sent.
    async fn handled(&self) {
        self.stage.chat.send(Passivate { routed: 0, registry: self.idle.clone() }).await.unwrap();
    }

    async fn compare(mut self) {
        for (who, expected) in self.model.heard.iter().enumerate() {
            for (at, expected) in expected.iter().enumerate() {
                let (kind, heard) = self.sockets[who].hears().await;
                assert_eq!(&spell(&kind, &heard), expected, "person {who}, packet {at}");
            }
            assert!(self.sockets[who].hears_nothing(), "person {who} heard more than {expected:?}");
        }
    }
}

fn spell(kind: &str, heard: &serde_json::Value) -> String {
    match kind.strip_prefix("43") {
        None => heard[0].as_str().unwrap().to_owned(),
        Some(ack) if heard[0]["Ok"] == true => format!("ack{ack}:ok"),
        Some(ack) => format!("ack{ack}:{}", heard[0]["Code"].as_str().unwrap()),
    }
}

#[test]
fn whatever_happens_everybody_hears_what_the_model_says() {
    let config = ProptestConfig { cases: cases(CASES), failure_persistence: None, ..ProptestConfig::default() };
    let checked = TestRunner::new(config).run(&prop::collection::vec(deed(), 1..120), |deeds| {
        actix::System::new().block_on(async {
            let mut run = Run::new().await;
            for (ack, deed) in deeds.iter().enumerate() {
                run.step(ack as u64, deed).await;
            }
            run.compare().await;
        });
        Ok(())
    });
    checked.unwrap();
}
