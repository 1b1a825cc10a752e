//! The rights of one account's people, as this process knows them.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use entity::{AccountId, UserId};
use tokio::sync::{OnceCell, watch};

use crate::domain::access::{Access, Base};
use crate::domain::error::Result;

/// How long what was read of a viewer may be used without a sign that it has changed. Signs come at once or with the
/// next poll; this bounds what a lost one costs (P4).
const LIFETIME: Duration = Duration::from_millis(900);

/// One account, for as long as somebody of it listens.
#[derive(Debug)]
pub struct Tenant {
    account: AccountId,
    /// Counts the changes of users, permissions and settings that this process has heard of.
    generation: watch::Sender<u64>,
    /// The newest version of the rights that was seen in the database.
    version: AtomicI64,
    viewers: Mutex<HashMap<UserId, Known>>,
}

/// What was read of a viewer, or is being read: by one task for all that ask meanwhile.
type Reading = Arc<OnceCell<Option<Arc<Access>>>>;

#[derive(Debug)]
struct Known {
    generation: u64,
    read: Instant,
    reading: Reading,
}

impl Tenant {
    /// An account of which nothing is known yet.
    pub fn new(account: AccountId) -> Self {
        Self {
            account,
            generation: watch::Sender::new(0),
            version: AtomicI64::new(0),
            viewers: Mutex::default(),
        }
    }

    /// Which account.
    pub const fn account(&self) -> AccountId {
        self.account
    }

    /// Tells of every change of rights.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.generation.subscribe()
    }

    /// How many changes of rights were heard of.
    pub fn generation(&self) -> u64 {
        *self.generation.borrow()
    }

    /// Rights may have changed: nothing that was read before counts any more.
    pub fn change(&self) {
        self.generation.send_modify(|generation| *generation += 1);
    }

    /// The version of the rights as it was just read; another one than before is a change.
    pub fn saw_version(&self, version: i64) {
        let before = self.version.fetch_max(version, Ordering::SeqCst);
        if before != 0 && before < version {
            self.change();
        }
    }

    /// Whether anybody listens.
    pub fn is_deserted(&self) -> bool {
        self.generation.receiver_count() == 0
    }

    /// The access of a user with the rights of this moment; none when they have left.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn viewer(&self, base: &Base, user: UserId) -> Result<Option<Arc<Access>>> {
        let reading = self.reading(user);
        // In a box, so that whoever waits for nothing carries none of it.
        let read = || Box::pin(async { Ok(Access::of_user(base, self.account, user).await?.map(Arc::new)) });
        reading.get_or_try_init(read).await.cloned()
    }

    fn reading(&self, user: UserId) -> Reading {
        let generation = self.generation();
        let mut viewers = self.viewers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = viewers.get(&user)
            && known.generation == generation
            && known.read.elapsed() < LIFETIME
        {
            return Arc::clone(&known.reading);
        }
        let reading = Reading::default();
        viewers.insert(user, Known { generation, read: Instant::now(), reading: Arc::clone(&reading) });
        reading
    }

    /// Forgets what is too old to be used.
    pub fn tidy(&self) {
        let mut viewers = self.viewers.lock().unwrap_or_else(PoisonError::into_inner);
        viewers.retain(|_, known| known.read.elapsed() < LIFETIME);
        viewers.shrink_to_fit();
    }
}
