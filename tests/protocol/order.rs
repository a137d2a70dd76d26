//! Packets apply in order, however late the application answers what came before them.
use std::{collections::VecDeque, time::Instant};

use greenroom::protocol::{
    Fault,
    socketio::{Command, Namespaces, Stay, Taken},
};
use proptest::prelude::*;

use crate::support::{secs, take};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Said {
    Connect,
    Event { slow: bool },
    Leave,
}

fn said() -> impl Strategy<Value = Said> {
    prop_oneof![
        2 => Just(Said::Connect),
        4 => any::<bool>().prop_map(|slow| Said::Event { slow }),
        2 => Just(Said::Leave),
    ]
}

/// A client and its application; the latter answers when the test lets it.
struct Scene {
    namespaces: Namespaces,
    grants: VecDeque<bool>,
    /// What the application is at work on; a CONNECT if it is to be granted or not.
    working: Option<(Stay, Option<bool>)>,
    seen: Vec<String>,
    fault: Option<Fault>,
}

impl Scene {
    fn set(grants: &[bool]) -> Scene {
        let namespaces = Namespaces::new(secs(45), Instant::now());
        Scene { namespaces, grants: grants.iter().copied().collect(), working: None, seen: vec![], fault: None }
    }

    fn hear(&mut self, at: usize, said: Said) {
        if self.fault.is_some() {
            return;
        }
        let text = match said {
            Said::Connect => "0".to_owned(),
            Said::Event { slow } => format!(r#"2["{at}{}"]"#, if slow { " slow" } else { "" }),
            Said::Leave => "1".to_owned(),
        };
        match take(&mut self.namespaces, &text) {
            Ok(Taken::Now(command)) => self.run(command),
            Ok(Taken::Kept) => {}
            Err(fault) => self.fault = Some(fault),
        }
    }

    fn run(&mut self, command: Command) {
        match command {
            Command::Connect(stay, ..) => {
                self.seen.push(format!("{stay:?} asks"));
                self.working = Some((stay, Some(self.grants.pop_front().unwrap_or(true))));
            }
            Command::Event(stay, event) => {
                self.seen.push(format!("{stay:?} says {}", event.name()));
                if event.name().ends_with("slow") {
                    self.namespaces.hold(stay);
                    self.working = Some((stay, None));
                }
            }
            Command::Leave(stay) => self.seen.push(format!("{stay:?} leaves")),
            Command::Ack(..) => panic!("nobody answers here"),
        }
    }

    /// The application is done with what it is at work on.
    fn answer(&mut self) {
        let Some((stay, connect)) = self.working.take() else { return };
        match connect {
            Some(true) => self.namespaces.admit(stay),
            Some(false) => drop(self.namespaces.remove(stay)),
            None => {}
        }
        while self.working.is_none() {
            match self.namespaces.resume(stay) {
                Some(Ok(command)) => self.run(command),
                Some(Err(fault)) => return self.fault = Some(fault),
                None => return,
            }
        }
    }

    fn answer_all(&mut self) {
        while self.working.is_some() {
            self.answer();
        }
    }
}

/// Without what a client says behind a CONNECT that is refused: it could not know, so that is dropped, not a fault.
fn fair(all: Vec<Said>, grants: &[bool]) -> Vec<Said> {
    let mut grants = grants.iter();
    let mut joined = false;
    let mut refused = false;
    let keep = |said: &Said| match said {
        Said::Connect if joined => true,
        Said::Connect => {
            joined = *grants.next().unwrap_or(&true);
            refused = !joined;
            true
        }
        _ if refused => false,
        Said::Leave => {
            joined = false;
            true
        }
        Said::Event { .. } => true,
    };
    all.into_iter().filter(keep).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn s24_what_packets_come_to_does_not_depend_on_when_those_before_them_are_answered(
        said in prop::collection::vec(said(), 1..14),
        grants in prop::collection::vec(prop::bool::weighted(0.7), 0..6),
        answers in prop::collection::vec(any::<bool>(), 14),
    ) {
        let said = fair(said, &grants);
        let mut prompt = Scene::set(&grants);
        let mut late = Scene::set(&grants);
        for (at, (packet, answer)) in said.iter().zip(answers).enumerate() {
            prompt.hear(at, *packet);
            prompt.answer_all();
            late.hear(at, *packet);
            if answer {
                late.answer();
            }
        }
        late.answer_all();
        prop_assert_eq!(late.seen, prompt.seen);
        prop_assert_eq!(late.fault, prompt.fault);
    }
}
