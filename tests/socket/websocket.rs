//! Frames on a WebSocket.
use futures_util::SinkExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_tungstenite::tungstenite::{
    Message,
    protocol::frame::{
        Frame,
        coding::{Data, OpCode},
    },
};

use crate::support::{Server, handshake, read_all, soon};

const PATH: &str = "/engine.io/";

#[actix::test]
async fn s20_text_and_binary_come_back_as_they_are() {
    let server = Server::calm();
    let mut socket = server.websocket(PATH).await;
    socket.send("4é€😀").await;
    assert_eq!(socket.text().await, "4é€😀");
    socket.send_binary(&[1, 2, 3]).await;
    assert_eq!(socket.binary().await, [1, 2, 3]);
    socket.send_binary(&[]).await;
    assert_eq!(socket.binary().await, [0u8; 0], "an empty binary frame is an empty message");
    let large = format!("4{}", "x".repeat(200_000));
    socket.send(&large).await;
    assert_eq!(socket.text().await, large);
}

#[actix::test]
async fn s8_binary_may_come_as_base64_over_a_websocket_too() {
    let server = Server::calm();
    let mut socket = server.websocket(PATH).await;
    socket.send("bAQIDBA").await;
    assert_eq!(socket.binary().await, [1, 2, 3, 4]);
    socket.send("b").await;
    assert_eq!(socket.binary().await, [0u8; 0]);
}

#[actix::test]
async fn s20_fragments_are_one_message() {
    let server = Server::calm();
    let mut socket = server.websocket(PATH).await;
    let emoji = "😀".as_bytes();
    let parts = [(OpCode::Data(Data::Text), &b"4"[..]), (OpCode::Data(Data::Continue), &emoji[..2])];
    for (code, bytes) in parts {
        let frame = Frame::message(bytes.to_vec(), code, false);
        socket.0.send(Message::Frame(frame)).await.unwrap();
    }
    socket.0.send(Message::Ping("between".into())).await.unwrap();
    let last = Frame::message(emoji[2..].to_vec(), OpCode::Data(Data::Continue), true);
    socket.0.send(Message::Frame(last)).await.unwrap();
    assert_eq!(socket.next().await, Some(Message::Pong("between".into())));
    assert_eq!(socket.text().await, "4😀");
}

#[actix::test]
async fn s20_a_message_over_the_limit_closes_with_1009() {
    let server = Server::calm();
    let mut socket = server.websocket(PATH).await;
    // The server may close before all is sent.
    let _ = socket.0.send(Message::text(format!("4{}", "x".repeat(1_000_000)))).await;
    assert_eq!(socket.closed().await, Some(1009));
}

#[actix::test]
async fn s20_an_announced_size_is_refused_before_any_byte_of_it() {
    let server = Server::calm();
    let mut tcp = server.raw(&handshake(server.port, "EIO=4&transport=websocket", "")).await;
    tcp.write_all(&[0x82, 0xff, 0, 0, 0, 0xff, 0, 0, 0, 0, 1, 2, 3, 4]).await.unwrap();
    let all = read_all(tcp).await;
    assert!(all.ends_with(&[0x88, 2, 0x03, 0xf1]), "close frame 1009");
}

#[actix::test]
async fn s20_fragments_over_the_limit_close_with_1009() {
    let server = Server::calm();
    let mut socket = server.websocket(PATH).await;
    let mut code = OpCode::Data(Data::Binary);
    for _ in 0..3 {
        let frame = Frame::message(vec![b'x'; 400_000], code, false);
        let _ = socket.0.send(Message::Frame(frame)).await;
        code = OpCode::Data(Data::Continue);
    }
    assert_eq!(socket.closed().await, Some(1009));
}

#[actix::test]
async fn s20_text_that_is_not_utf8_closes_with_1007() {
    let server = Server::calm();
    let mut socket = server.websocket(PATH).await;
    let frame = Frame::message(vec![b'4', 0xff], OpCode::Data(Data::Text), true);
    socket.0.send(Message::Frame(frame)).await.unwrap();
    assert_eq!(socket.closed().await, Some(1007));
}

#[actix::test]
async fn s21_a_goodbye_closes_at_once_and_the_server_says_none() {
    let server = Server::calm();
    let mut socket = server.websocket(PATH).await;
    socket.send("1").await;
    assert_eq!(socket.closed().await, Some(1000));
    let mut socket = server.websocket(PATH).await;
    socket.send("7").await;
    assert_eq!(socket.closed().await, Some(1002), "closed() would have seen a 1");
    server.until_live(0).await;
}

#[actix::test]
async fn s21_broken_frames_are_refused() {
    let server = Server::calm();
    let unmasked = [0x81, 2, b'4', b'x'];
    let reserved_bit = [0xc1, 0x82, 0, 0, 0, 0, b'4', b'x'];
    let reserved_code = [0x83, 0x82, 0, 0, 0, 0, b'4', b'x'];
    let lone_continuation = [0x80, 0x82, 0, 0, 0, 0, b'4', b'x'];
    let fragmented_ping = [0x09, 0x82, 0, 0, 0, 0, b'4', b'x'];
    for bytes in [&unmasked[..], &reserved_bit, &reserved_code, &lone_continuation, &fragmented_ping] {
        let mut tcp = server.raw(&handshake(server.port, "EIO=4&transport=websocket", "")).await;
        tcp.write_all(bytes).await.unwrap();
        let all = read_all(tcp).await;
        assert!(all.ends_with(&[0x88, 2, 0x03, 0xea]), "close frame 1002 after {bytes:x?}");
    }
    server.until_live(0).await;
}

#[actix::test]
async fn s21_bad_keys_and_versions_are_refused_before_101() {
    let server = Server::calm();
    let good = handshake(server.port, "EIO=4&transport=websocket", "");
    for (from, to) in [
        ("Version: 13", "Version: 8"),
        ("dGhlIHNhbXBsZSBub25jZQ==", "short"),
        ("Sec-WebSocket-Key", "X-Key"),
        ("Connection: Upgrade", "Connection: close"),
    ] {
        let answer = read_all(server.raw(&good.replace(from, to)).await).await;
        assert!(answer.starts_with(b"HTTP/1.1 400 "), "{to}: {}", String::from_utf8_lossy(&answer));
    }
    assert_eq!(server.socket_server.live(), 0);
}

#[actix::test]
async fn s21_frames_that_come_with_the_handshake_are_not_lost() {
    let server = Server::calm();
    let mut request = handshake(server.port, "EIO=4&transport=websocket", "").into_bytes();
    request.extend([0x81, 0x83, 0, 0, 0, 0, b'4', b'h', b'i']);
    let mut tcp = server.raw("").await;
    tcp.write_all(&request).await.unwrap();
    let mut all = vec![];
    while !all.ends_with(&[0x81, 3, b'4', b'h', b'i']) {
        all.push(soon(tcp.read_u8()).await.unwrap());
    }
}
