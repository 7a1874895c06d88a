//! Work on several things at once, with the same outcome in the same order as one after the other.

use std::{
    num::NonZeroUsize,
    panic::resume_unwind,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread::{self, ScopedJoinHandle},
    time::Duration,
};

/// How many threads may still be started. It is counted down while they run, so that what is done at once inside of what is
/// done at once takes no more threads than it alone.
static SPARE: AtomicUsize = AtomicUsize::new(0);

/// As much stack as the first thread of a process usually has: what fits there fits everywhere.
const STACK: usize = 8 << 20;

/// How long is waited for others to give their stacks back, each time and how often: ten seconds in all.
const PAUSE: Duration = Duration::from_millis(10);
const MOST_PAUSES: u32 = 1000;

/// Threads that may be started, and are given back in the end.
struct Helpers(usize);

/// Lets at most so many threads work at once, in the whole process. Before this is said, one does.
pub fn set_jobs(jobs: NonZeroUsize) {
    SPARE.store(jobs.get() - 1, Ordering::Relaxed);
}

/// As many jobs as this machine works on at once.
pub fn available_jobs() -> NonZeroUsize {
    thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

/// What `work` makes of each of `items`, in their order.
pub fn map<T: Send, R: Send>(items: Vec<T>, work: impl Fn(T) -> R + Sync) -> Vec<R> {
    let helpers = Helpers::take(items.len().saturating_sub(1));
    if helpers.0 == 0 {
        return items.into_iter().map(work).collect();
    }
    let left = Mutex::new(items.into_iter().enumerate());
    let run = || {
        let mut done = Vec::new();
        loop {
            let next = left.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some((at, item)) = next else { return done };
            done.push((at, work(item)));
        }
    };
    let mut done = thread::scope(|scope| {
        let started: Vec<_> = (0..helpers.0)
            .filter_map(|_| thread::Builder::new().stack_size(STACK).spawn_scoped(scope, run).ok())
            .collect();
        let mut done = run();
        for it in started {
            done.extend(finished(it));
        }
        done
    });
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, it)| it).collect()
}

/// What another thread is making: waits for it.
pub type Coming<'t, A> = Box<dyn FnOnce() -> A + 't>;

/// What `then` makes of what `first` makes: where a thread may be started for `first`, `then` runs until it asks for that.
/// Where none may, it gets none, and has to do without.
pub fn ahead<A: Send, B>(first: impl FnOnce() -> A + Send, then: impl FnOnce(Option<Coming<'_, A>>) -> B) -> B {
    let helpers = Helpers::take(1);
    if helpers.0 == 0 {
        return then(None);
    }
    thread::scope(|scope| match thread::Builder::new().stack_size(STACK).spawn_scoped(scope, first) {
        Ok(running) => then(Some(Box::new(|| finished(running)))),
        Err(_) => then(None),
    })
}

/// What `work` makes on a stack of `size` bytes. Where the system grants none, others that work at the same time may give
/// theirs back; [`grants`] says beforehand whether it ever grants one.
pub fn on_stack_of<T: Send>(size: usize, work: impl FnOnce() -> T + Send) -> T {
    let mut work = Some(work);
    let mut pauses = 0..MOST_PAUSES;
    loop {
        let done = thread::scope(|scope| {
            let run = || work.take().map(|work| work());
            let builder = thread::Builder::new().name("evaluation".to_owned()).stack_size(size);
            builder.spawn_scoped(scope, run).map(finished)
        });
        match done {
            Ok(done) => return done.expect("the work is taken by the thread that was started, and by no other"),
            Err(_) if pauses.next().is_some() => thread::sleep(PAUSE),
            Err(error) => panic!("the system grants no stack of {} MiB: {error}", size >> 20),
        }
    }
}

/// Whether the system grants a thread with a stack of `size` bytes.
pub fn grants(size: usize) -> bool {
    thread::Builder::new().stack_size(size).spawn(|| ()).is_ok_and(|it| it.join().is_ok())
}

/// What a thread has made. If it panicked, so does this one.
fn finished<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| resume_unwind(panic))
}

impl Helpers {
    /// As many as there are to spare, and at most so many.
    fn take(most: usize) -> Self {
        let mut taken = 0;
        let take = |spare: usize| {
            taken = spare.min(most);
            Some(spare - taken)
        };
        // The update always gives a number, so it never fails.
        let _ = SPARE.fetch_update(Ordering::Relaxed, Ordering::Relaxed, take);
        Self(taken)
    }
}

impl Drop for Helpers {
    fn drop(&mut self) {
        SPARE.fetch_add(self.0, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_waits_for_a_stack() {
        assert_eq!(on_stack_of(1 << 20, || 1 + 1), 2);
        assert!(grants(1 << 20) && !grants(1 << 60));
    }

    #[test]
    fn the_order_is_that_of_the_items() {
        set_jobs(NonZeroUsize::new(4).unwrap());
        let squares = map((0..1000_u64).collect(), |it| map(vec![it, it + 1], |it| it * it));
        for (at, squares) in (0..).zip(squares) {
            assert_eq!(squares, [at * at, (at + 1) * (at + 1)]);
        }
        assert_eq!(ahead(|| 1, |it| it.map(|it| it() + 1)), Some(2));
        assert_eq!(ahead(|| 1, |_| 3), 3);
        assert!(map(Vec::<u8>::new(), |it| it).is_empty());
        assert_eq!(SPARE.load(Ordering::Relaxed), 3);
        assert!(std::panic::catch_unwind(|| map(vec![1, 2, 3], |it| assert_ne!(it, 2))).is_err());
        assert_eq!(SPARE.load(Ordering::Relaxed), 3);
    }
}
