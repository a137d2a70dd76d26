//! Ports, with an actor that stands in for the session.
use std::{sync::Arc, time::Duration};

use actix::prelude::*;
use greenroom::socket::{Budget, Deliver, Handshake, MAIN, Mail, NoAnswer, Packet, Port, Reason};
use tokio::{sync::mpsc, time::timeout};

/// Passes on what it was told.
struct Probe(mpsc::UnboundedSender<Deliver>);

impl Actor for Probe {
    type Context = Context<Probe>;
}

impl Handler<Mail> for Probe {
    type Result = ();

    fn handle(&mut self, mail: Mail, _: &mut Context<Probe>) {
        mail.fetch().into_iter().for_each(|deliver| self.0.send(deliver).unwrap());
    }
}

fn port(limit: usize) -> (Port, mpsc::UnboundedReceiver<Deliver>) {
    let (told, heard) = mpsc::unbounded_channel();
    let session = Probe(told).start().recipient();
    (Port::new("sid", session, Arc::new(Budget::new(limit))), heard)
}

#[actix::test]
async fn packets_arrive_in_order() {
    let (port, mut heard) = port(1000);
    for n in 0..3 {
        port.deliver(&Packet::event(MAIN, "n", &n));
    }
    port.dismiss(&Packet::event(MAIN, "bye", &()));
    for n in 0..3 {
        assert_eq!(heard.recv().await.unwrap().packet().unwrap().text(), format!(r#"42["n",{n}]"#));
    }
    assert!(matches!(heard.recv().await, Some(Deliver::Dismiss(..))));
}

#[actix::test]
async fn all_of_a_flood_arrives_at_a_session_on_another_thread() {
    const PACKETS: u32 = 100_000;
    let (told, mut heard) = mpsc::unbounded_channel();
    let session = Probe::start_in_arbiter(&Arbiter::new().handle(), move |_| Probe(told)).recipient();
    let port = Port::new("sid", session, Arc::new(Budget::new(usize::MAX)));
    for n in 0..PACKETS {
        port.deliver(&Packet::event(MAIN, "n", &n));
    }
    for n in 0..PACKETS {
        let deliver = timeout(Duration::from_secs(10), heard.recv()).await.expect("every packet").unwrap();
        assert_eq!(deliver.packet().unwrap().text(), format!(r#"42["n",{n}]"#));
    }
}

#[actix::test]
async fn over_the_budget_the_connection_is_closed_once_and_the_rest_is_dropped() {
    let packet = Packet::event(MAIN, "n", &"x".repeat(50));
    let (port, mut heard) = port(packet.cost() * 2);
    for _ in 0..5 {
        port.clone().deliver(&packet);
    }
    drop(port);
    for _ in 0..2 {
        assert!(matches!(heard.recv().await, Some(Deliver::Packet(..))));
    }
    assert!(matches!(heard.recv().await, Some(Deliver::Close(Reason::SlowReader))));
    assert!(heard.recv().await.is_none());
}

#[actix::test]
async fn s25_a_question_to_nobody_has_no_answer() {
    let (port, mut heard) = port(1000);
    let asked = port.ask(r#"["q"]"#.into(), vec![], Duration::from_secs(60));
    let (answer, ()) = futures_util::future::join(asked, async { drop(heard.recv().await) }).await;
    assert_eq!(answer, Err(NoAnswer));
}

#[test]
fn ports_may_live_on_any_thread() {
    fn check<T: Send + Sync + Clone>() {}
    check::<Port>();
    check::<Packet>();
}

#[test]
fn security33_a_handshake_tells_a_log_nothing() {
    let handshake = Handshake::made_of("accessToken=secret", &[("Cookie", "a=1; refresh_token=secret")], None);
    assert_eq!(handshake.cookie("refresh_token"), Some("secret"));
    assert_eq!(handshake.query("accessToken").as_deref(), Some("secret"));
    assert_eq!(handshake.header("cookie").as_deref(), Some("a=1; refresh_token=secret"));
    assert!(!format!("{handshake:?}").contains("secret"));
}
