//! Measurements, run by hand on a quiet machine: `cargo test --release --test security timing -- --ignored --nocapture`.
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{PASSWORD, Server};

const TRIES: usize = 1000;

fn at(mut times: Vec<Duration>, share: f64) -> Duration {
    times.sort();
    times[((times.len() - 1) as f64 * share) as usize]
}

async fn time(server: &Server, path: &str, body: Value) -> Duration {
    let start = Instant::now();
    let status = server.post(path, body).await.status;
    assert!([200, 401].contains(&status), "{path}: {status}");
    start.elapsed()
}

#[actix_web::test]
#[ignore = "a measurement of minutes, for a quiet machine"]
async fn known_and_unknown_addresses_take_the_same_time() {
    let server = Server::start(&[("LIMITS__ENABLED", "false"), ("DATABASE__SYNCHRONOUS", "normal")]);
    server.add("Ann", "known@x.org");
    for path in ["/login", "/resend", "/forgot-password", "/signup"] {
        let mut known = vec![];
        let mut unknown = vec![];
        for n in 0..TRIES {
            // Turn by turn, so that whatever else the machine does meets both.
            let body = |email: String| json!({"email": email, "password": "a wrong pass phrase", "name": "X"});
            known.push(time(&server, path, body("known@x.org".into())).await);
            unknown.push(time(&server, path, body(format!("unknown{n}@x.org"))).await);
        }
        let known = at(known, 0.5);
        let unknown = at(unknown, 0.5);
        println!("{path}: known {known:?}, unknown {unknown:?}");
        assert!(known.abs_diff(unknown) < Duration::from_millis(5), "{path}");
    }
}

/// Round trips of messages, one after the other, while `busy` goes on.
async fn latencies(socket: &mut crate::support::Socket, until: Instant) -> Vec<Duration> {
    let mut times = vec![];
    while Instant::now() < until {
        let start = Instant::now();
        assert_eq!(socket.code("send-self-message", json!({"Content": "hi"})).await, "Ok");
        times.push(start.elapsed());
    }
    times
}

#[actix_web::test]
#[ignore = "a measurement, for a quiet machine"]
async fn two_hundred_logins_in_flight_delay_no_message() {
    const SPAN: Duration = Duration::from_secs(10);
    let server = Server::start(&[("LIMITS__ENABLED", "false"), ("AUTH__HASH_QUEUE", "100")]);
    let ann = server.person("Ann").await;
    let mut socket = server.socket(&ann).await;
    let quiet = at(latencies(&mut socket, Instant::now() + SPAN).await, 0.99);
    let until = Instant::now() + SPAN;
    let logins = join_all((0..200).map(|_| async {
        let mut statuses = vec![];
        while Instant::now() < until {
            let body = json!({"email": ann.email, "password": PASSWORD});
            statuses.push(server.post("/login", body).await.status);
        }
        statuses
    }));
    let (times, statuses) = futures_util::future::join(latencies(&mut socket, until), logins).await;
    let statuses = statuses.concat();
    let busy = at(times, 0.99);
    let (ok, later) = (statuses.iter().filter(|s| **s == 200).count(), statuses.iter().filter(|s| **s == 503).count());
    println!("p99 of a message: {quiet:?} alone, {busy:?} beside logins; {ok} logins, {later} told to come back");
    assert_eq!(ok + later, statuses.len());
    assert!(later > 0 && busy < quiet + Duration::from_millis(20));
}
