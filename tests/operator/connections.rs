//! Clients that hold the server up: they neither keep it from stopping in time nor take all its open files.
use std::{
    io::{ErrorKind, Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpStream},
    time::Duration,
};

use tokio::net::TcpSocket;

use crate::process::{Home, Server, said};

/// As few as a server with two workers can live with.
const FEW_FILES: usize = 96;

fn address(url: &str) -> SocketAddr {
    url.strip_prefix("http://").unwrap().parse().unwrap()
}

fn half_a_request(server: &str) -> TcpStream {
    let mut tcp = TcpStream::connect(address(server)).unwrap();
    tcp.write_all(b"POST /login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{")
        .unwrap();
    tcp
}

#[actix_web::test]
async fn half_sent_requests_do_not_hold_up_a_stop() {
    let server = Server::start("[server]\nshutdown_timeout = \"2s\"\nshutdown_spread = \"100ms\"\n");
    let _public = half_a_request(&server.url);
    let _admin = half_a_request(&server.admin);
    assert_eq!(server.status("/nothing").await, 404, "the half is there by then");
    let (code, took) = server.terminate();
    assert_eq!(code, Some(0));
    assert!(took < Duration::from_secs(3), "{took:?}");
}

/// The first line of the answer to a request from another address of this machine.
async fn status_from(last: u8, server: &str) -> String {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((Ipv4Addr::new(127, 0, 0, last), 0).into()).unwrap();
    let mut tcp = socket.connect(address(server)).await.unwrap().into_std().unwrap();
    tcp.set_nonblocking(false).unwrap();
    tcp.write_all(b"GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    tcp.read_to_string(&mut answer).unwrap();
    answer.lines().next().unwrap_or_default().into()
}

#[actix_web::test]
async fn one_address_cannot_take_all_open_files() {
    let settings = "[server]\nworkers = 2\nhead_timeout = \"60s\"\nbody_timeout = \"60s\"\n";
    let server = Server::with_files(settings, FEW_FILES);
    let held: Vec<_> = (0..2 * FEW_FILES).map(|_| half_a_request(&server.url)).collect();
    server.after("limit reached by 127.0.0.1: too many connections from one address");
    assert_eq!(status_from(2, &server.url).await, "HTTP/1.1 404 Not Found");
    assert!(crate::client::get(format!("{}/health/ready", server.admin)).await.unwrap().status().is_success());
    // Those who were turned away have heard the end.
    let is_open = |mut tcp: &TcpStream| {
        tcp.set_nonblocking(true).unwrap();
        matches!(tcp.read(&mut [0; 1]), Err(error) if error.kind() == ErrorKind::WouldBlock)
    };
    let open = held.iter().filter(|tcp| is_open(tcp)).count();
    assert!((1..FEW_FILES).contains(&open), "{open}");
}

#[test]
fn too_few_open_files_stop_the_start_and_the_reason_says_how_many_there_must_be() {
    let home = Home::with("");
    let (started, _, said_so) = said(home.command_with_files(64).output().unwrap());
    assert!(
        !started && said_so.contains("too few open files: at most 64, of which the server itself needs"),
        "{said_so}"
    );
    home.write("[limits]\nconnections = 1000\n");
    let (started, _, said_so) = said(home.command_with_files(512).output().unwrap());
    assert!(!started && said_so.contains("limits.connections: too few open files: at most 512"), "{said_so}");
}
