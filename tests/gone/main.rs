//! What is left of many clients that went without a word: nothing. A process of its own, because files and memory are
//! counted for the whole of it.

#[allow(dead_code)]
#[path = "../support/client.rs"]
mod client;
#[allow(dead_code)]
#[path = "../../examples/protocol_echo.rs"]
mod echo;
#[allow(dead_code)]
#[path = "../socket/support.rs"]
mod support;

use std::{env, fs, time::Duration};

use futures_util::future::{join, join_all};
use greenroom::socket::Options;
use peak_alloc::PeakAlloc;
use reqwest::StatusCode;

use self::support::{Server, calm, handshake};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const PATH: &str = "/engine.io/";

/// `GONE_CLIENTS` of each kind, a hundred at a time.
fn rounds() -> usize {
    env::var("GONE_CLIENTS").ok().and_then(|clients| clients.parse::<usize>().ok()).unwrap_or(300).div_ceil(100)
}

/// Open files, and KiB of memory in use, of this process, which is server and clients at once.
fn footprint() -> (usize, usize) {
    (fs::read_dir("/proc/self/fd").map_or(0, Iterator::count), MEMORY.current_usage() / 1024)
}

async fn half_open_upgrade(server: &Server) {
    let poller = server.poller(PATH).await;
    let mut socket = poller.upgrade(PATH).await.unwrap();
    socket.send("2probe").await;
    assert_eq!(socket.text().await, "3probe");
    // Neither 5 nor goodbye, and then the client is gone with its poll.
    drop(socket);
    assert_eq!(poller.post("1").await.0, StatusCode::OK);
}

async fn aborted_poll(server: &Server) {
    let poller = server.poller(PATH).await;
    let get = format!("GET /engine.io/?EIO=4&transport=polling&sid={} HTTP/1.1\r\nHost: x\r\n\r\n", poller.sid);
    drop(server.raw(&get).await);
}

/// Says goodbye, and does not come for the answer.
async fn goodbye(server: &Server) {
    let poller = server.poller(PATH).await;
    assert_eq!(poller.post("1").await.0, StatusCode::OK);
}

async fn vanished(server: &Server) {
    drop(server.raw(&handshake(server.port, "EIO=4&transport=websocket", "")).await);
    let socket = server.websocket(PATH).await;
    drop(socket);
}

/// A hundred clients of each kind that go without a word.
async fn crowd(server: &Server) {
    let hundred = || 0..100;
    join_all(hundred().map(|_| half_open_upgrade(server))).await;
    join_all(hundred().map(|_| goodbye(server))).await;
    join(join_all(hundred().map(|_| aborted_poll(server))), join_all(hundred().map(|_| vanished(server)))).await;
    server.until_live(0).await;
}

/// Waits until no TCP connection is left, whatever it carries.
async fn unconnected(server: &Server) {
    let none_is_left = async {
        while server.socket_server.connections() > 0 {
            actix_rt::task::yield_now().await;
        }
    };
    actix_rt::time::timeout(Duration::from_secs(10), none_is_left).await.expect("in time");
}

#[actix::test]
async fn s19_clients_that_vanish_leave_nothing_behind() {
    let options =
        Options { ping_interval: Duration::from_millis(500), ping_timeout: Duration::from_millis(500), ..calm() };
    let server = Server::with(options);
    crowd(&server).await;
    let before = footprint();
    for _ in 0..rounds() {
        crowd(&server).await;
    }
    server.stop().await;
    unconnected(&server).await;
    let after = footprint();
    println!("{} of each: (files, KiB) {before:?} before, {after:?} after", rounds() * 100);
    let stats = server.socket_server.stats();
    assert_eq!((server.socket_server.live(), stats.polling(), stats.websocket()), (0, 0, 0));
    assert!(after.0 <= before.0 + 20, "files: {before:?}, {after:?}");
    assert!(after.1 <= before.1 + 2048, "memory: {before:?}, {after:?}");
}
