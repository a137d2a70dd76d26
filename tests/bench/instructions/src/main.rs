//! The hot pieces of the server, each as often as asked: `instructions PIECE TIMES`. `check` runs this under a counter of
//! instructions, with two numbers of times, so that what is done only once falls out of the difference.
mod batch;
mod chat;
mod frame;
mod handshake;

use std::{env, process::ExitCode};

use actix_rt::System;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [piece, times] = &arguments[..] else { return usage() };
    let Ok(times) = times.parse() else { return usage() };
    let system = System::new();
    match piece.as_str() {
        "frame" => frame::read(times),
        "chat" => system.block_on(chat::post(2, times)),
        "fan-out" => system.block_on(chat::post(1001, times)),
        "batch" => system.block_on(batch::store(times)),
        "handshake" => system.block_on(handshake::join(times)),
        _ => return usage(),
    }
    ExitCode::SUCCESS
}

fn usage() -> ExitCode {
    eprintln!("usage: instructions frame|chat|fan-out|batch|handshake TIMES");
    ExitCode::FAILURE
}
