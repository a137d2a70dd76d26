//! An orderly stop: every client hears the answers to what was taken from it, and all come back, but not all at once.
use std::time::Duration;

use actix::Addr;
use actix_rt::time::{Instant, sleep_until, timeout};
use futures_util::future::join_all;
use tokio_util::task::TaskTracker;

use super::{
    Deliver, Reason, SocketServer,
    session::{Quiesce, Session},
};

/// From the beginning of one wave to the next.
const PACE: Duration = Duration::from_millis(100);

/// Any server bears it if so many clients come back at once.
const SMALLEST_WAVE: usize = 100;

/// How long a wave waits for what its sessions had begun, and the stop for the last bytes and polls.
const LINGER: Duration = Duration::from_secs(2);

impl SocketServer {
    /// Lets nobody in any more and ends every connection, in waves over about `spread`. Each wave is first quiesced: what its
    /// clients say from then on is dropped undone. Then `settled` is awaited: the caller sees to it that all answers to
    /// what was taken before are delivered when it returns. Then its connections end, after all that waits for them is
    /// written; WebSockets with close code 1012 (service restart). Returns when everybody is gone, or two seconds after
    /// the last wave.
    pub async fn close_in_waves(&self, spread: Duration, settled: impl AsyncFn()) {
        self.shut();
        let sessions: Vec<_> = self.mounts.iter().flat_map(|mount| mount.all()).collect();
        let begin = Instant::now();
        for (at, wave) in (0..).zip(sessions.chunks(wave_size(sessions.len(), spread))) {
            if at > 0 {
                sleep_until(begin + PACE * at).await;
            }
            close(wave, &settled).await;
        }
        // Those whose handshake raced with the shutting have ended by themselves.
        let _ = timeout(LINGER, all_gone(&self.state.running)).await;
    }

    /// Begins no request any more, and lets those that are under way come to their end until `last`. Then whatever is
    /// left of them is cut off. Returns when no connection is open.
    pub async fn end_by(&self, last: Instant) {
        self.state.shutdown.end_by(last.into_std());
        all_gone(&self.state.connected).await;
    }
}

/// Returns when nothing is tracked any more.
async fn all_gone(tracker: &TaskTracker) {
    tracker.close();
    tracker.wait().await;
}

fn wave_size(sessions: usize, spread: Duration) -> usize {
    let waves = (spread.as_millis() / PACE.as_millis()).max(1);
    sessions.div_ceil(usize::try_from(waves).unwrap_or(usize::MAX)).max(SMALLEST_WAVE)
}

async fn close(wave: &[Addr<Session>], settled: &impl AsyncFn()) {
    // A session that is gone by now need not be told, and one that does not come to an end must not keep the others.
    let _ = timeout(LINGER, join_all(wave.iter().map(|session| session.send(Quiesce)))).await;
    settled().await;
    wave.iter().for_each(|session| session.do_send(Deliver::Close(Reason::ServerShutdown)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wave_is_no_smaller_than_a_hundred_and_all_fit_into_the_spread() {
        let ten_seconds = Duration::from_secs(10);
        assert_eq!(wave_size(0, ten_seconds), 100);
        assert_eq!(wave_size(10_000, ten_seconds), 100);
        assert_eq!(wave_size(10_001, ten_seconds), 101);
        assert_eq!(wave_size(50_000, Duration::ZERO), 50_000);
    }
}
