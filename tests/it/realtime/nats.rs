//! A NATS server of a test's own, from the program on the machine.

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long it may take to answer.
const DEADLINE: Duration = Duration::from_secs(60);

/// The server. It ends with this value.
pub struct Nats {
    port: u16,
    running: Option<Child>,
}

impl Nats {
    /// Starts one on a free port. None where the machine has no program, which `RETINUE_TEST_REQUIRE=both` makes a
    /// failure.
    pub fn start() -> Option<Self> {
        let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("its number").port();
        let mut nats = Self { port, running: None };
        if nats.run() {
            return Some(nats);
        }
        assert!(std::env::var("RETINUE_TEST_REQUIRE").is_err(), "the package `nats-server` is not installed");
        println!("skipped: there is no nats-server here");
        None
    }

    /// Where it listens.
    pub fn address(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// Ends it.
    pub fn goes(&mut self) {
        if let Some(mut running) = self.running.take() {
            running.kill().expect("it is ended");
            running.wait().expect("it has ended");
        }
    }

    /// Starts it again where it was.
    pub fn comes_back(&mut self) {
        assert!(self.run(), "it starts a second time");
    }

    fn run(&mut self) -> bool {
        let program = ["nats-server", "/usr/sbin/nats-server"].into_iter().find_map(|program| {
            let mut command = Command::new(program);
            command.args(["-a", "127.0.0.1", "-p", &self.port.to_string()]);
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().ok()
        });
        self.running = program;
        let deadline = Instant::now() + DEADLINE;
        while self.running.is_some() && TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            assert!(Instant::now() < deadline, "NATS does not answer");
            std::thread::yield_now();
        }
        self.running.is_some()
    }
}

impl Drop for Nats {
    fn drop(&mut self) {
        self.goes();
    }
}
