//! How far the work is, on standard error, where it lasts longer than a moment and somebody watches.

use std::{
    io::Write,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        mpsc::{RecvTimeoutError, Sender, channel},
    },
    thread::JoinHandle,
    time::Duration,
};

use super::layer::Layer;
use crate::{
    files::{FileError, Files},
    report::escape::visible,
};

/// What lasts less long is told by its result alone.
const MOMENT: Duration = Duration::from_millis(400);

/// How often the line is drawn anew.
const BEAT: Duration = Duration::from_millis(100);

/// How many columns a line takes at most: it must not wrap.
const COLUMNS: usize = 78;

/// How many columns the bar takes.
const BAR: usize = 24;

/// Back to the line's beginning, and take away what stands on it.
const CLEAR: &str = "\r\u{1b}[2K";

/// Where somebody watches.
pub(super) type Watcher = Arc<Mutex<Box<dyn Write + Send>>>;

/// A piece of work that somebody may watch. When it is dropped, its line is gone.
#[derive(Debug)]
pub(super) struct Progress {
    state: Arc<Mutex<State>>,
    drawing: Option<(Sender<()>, JoinHandle<()>)>,
}

#[derive(Debug)]
struct State {
    /// What is done: `reading`.
    doing: &'static str,
    done: usize,
    /// How much there is to do, where that is known.
    of: Option<usize>,
    /// What is being worked on.
    at: String,
}

impl Progress {
    /// Begins a piece of work of `of` steps; nobody may be watching.
    pub(super) fn begin(doing: &'static str, of: Option<usize>, watcher: Option<&Watcher>) -> Self {
        let state = Arc::new(Mutex::new(State { doing, done: 0, of, at: String::new() }));
        let drawing = watcher.and_then(|watcher| {
            let (stop, stopped) = channel();
            let (state, watcher) = (Arc::clone(&state), Arc::clone(watcher));
            let draw = move || {
                let mut pause = MOMENT;
                while stopped.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
                    draw_on(&watcher, &format!("{CLEAR}{}", lock(&state).line()));
                    pause = BEAT;
                }
                if pause == BEAT {
                    draw_on(&watcher, CLEAR);
                }
            };
            // Where no thread can be had, the work goes on unseen.
            let thread = std::thread::Builder::new().spawn(draw).ok()?;
            Some((stop, thread))
        });
        Self { state, drawing }
    }

    /// Takes note that the next step is begun.
    pub(super) fn step(&self, at: &str) {
        let mut state = lock(&self.state);
        state.done += 1;
        state.at.clear();
        state.at.push_str(at);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.drawing.take() {
            drop(stop);
            // One that has panicked draws no more, and that is all that matters here.
            let _ = thread.join();
        }
    }
}

impl State {
    fn line(&self) -> String {
        let Self { doing, done, of, at } = self;
        let start = match of {
            Some(of) => {
                let filled = if *of == 0 { 0 } else { BAR * done.saturating_sub(1).min(*of) / of };
                format!("{doing} [{}{}] {done} of {of} ", "#".repeat(filled), "-".repeat(BAR - filled))
            }
            None => format!("{doing} {done} "),
        };
        let room = COLUMNS.saturating_sub(start.chars().count());
        let name = visible(at).to_string();
        let length = name.chars().count();
        if length <= room {
            return start + &name;
        }
        let end: String = name.chars().skip(length + 1 - room.max(1)).collect();
        format!("{start}…{end}")
    }
}

/// Nobody who closed standard error wants to hear that it is closed.
fn draw_on(watcher: &Watcher, text: &str) {
    let mut stream = lock(watcher);
    let _ = stream.write_all(text.as_bytes()).and_then(|()| stream.flush());
}

fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Files of which each that is read is a step.
pub(super) struct Watched<'a> {
    pub(super) files: &'a dyn Files,
    pub(super) progress: &'a Progress,
}

impl Layer for Watched<'_> {
    fn beneath(&self) -> &dyn Files {
        self.files
    }

    fn read_through(&self, path: &str, most: u64) -> Result<Vec<u8>, FileError> {
        self.progress.step(path);
        self.files.read_at_most(path, most)
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[derive(Clone, Default)]
    struct Screen(Arc<Mutex<Vec<u8>>>);

    impl Write for Screen {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            lock(&self.0).write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// What is drawn of work that takes this long.
    fn drawn(long: Duration) -> String {
        let screen = Screen::default();
        let watcher: Watcher = Arc::new(Mutex::new(Box::new(screen.clone())));
        let progress = Progress::begin("checking", Some(4), Some(&watcher));
        progress.step("infra/a");
        progress.step("infra/\u{1b}[31mb");
        std::thread::sleep(long);
        drop(progress);
        String::from_utf8(lock(&screen.0).clone()).unwrap()
    }

    #[test]
    fn what_lasts_a_moment_is_not_drawn() {
        assert_eq!(drawn(Duration::ZERO), "");
    }

    #[test]
    fn what_lasts_longer_is_drawn_and_taken_away() {
        let drawn = drawn(MOMENT * 2);
        let line = "checking [######------------------] 2 of 4 infra/\\u{1b}[31mb";
        assert!(drawn.starts_with(&format!("{CLEAR}{line}{CLEAR}")), "{drawn:?}");
        assert!(drawn.ends_with(CLEAR), "{drawn:?}");
    }

    #[test]
    fn a_line_does_not_wrap() {
        let state = State { doing: "reading", done: 3, of: None, at: "x".repeat(60) + &"é".repeat(60) };
        let line = state.line();
        assert_eq!(line.chars().count(), COLUMNS, "{line}");
        assert!(line.starts_with("reading 3 …xxx") && line.ends_with("ééé"), "{line}");
        let none = State { doing: "checking", done: 0, of: Some(0), at: String::new() };
        assert!(none.line().starts_with("checking [----"), "{}", none.line());
    }
}
