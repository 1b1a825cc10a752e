//! The operations of a socket: each a task, each with an id of the client's while it runs.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt;
use serde_json::Value;
use tokio::task::AbortHandle;

use super::message::Told;
use super::outgoing::Lanes;
use crate::auth::Bearer;
use crate::graphql::{Live, Reply, Sent};
use crate::http::operation::RequestBody;
use crate::http::problem::Problem;
use crate::http::staying::Server;

/// How many run at once.
pub const MAX_OPERATIONS: usize = 100;

/// An operation's name on its socket, and whether anybody still waits for it.
#[derive(Debug)]
pub struct Ticket {
    id: Box<str>,
    unwanted: AtomicBool,
}

impl Ticket {
    /// The client's id for it.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Whether its messages are still to be sent.
    pub fn is_wanted(&self) -> bool {
        !self.unwanted.load(Ordering::Acquire)
    }
}

struct Running {
    ticket: Arc<Ticket>,
    task: Option<AbortHandle>,
}

impl Running {
    fn drop_it(self) {
        self.ticket.unwanted.store(true, Ordering::Release);
        if let Some(task) = self.task {
            task.abort();
        }
    }
}

/// Those that run. An operation is gone once its last message is about to be written, or when the client completes it.
#[derive(Default)]
pub struct Operations(Mutex<HashMap<Box<str>, Running>>);

/// Why an operation is not begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotBegun {
    /// Another one has its id.
    Duplicate,
    /// Too many run.
    TooMany,
}

impl Operations {
    /// Begins an operation of a bearer's.
    ///
    /// # Errors
    /// An id that is taken, or too many.
    pub fn begin<S: Server>(
        &self,
        server: &S,
        bearer: Bearer,
        (id, body): (String, RequestBody),
        lanes: &Lanes,
    ) -> Result<(), NotBegun> {
        let mut running = self.lock();
        let count = running.len();
        let Entry::Vacant(place) = running.entry(id.into()) else { return Err(NotBegun::Duplicate) };
        if count >= MAX_OPERATIONS {
            return Err(NotBegun::TooMany);
        }
        let ticket = Arc::new(Ticket { id: place.key().clone(), unwanted: AtomicBool::new(false) });
        let server = server.clone();
        // In a box that goes once it has opened: a subscription would carry it all its life.
        let opening: Opening = Box::pin(async move { server.open(bearer, body, None).await });
        let task = tokio::spawn(run(opening, Arc::clone(&ticket), lanes.clone()));
        place.insert(Running { ticket, task: Some(task.abort_handle()) });
        Ok(())
    }

    /// Drops what the client does not want any more; unknown ids are of operations that have just ended.
    pub fn complete(&self, id: &str) {
        let running = self.lock().remove(id);
        if let Some(running) = running {
            running.drop_it();
        }
    }

    /// Frees an operation's id. False when the client has completed it already, and is to hear nothing more.
    pub fn finish(&self, ticket: &Arc<Ticket>) -> bool {
        let mut running = self.lock();
        let is_it = running.get(ticket.id()).is_some_and(|running| Arc::ptr_eq(&running.ticket, ticket));
        if is_it {
            running.remove(ticket.id());
        }
        is_it
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Box<str>, Running>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Operations {
    fn drop(&mut self) {
        for (_, running) in self.lock().drain() {
            running.drop_it();
        }
    }
}

/// An operation that begins.
type Opening = Pin<Box<dyn Future<Output = Result<Live, Problem>> + Send>>;

async fn run(opening: Opening, ticket: Arc<Ticket>, lanes: Lanes) {
    let telling = tell_all(opening, &ticket, &lanes);
    if AssertUnwindSafe(telling).catch_unwind().await.is_err() {
        tracing::error!("an operation over a socket panicked");
        lanes.tell(&ticket, Told::Error(Problem::internal().errors().into())).await;
    }
}

/// Starts it and tells the client everything that comes of it.
async fn tell_all(opening: Opening, ticket: &Arc<Ticket>, lanes: &Lanes) {
    let last = match opening.await {
        Err(problem) => Told::Error(problem.errors().into()),
        Ok(Live::Once(Reply { json, ok: false })) => Told::Error(errors_of(&json).into()),
        Ok(Live::Once(Reply { json, ok: true })) => {
            if !lanes.tell(ticket, Told::Next(json.into())).await {
                return;
            }
            Told::Complete
        }
        Ok(Live::Events(mut events)) => loop {
            match events.next().await {
                Some(Sent::Next { json, .. }) => {
                    if !lanes.tell(ticket, Told::Next(json)).await {
                        return;
                    }
                }
                Some(Sent::Failed { json }) => break Told::Error(errors_of(&json).into()),
                None => break Told::Complete,
            }
        },
    };
    lanes.tell(ticket, last).await;
}

/// The errors of a result.
fn errors_of(json: &str) -> Value {
    let errors = serde_json::from_str::<Value>(json)
        .ok()
        .and_then(|mut result| Some(result.get_mut("errors")?.take()));
    errors.filter(Value::is_array).unwrap_or_else(|| Problem::internal().errors())
}
