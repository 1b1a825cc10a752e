//! The meeting place of changes and listeners in one process.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use entity::{AccountId, UserId};
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval, sleep};

use super::channel::Channel;
use super::listener::Listener;
use super::tenant::Tenant;
use crate::domain::access::{Access, Base};
use crate::domain::error::Result;
use crate::domain::stream::Topic;
use crate::domain::wake::{Touched, Wake};

/// How long a reader waits after the database failed.
const PATIENCE: Duration = Duration::from_millis(200);

/// How often the database is asked for what no wake-up told.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// For rights that have changed.
    pub rights: Duration,
    /// For topics with something new.
    pub topics: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self { rights: Duration::from_millis(400), topics: Duration::from_secs(1) }
    }
}

/// The hub of a process. Cloning shares it.
#[derive(Clone)]
pub struct Hub(Arc<Inner>);

struct Inner {
    base: Base,
    channels: Mutex<HashMap<Topic, Arc<Channel>>>,
    tenants: Mutex<HashMap<AccountId, Arc<Tenant>>>,
    /// Carries what this process has touched to the others.
    outward: OnceLock<UnboundedSender<Touched>>,
}

impl Hub {
    /// A hub over `base`.
    #[must_use]
    pub fn new(base: Base) -> Self {
        Self(Arc::new(Inner {
            base,
            channels: Mutex::default(),
            tenants: Mutex::default(),
            outward: OnceLock::new(),
        }))
    }

    /// Over which it is.
    #[must_use]
    pub fn base(&self) -> &Base {
        &self.0.base
    }

    /// Sends everything that this process touches to `outward` as well. Only the first one is kept.
    pub fn tell_others(&self, outward: UnboundedSender<Touched>) {
        self.0.outward.set(outward).ok();
    }

