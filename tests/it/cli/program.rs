//! Starts the program, reads what it says with a deadline, and ends what it started.

use std::io::{BufRead as _, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

/// How long the program may take to say or do something, in a debug build on a busy machine.
const DEADLINE: Duration = Duration::from_secs(120);

/// What a command came to.
#[derive(Clone, Debug)]
pub struct Ended {
    /// What it exited with; none when a signal ended it.
    pub code: Option<i32>,
    /// Everything on standard output.
    pub out: String,
    /// Everything on standard error.
    pub err: String,
}

/// The program while it runs. It ends with this value.
#[derive(Debug)]
pub struct Running {
    child: Child,
    out: Receiver<String>,
    err: Receiver<String>,
}

/// The program in a folder, with nothing of this process's settings.
pub fn command<A: AsRef<std::ffi::OsStr>>(folder: &Path, arguments: impl IntoIterator<Item = A>) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_retinue"));
    command.args(arguments).current_dir(folder);
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("RETINUE_")) {
        command.env_remove(name);
    }
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs a command to its end.
pub fn run<A: AsRef<std::ffi::OsStr>>(folder: &Path, arguments: impl IntoIterator<Item = A>) -> Ended {
    Running::start(command(folder, arguments)).ends()
}

/// Runs a command that succeeds, and answers what it prints.
pub fn prints<A: AsRef<std::ffi::OsStr>>(folder: &Path, arguments: impl IntoIterator<Item = A>) -> String {
    let ended = run(folder, arguments);
    assert_eq!(ended.code, Some(0), "{ended:#?}");
    ended.out
}

/// Runs a command that fails with exit code 1, and answers its last line.
pub fn fails<A: AsRef<std::ffi::OsStr>>(folder: &Path, arguments: impl IntoIterator<Item = A>) -> String {
    let ended = run(folder, arguments);
    assert_eq!(ended.code, Some(1), "{ended:#?}");
    let line = ended.err.lines().last().unwrap_or_default().to_owned();
    assert!(line.starts_with("retinue: "), "{ended:#?}");
    line
}

impl Running {
    /// Starts a command.
    pub fn start(mut command: Command) -> Self {
        let mut child = command.spawn().expect("the program starts");
        let out = lines_of(child.stdout.take().expect("standard output"));
        let err = lines_of(child.stderr.take().expect("standard error"));
        Self { child, out, err }
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The next line of standard output.
    pub fn says(&mut self) -> String {
        match self.out.recv_timeout(DEADLINE) {
            Ok(line) => line,
            Err(error) => panic!("it says nothing ({error}): {:?}", self.err.try_iter().collect::<Vec<_>>()),
        }
    }

    /// The first line of standard error with these words in it.
    pub fn logs(&mut self, words: &str) -> String {
        let deadline = Instant::now() + DEADLINE;
        let mut heard = Vec::new();
        loop {
            match self.err.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(line) if line.contains(words) => return line,
                Ok(line) => heard.push(line),
                Err(error) => panic!("it does not log `{words}` ({error}): {heard:#?}"),
            }
        }
    }

    /// Sends a signal to this very process.
    pub fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args([signal, &self.child.id().to_string()]).status();
        assert!(sent.is_ok_and(|status| status.success()), "the signal is sent");
    }

    /// Waits for its end. The readers of its output end with it.
    pub fn ends(mut self) -> Ended {
        let deadline = Instant::now() + DEADLINE;
        let rest = |lines: &Receiver<String>| {
            let mut text = String::new();
            loop {
                match lines.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                    Ok(line) => {
                        text.push_str(&line);
                        text.push('\n');
                    }
                    Err(RecvTimeoutError::Disconnected) => return text,
                    Err(RecvTimeoutError::Timeout) => panic!("it does not end: {text}"),
                }
            }
        };
        let (out, err) = (rest(&self.out), rest(&self.err));
        let status = self.child.wait().expect("it has ended");
        Ended { code: status.code(), out, err }
    }

    /// Asks it to stop, and waits for that.
    pub fn stops(self) -> Ended {
        self.signal("-TERM");
        self.ends()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Where a test fails, its server must not stay behind.
        if let Ok(None) = self.child.try_wait() {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

fn lines_of(stream: impl Read + Send + 'static) -> Receiver<String> {
    let (tell, hear) = channel();
    thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            if tell.send(line).is_err() {
                return;
            }
        }
    });
    hear
}
