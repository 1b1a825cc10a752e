//! A process under measurement: its CPU time and its resident memory, as the kernel counts them.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, BufReader};
use tokio::process::{Child, Command};

use crate::cli::CliError;

/// A process that was started to be measured. It ends with this value.
#[derive(Debug)]
pub struct Measured {
    child: Child,
    pid: u32,
    /// Where it listens.
    pub address: String,
}

impl Measured {
    /// Starts this program with `arguments`, and waits until it says on which address it listens.
    ///
    /// # Errors
    /// A program that does not start, or ends before it listens.
    pub async fn start(folder: &Path, arguments: &[&str]) -> Result<Self, CliError> {
        let program = std::env::current_exe().map_err(CliError::io("the program does not find itself"))?;
        let mut command = Command::new(program);
        command.args(arguments).current_dir(folder).kill_on_drop(true);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("RETINUE_") {
                command.env_remove(name);
            }
        }
        let mut child = command.spawn().map_err(CliError::io("the server does not start"))?;
        let pid = child.id().ok_or_else(|| CliError::Usage("the server ended at once".into()))?;
        let errors = child.stderr.take().ok_or_else(|| CliError::Usage("the server is mute".into()))?;
        let address = address(errors).await?;
        Ok(Self { child, pid, address })
    }

    /// CPU time that it has used so far, over all its threads.
    ///
    /// # Errors
    /// A machine without `/proc`.
    pub fn cpu(&self) -> Result<Duration, CliError> {
        let missing = || CliError::io("CPU time is read from /proc, which this machine does not have");
        let mut nanoseconds = 0;
        for task in fs::read_dir(format!("/proc/{}/task", self.pid)).map_err(missing())?.flatten() {
            // A thread may end between the two looks.
            let Ok(text) = fs::read_to_string(task.path().join("schedstat")) else { continue };
            let running = text.split(' ').next().and_then(|number| number.parse::<u64>().ok());
            nanoseconds += running.unwrap_or_default();
        }
        Ok(Duration::from_nanos(nanoseconds))
    }

    /// Its resident memory, in bytes.
    ///
    /// # Errors
    /// A machine without `/proc`.
    pub fn resident(&self) -> Result<u64, CliError> {
        let missing = CliError::io("memory is read from /proc, which this machine does not have");
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid)).map_err(missing)?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kibibytes = line.and_then(|line| line.trim().split(' ').next()?.parse::<u64>().ok());
        Ok(kibibytes.unwrap_or_default() * 1_024)
    }

    /// Ends it.
    pub async fn stop(mut self) {
        self.child.kill().await.ok();
    }
}

/// The first address of this machine that it names; the rest of what it says is read and dropped.
async fn address(errors: impl AsyncRead + Unpin + Send + 'static) -> Result<String, CliError> {
    let mut lines = BufReader::new(errors).lines();
    let mut said = Vec::new();
    while let Ok(Some(line)) = lines.next_line().await {
        if let Some((_, rest)) = line.split_once("127.0.0.1:") {
            let port: String = rest.chars().take_while(char::is_ascii_digit).collect();
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return Ok(format!("127.0.0.1:{port}"));
        }
        said.push(line);
    }
    Err(CliError::Usage(format!("the server ended before it listened: {}", said.join("; "))))
}