    /// Listens to a topic from now on. Whether the caller may is theirs to ask.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn listen(&self, account: AccountId, topic: Topic) -> Result<Listener> {
        let tenant = self.tenant(account);
        let channel = {
            let mut channels = self.0.channels.lock().unwrap_or_else(PoisonError::into_inner);
            let channel =
                channels.entry(topic).or_insert_with(|| Arc::new(Channel::new(topic, Arc::clone(&tenant))));
            // Subscribed under the lock: a topic that somebody comes to is not swept away as deserted.
            (Arc::clone(channel), channel.news())
        };
        let (channel, news) = channel;
        if channel.newest() < 0 {
            let numbers = self.0.base.last_numbers(&[topic]).await?;
            channel.start_at(numbers.get(&topic.uuid()).copied().unwrap_or_default());
            // What came between the look and here woke nobody.
            self.look(&channel);
        }
        Ok(Listener::new(self.clone(), channel, news))
    }

    /// The access of a user with the rights of this moment; none when they have left. Read once for everybody who asks
    /// before rights change again, so that its own moment is the one of the reading.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn viewer(&self, account: AccountId, user: UserId) -> Result<Option<Arc<Access>>> {
        self.tenant(account).viewer(&self.0.base, user).await
    }

    /// Tells of every change of rights in an account, for as long as the receiver lives.
    #[must_use]
    pub fn changes_of_rights(&self, account: AccountId) -> watch::Receiver<u64> {
        let mut tenants = self.0.tenants.lock().unwrap_or_else(PoisonError::into_inner);
        tenants.entry(account).or_insert_with(|| Arc::new(Tenant::new(account))).changes()
    }

    /// Wakes whoever listens in this process.
    pub fn wake_here(&self, touched: &Touched) {
        if touched.access {
            let tenants = self.0.tenants.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(tenant) = tenants.get(&touched.account) {
                tenant.change();
            }
        }
        for topic in &touched.topics {
            let channels = self.0.channels.lock().unwrap_or_else(PoisonError::into_inner);
            let channel = channels.get(topic).cloned();
            drop(channels);
            if let Some(channel) = channel {
                self.look(&channel);
            }
        }
    }

    /// Looks at everything that is listened to, for a bus that may have missed something.
    pub fn wake_all(&self) {
        let channels: Vec<Arc<Channel>> = {
            let channels = self.0.channels.lock().unwrap_or_else(PoisonError::into_inner);
            channels.values().cloned().collect()
        };
        for channel in channels {
            self.look(&channel);
        }
        for tenant in self.tenants() {
            tenant.change();
        }
    }

    /// Asks the database, at this pace, for what no wake-up told, until `stop` turns true. Without it wake-ups that get
    /// lost, and changes by other processes over the same file, are never heard of.
    pub async fn poll(&self, pace: Pace, mut stop: watch::Receiver<bool>) {
        let (mut rights, mut topics) = (interval(pace.rights), interval(pace.topics));
        for ticks in [&mut rights, &mut topics] {
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        }
        loop {
            let is_about_rights = tokio::select! {
                _ = rights.tick() => true,
                _ = topics.tick() => false,
                _ = stop.wait_for(|stop| *stop) => return,
            };
            let polled = if is_about_rights { self.poll_rights().await } else { self.poll_topics().await };
            if let Err(error) = polled {
                tracing::error!(%error, "the streams could not be polled");
            }
        }
    }

    async fn poll_rights(&self) -> Result<()> {
        let tenants = self.tenants();
        if tenants.is_empty() {
            return Ok(());
        }
        let accounts: Vec<AccountId> = tenants.iter().map(|tenant| tenant.account()).collect();
        let versions = self.0.base.access_versions(&accounts).await?;
        for tenant in tenants {
            if let Some(version) = versions.get(&tenant.account()) {
                tenant.saw_version(*version);
            }
        }
        Ok(())
    }

    async fn poll_topics(&self) -> Result<()> {
        self.tidy();
        let channels: Vec<Arc<Channel>> = {
            let channels = self.0.channels.lock().unwrap_or_else(PoisonError::into_inner);
            channels.values().cloned().collect()
        };
        let topics: Vec<Topic> = channels.iter().map(|channel| channel.topic).collect();
        let numbers = self.0.base.last_numbers(&topics).await?;
        for channel in channels {
            if numbers.get(&channel.topic.uuid()).is_some_and(|number| *number > channel.newest()) {
                self.look(&channel);
            }
        }
        Ok(())
    }

    /// Forgets topics and accounts to which nobody listens any more.
    fn tidy(&self) {
        let mut channels = self.0.channels.lock().unwrap_or_else(PoisonError::into_inner);
        channels.retain(|_, channel| !channel.is_deserted());
        channels.values().for_each(|channel| channel.tidy());
        drop(channels);
        let mut tenants = self.0.tenants.lock().unwrap_or_else(PoisonError::into_inner);
        tenants.retain(|_, tenant| Arc::strong_count(tenant) > 1 || !tenant.is_deserted());
        tenants.values().for_each(|tenant| tenant.tidy());
    }

    fn tenant(&self, account: AccountId) -> Arc<Tenant> {
        let mut tenants = self.0.tenants.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(tenants.entry(account).or_insert_with(|| Arc::new(Tenant::new(account))))
    }

    fn tenants(&self) -> Vec<Arc<Tenant>> {
        let tenants = self.0.tenants.lock().unwrap_or_else(PoisonError::into_inner);
        tenants.values().cloned().collect()
    }

    /// Lets somebody read what is new on a topic. Returns at once.
    pub(super) fn look(&self, channel: &Arc<Channel>) {
        if !channel.wake() {
            return;
        }
        let (base, channel) = (self.0.base.clone(), Arc::clone(channel));
        tokio::spawn(async move {
            while let Err(error) = channel.read(&base).await {
                tracing::error!(%error, "a stream could not be read");
                sleep(PATIENCE).await;
                if channel.is_deserted() {
                    return channel.give_up_reading();
                }
            }
        });
    }
}

impl Wake for Hub {
    fn wake(&self, touched: Touched) {
        self.wake_here(&touched);
        if let Some(outward) = self.0.outward.get() {
            // Whoever carries it is gone only when the process stops; the others poll.
            outward.send(touched).ok();
        }
    }
}

impl fmt::Debug for Hub {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Hub").finish_non_exhaustive()
    }
}
