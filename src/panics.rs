//! Panics: each is told of in one line of the log, by whoever knows what was being done, or else by the hook. What is caught
//! here ends one piece of work, and not the actor that did it.
use std::{
    any::Any,
    cell::Cell,
    fmt,
    future::poll_fn,
    panic::{AssertUnwindSafe, Location, PanicHookInfo, catch_unwind, set_hook},
    pin::Pin,
    task::Poll,
};

/// So much of what a panic says is told: it may quote what somebody wrote.
const MOST_SAID: usize = 200;

thread_local! {
    /// Whether whoever catches the next panic tells of it.
    static CAUGHT: Cell<bool> = const { Cell::new(false) };
    /// What the hook has heard of a panic that is caught.
    static HEARD: Cell<Option<Panic>> = const { Cell::new(None) };
}

/// What a panic said, and where it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Panic(String);

impl fmt::Display for Panic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Panic {
    fn of(payload: &dyn Any, at: Option<&Location<'_>>) -> Self {
        let text = payload.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("no reason given");
        let said: String = text.chars().take(MOST_SAID).flat_map(char::escape_debug).collect();
        Self(at.map_or_else(|| said.clone(), |at| format!("{said} ({}:{})", at.file(), at.line())))
    }
}

/// From now on `tell` tells of panics that nobody catches, in place of Rust.
pub fn tell_uncaught(tell: impl Fn(&PanicHookInfo<'_>) + Send + Sync + 'static) {
    set_hook(Box::new(move |info| {
        if CAUGHT.get() {
            HEARD.set(Some(Panic::of(info.payload(), info.location())));
        } else {
            tell(info);
        }
    }));
}

/// Does `work`. The caller tells of its panic, if there is one.
pub fn catch<T>(work: impl FnOnce() -> T) -> Result<T, Panic> {
    let around = CAUGHT.replace(true);
    let done = catch_unwind(AssertUnwindSafe(work));
    CAUGHT.set(around);
    done.map_err(|payload| HEARD.take().unwrap_or_else(|| Panic::of(&*payload, None)))
}

/// The same for a future. After a panic it is not polled any more.
pub fn caught<T>(mut work: impl Future<Output = T> + Unpin) -> impl Future<Output = Result<T, Panic>> + Unpin {
    poll_fn(move |cx| match catch(|| Pin::new(&mut work).poll(cx)) {
        Ok(Poll::Pending) => Poll::Pending,
        Ok(Poll::Ready(done)) => Poll::Ready(Ok(done)),
        Err(panic) => Poll::Ready(Err(panic)),
    })
}

#[cfg(test)]
mod tests {
    use std::future::ready;

    use super::*;

    #[test]
    fn what_a_panic_says_is_one_short_line() {
        let long = format!("two\nlines \u{202e}{}", "x".repeat(1000));
        let at = Location::caller();
        let panic = Panic::of(&long, Some(at)).to_string();
        assert!(panic.starts_with("two\\nlines \\u{202e}xxx"), "{panic}");
        assert!(panic.ends_with(&format!("x (src/panics.rs:{})", at.line())), "{panic}");
        assert!(panic.len() < MOST_SAID + 100);
    }

    #[actix::test]
    async fn a_panic_ends_the_work_and_nothing_else() {
        assert_eq!(catch(|| 7), Ok(7));
        assert_eq!(catch(|| panic!("so it is")), Err::<(), _>(Panic("so it is".into())));
        assert_eq!(caught(ready(7)).await, Ok(7));
        let failing = poll_fn(|_| -> Poll<()> { panic!("so it is, later") });
        assert_eq!(caught(failing).await, Err(Panic("so it is, later".into())));
        assert!(!CAUGHT.get());
    }
}
