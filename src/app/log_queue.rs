//! Lines of the log that wait to be written, by a thread of their own: a reader that stalls holds up nobody who logs.
use std::{
    io::{ErrorKind, Write},
    mem,
    sync::{
        Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    thread,
    time::Duration,
};

/// What may wait. It is enough for a peak, and as much again is being written.
const MOST_BYTES: usize = 1 << 20;
/// How long a reader that takes nothing at the moment is left in peace, if it does not make the writer wait by itself.
const PAUSE: Duration = Duration::from_millis(10);

/// Takes lines from any thread, and gives them to the one that writes.
#[derive(Debug)]
pub(super) struct Queue {
    state: Mutex<State>,
    changed: Condvar,
    dropped: AtomicU64,
}

#[derive(Debug)]
struct State {
    waiting: Vec<u8>,
    /// Lines that found no room since the last that waits.
    dropped: u64,
    is_writing: bool,
}

impl Queue {
    pub(super) const fn new() -> Self {
        let state = State { waiting: Vec::new(), dropped: 0, is_writing: false };
        Self { state: Mutex::new(state), changed: Condvar::new(), dropped: AtomicU64::new(0) }
    }

    /// Takes a whole line, or drops it if there is no room. Once one is dropped so are those after it, until there is room for the
    /// line that tells of them.
    pub(super) fn push(&self, line: &[u8]) {
        let mut state = self.state();
        if state.dropped > 0 || state.waiting.len() + line.len() > MOST_BYTES {
            state.dropped += 1;
            self.dropped.fetch_add(1, Relaxed);
        } else {
            state.waiting.extend_from_slice(line);
            self.changed.notify_all();
        }
    }

    /// How many lines were dropped since the start.
    pub(super) fn dropped(&self) -> u64 {
        self.dropped.load(Relaxed)
    }

    /// Waits until all that was taken is written, but not for a reader that stalls.
    pub(super) fn flush(&self, patience: Duration) {
        let unwritten = |state: &mut State| state.is_writing || !state.waiting.is_empty();
        drop(self.changed.wait_timeout_while(self.state(), patience, unwritten));
    }

    /// Writes what is taken, for good. `tell` makes a line of how many were dropped.
    pub(super) fn write_to(&self, mut out: impl Write, tell: impl Fn(u64) -> String) {
        let mut batch = Vec::new();
        let mut lost = 0;
        loop {
            let dropped;
            (batch, dropped) = self.take(batch);
            lost += dropped;
            if lost > 0 {
                batch.extend_from_slice(tell(lost).as_bytes());
            }
            lost = self.write(&mut out, &batch, lost);
        }
    }

    /// The lines that wait and how many were dropped after them. Waits until there are some. `written` is used again.
    fn take(&self, mut written: Vec<u8>) -> (Vec<u8>, u64) {
        written.clear();
        let mut state = self.state();
        state.is_writing = false;
        self.changed.notify_all();
        let idle = |state: &mut State| state.waiting.is_empty() && state.dropped == 0;
        let mut state = self.changed.wait_while(state, idle).unwrap_or_else(PoisonError::into_inner);
        state.is_writing = true;
        (mem::replace(&mut state.waiting, written), mem::take(&mut state.dropped))
    }

    /// Returns how many lines are lost because they cannot be written, with those that were lost before and not told of.
    fn write(&self, out: &mut impl Write, mut batch: &[u8], before: u64) -> u64 {
        while !batch.is_empty() {
            match out.write(batch) {
                Ok(written) if written > 0 => batch = &batch[written..],
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => thread::sleep(PAUSE),
                _ => {
                    let told = u64::from(before > 0);
                    let lost = (batch.iter().filter(|byte| **byte == b'\n').count() as u64).saturating_sub(told);
                    self.dropped.fetch_add(lost, Relaxed);
                    return before + lost;
                }
            }
        }
        0
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io,
        sync::{
            Arc,
            mpsc::{Receiver, Sender, channel},
        },
    };

    use super::*;

    const FOREVER: Duration = Duration::from_secs(60);

    /// Says that it has a write, takes it only when the test lets it, and hands over what was written.
    struct Gate {
        entered: Sender<()>,
        opened: Receiver<io::Result<()>>,
        written: Sender<String>,
    }

    /// A queue and its gate, from the test's side.
    struct Gated {
        queue: Arc<Queue>,
        entered: Receiver<()>,
        open: Sender<io::Result<()>>,
        read: Receiver<String>,
    }

    impl Write for Gate {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.entered.send(()).map_err(io::Error::other)?;
            self.opened.recv().map_err(io::Error::other)??;
            self.written.send(String::from_utf8(bytes.into()).unwrap()).map_err(io::Error::other)?;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn gated() -> Gated {
        let queue = Arc::new(Queue::new());
        let ((enter, entered), (open, opened), (written, read)) = (channel(), channel(), channel());
        let writer = queue.clone();
        thread::spawn(move || {
            writer.write_to(Gate { entered: enter, opened, written }, |lost| format!("{lost} lost\n"))
        });
        Gated { queue, entered, open, read }
    }

    #[test]
    fn who_logs_does_not_wait_for_a_reader_that_stalls_and_what_found_no_room_is_counted_and_told() {
        let Gated { queue, entered, open, read } = gated();
        queue.push(b"held\n");
        entered.recv_timeout(FOREVER).unwrap();
        // From here on nothing is taken: twice what may wait finds room by half.
        let line = [b'x'; 1 << 10];
        (0..2 << 10).for_each(|_| queue.push(&line));
        queue.flush(Duration::from_millis(1));
        assert_eq!(queue.dropped(), 1 << 10);
        open.send(Ok(())).unwrap();
        assert_eq!(read.recv_timeout(FOREVER).unwrap(), "held\n");
        open.send(Ok(())).unwrap();
        let told = read.recv_timeout(FOREVER).unwrap();
        assert_eq!(told, "x".repeat(MOST_BYTES) + "1024 lost\n", "where they would have stood");
        queue.push(b"again\n");
        open.send(Ok(())).unwrap();
        assert_eq!((read.recv_timeout(FOREVER).unwrap().as_str(), queue.dropped()), ("again\n", 1 << 10));
    }

    #[test]
    fn what_a_full_disk_does_not_take_is_told_once_there_is_room() {
        let Gated { queue, open, read, entered: _entered } = gated();
        for full in ["one\ntwo\n", "three\n"] {
            queue.push(full.as_bytes());
            open.send(Err(ErrorKind::StorageFull.into())).unwrap();
            queue.flush(FOREVER);
        }
        assert_eq!(queue.dropped(), 3);
        queue.push(b"four\n");
        open.send(Err(ErrorKind::Interrupted.into())).unwrap();
        open.send(Err(ErrorKind::WouldBlock.into())).unwrap();
        open.send(Ok(())).unwrap();
        assert_eq!(read.recv_timeout(FOREVER).unwrap(), "four\n3 lost\n");
    }
}
