//! The rights of one account's people, as this process knows them.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use entity::{AccountId, UserId};
use tokio::sync::watch;

use super::read_once::ReadOnce;
use crate::domain::access::{Access, Base};
use crate::domain::error::Result;

/// How many people of an account are kept at most: more than listen to one process.
const VIEWERS: usize = 65_536;

/// One account, for as long as somebody of it listens.
#[derive(Debug)]
pub struct Tenant {
    account: AccountId,
    /// Counts the changes of users, permissions and settings that this process has heard of.
    generation: watch::Sender<u64>,
    /// The newest version of the rights that was seen in the database.
    version: AtomicI64,
    viewers: ReadOnce<UserId, Option<Arc<Access>>>,
}

impl Tenant {
    /// An account of which nothing is known yet.
    pub fn new(account: AccountId) -> Self {
        Self {
            account,
            generation: watch::Sender::new(0),
            version: AtomicI64::new(0),
            viewers: ReadOnce::keeping(VIEWERS),
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
        let reading = self.viewers.get(user, self.generation());
        // In a box, so that whoever waits for nothing carries none of it.
        let read = || Box::pin(async { Ok(Access::of_user(base, self.account, user).await?.map(Arc::new)) });
        reading.get_or_try_init(read).await.cloned()
    }

    /// Forgets what is too old to be used.
    pub fn tidy(&self) {
        self.viewers.tidy();
    }
}
