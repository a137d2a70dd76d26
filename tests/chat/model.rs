//! The chat actor against a model: random commands, random outcomes of the writer, and what each socket must have heard.
use std::collections::VecDeque;

use actix::prelude::*;
use greenroom::{
    chat::{Command, Idle, Passivate, Request},
    domain::{Deed, Kind, UserId},
    writer::Unstored,
};
use proptest::{prelude::*, test_runner::TestRunner};

use crate::{
    scratch::cases,
    support::{Probe, Recorded, Socket, Stage, done, newcomer, post, settle, stored},
};

const PEOPLE: usize = 4;
const CASES: u32 = 200;

/// What is done to the chat. People are numbers; 0, 1 and 2 are in the group at first, and 0 is its admin.
#[derive(Debug, Clone)]
enum Step {
    Post(usize),
    Read(usize),
    Add(usize, usize),
    Kick(usize, usize),
    ChangeAdmin(usize, usize),
    Leave(usize),
    /// The writer settles its oldest record, well or not.
    Settle(bool),
}

fn step() -> impl Strategy<Value = Step> {
    let who = 0..PEOPLE;
    prop_oneof![
        6 => who.clone().prop_map(Step::Post),
        3 => who.clone().prop_map(Step::Read),
        1 => (who.clone(), who.clone()).prop_map(|(by, whom)| Step::Add(by, whom)),
        1 => (who.clone(), who.clone()).prop_map(|(by, whom)| Step::Kick(by, whom)),
        1 => (who.clone(), who.clone()).prop_map(|(by, whom)| Step::ChangeAdmin(by, whom)),
        1 => who.prop_map(Step::Leave),
        8 => prop::bool::weighted(0.9).prop_map(Step::Settle),
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
    step: Step,
    upto: i64,
}

impl Decision {
    fn is_change(&self) -> bool {
        !matches!(self.step, Step::Post(_) | Step::Read(_))
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
    fn judge(&self, by: usize, step: &Step) -> Result<(), &'static str> {
        let group = &self.decided;
        let inside = |who: &usize| group.members.contains(who);
        if !inside(&by) {
            return Err("not_found");
        }
        if self.broken {
            return Err("unavailable");
        }
        let admin = if group.admin == by { Ok(()) } else { Err("not_admin") };
        match step {
            Step::Add(_, whom) => admin.and(if inside(whom) { Err("conflict") } else { Ok(()) }),
            Step::Kick(_, whom) if by == *whom => admin.and(Err("conflict")),
            Step::ChangeAdmin(_, whom) if by == *whom => admin.and(Err("conflict")),
            Step::Kick(_, whom) | Step::ChangeAdmin(_, whom) => {
                admin.and(if inside(whom) { Ok(()) } else { Err("not_member") })
            }
            Step::Leave(_) if group.admin == by => Err("conflict"),
            _ => Ok(()),
        }
    }

    fn command(&mut self, by: usize, ack: u64, step: &Step) {
        if let Err(code) = self.judge(by, step) {
            return self.hear(by, &format!("ack{ack}:{code}"));
        }
        let upto = self.newest;
        let stored = if self.told.members.contains(&by) { &self.told } else { &self.decided };
        if matches!(step, Step::Read(_)) && stored.read[by] >= upto {
            return self.hear(by, &format!("ack{ack}:ok"));
        }
        apply(&mut self.decided, by, step, upto);
        self.pending.push_back(Decision { by, ack, step: step.clone(), upto });
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
            self.tell(decision.by, decision.ack, &decision.step, decision.upto);
        } else {
            self.broken |= !matches!(decision.step, Step::Post(_));
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

    fn tell(&mut self, by: usize, ack: u64, step: &Step, upto: i64) {
        self.newest += i64::from(matches!(step, Step::Post(_)));
        let before = self.told.members.clone();
        let moves = before.contains(&by) && upto > self.told.read[by];
        apply(&mut self.told, by, step, if matches!(step, Step::Read(_)) { upto } else { self.newest });
        self.hear(by, &format!("ack{ack}:ok"));
        let after = self.told.members.clone();
        let others = |members: &[usize]| members.iter().copied().filter(|who| *who != by).collect::<Vec<_>>();
        match step {
            Step::Post(_) => others(&before).iter().for_each(|who| self.hear(*who, "receive-group-message")),
            Step::Read(_) if !moves => {}
            Step::Read(_) => others(&before).iter().for_each(|who| self.hear(*who, "read-grp-msg-ack")),
            Step::Add(_, whom) => {
                before.iter().for_each(|who| self.hear(*who, "add-member-success"));
                self.hear(*whom, "new-grp-added");
                self.hear(*whom, "create-group-chat-receiver");
            }
            Step::ChangeAdmin(..) => {
                self.hear(by, "change-admin-success-creator");
                others(&before).iter().for_each(|who| self.hear(*who, "change-admin-success-receiver"));
            }
            Step::Kick(_, whom) => {
                self.hear(by, "kickout-successful");
                self.hear(*whom, "kicked-out");
                others(&after).iter().for_each(|who| self.hear(*who, "someone-kicked-out"));
            }
            Step::Leave(_) => {
                self.hear(by, "group-left-success");
                others(&before).iter().for_each(|who| self.hear(*who, "user-left-grp"));
            }
            Step::Settle(_) => {}
        }
        if !matches!(step, Step::Post(_) | Step::Read(_) | Step::Settle(_)) {
            others(&after).iter().for_each(|who| self.hear(*who, "chat-changed"));
        }
    }
}

fn apply(group: &mut Group, by: usize, step: &Step, newest: i64) {
    match step {
        Step::Read(_) => group.read[by] = group.read[by].max(newest),
        Step::Add(_, whom) => {
            group.members.push(*whom);
            group.read[*whom] = newest;
        }
        Step::Kick(_, whom) => group.members.retain(|who| who != whom),
        Step::Leave(_) => group.members.retain(|who| *who != by),
        Step::ChangeAdmin(_, whom) => group.admin = *whom,
        Step::Post(_) | Step::Settle(_) => {}
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

    async fn step(&mut self, ack: u64, step: &Step) {
        match step {
            Step::Settle(well) => self.settle(*well),
            Step::Post(by) | Step::Read(by) | Step::Leave(by) => self.command(*by, ack, step),
            Step::Add(by, _) | Step::Kick(by, _) | Step::ChangeAdmin(by, _) => self.command(*by, ack, step),
        }
        for _ in 0..self.model.hand_over() {
            self.records.push_back(self.stage.recorded().await);
        }
        self.handled().await;
    }

    fn command(&mut self, by: usize, ack: u64, step: &Step) {
        let caller = self.sockets[by].asks(ack);
        let user = |who: &usize| self.sockets[*who].user;
        let chat = &self.stage.chat;
        match step {
            Step::Post(_) => chat.do_send(post(caller, "x")),
            Step::Read(_) => chat.do_send(Command {
                caller,
                request: Request::MarkRead { kind: Kind::Group, upto: None, is_seen: true },
            }),
            Step::Add(_, whom) => {
                chat.do_send(Command { caller, request: Request::Group(Deed::Add(newcomer(user(whom), "Cat"))) });
            }
            Step::Kick(_, whom) => {
                chat.do_send(Command { caller, request: Request::Group(Deed::Kick(Some(user(whom)))) })
            }
            Step::ChangeAdmin(_, whom) => {
                chat.do_send(Command { caller, request: Request::Group(Deed::ChangeAdmin(Some(user(whom)))) })
            }
            Step::Leave(_) => chat.do_send(Command { caller, request: Request::Group(Deed::Leave) }),
            Step::Settle(_) => {}
        }
        self.model.command(by, ack, step);
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
    let checked = TestRunner::new(config).run(&prop::collection::vec(step(), 1..120), |deeds| {
        actix::System::new().block_on(async {
            let mut run = Run::new().await;
            for (ack, step) in deeds.iter().enumerate() {
                run.step(ack as u64, step).await;
            }
            run.compare().await;
        });
        Ok(())
    });
    checked.unwrap();
}
