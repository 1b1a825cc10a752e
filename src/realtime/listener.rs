//! One listener at a topic: takes every event after its position, in order, from what the process keeps or from the
//! database. It has no queue: a slow one costs nothing but its own place.

use std::collections::VecDeque;
use std::sync::Arc;

use entity::Timestamp;
use tokio::sync::watch;
use tokio::time::sleep;

use super::channel::{Channel, PAGE};
use super::hub::Hub;
use crate::domain::access::StreamEvent;
use crate::domain::error::Result;

/// How far a listener may fall behind what the process has read before it is told to resume (N6).
pub const MOST_BEHIND: i64 = 1_000;

/// What a listener hears.
#[derive(Clone, Debug)]
pub enum Heard {
    /// The next event.
    Event(Arc<StreamEvent>),
    /// Rights may have changed, or the instant has come that it waits for: time to ask again.
    AskAgain,
    /// Too far behind: it has to resume from its position.
    Behind,
    /// The events after its position are not kept any more.
    Expired,
}

/// A listener.
#[derive(Debug)]
pub struct Listener {
    hub: Hub,
    channel: Arc<Channel>,
    news: watch::Receiver<i64>,
    rights: watch::Receiver<u64>,
    position: i64,
    /// Events from the database that were not taken yet.
    page: VecDeque<Arc<StreamEvent>>,
    /// Whether it was up to date once: until then it may be as far behind as it was when it was cut.
    is_live: bool,
    /// When to ask again.
    deadline: Option<Timestamp>,
}

impl Listener {
    pub(super) fn new(hub: Hub, channel: Arc<Channel>, news: watch::Receiver<i64>) -> Self {
        let mut rights = channel.tenant.changes();
        // Whatever was asked before this one listened is asked again.
        rights.mark_changed();
        let position = channel.newest();
        Self { hub, channel, news, rights, position, page: VecDeque::new(), is_live: true, deadline: None }
    }

    /// The topic with what is read once for all its listeners.
    #[must_use]
    pub(super) const fn channel(&self) -> &Arc<Channel> {
        &self.channel
    }

    /// Where it meets the others.
    #[must_use]
    pub const fn hub(&self) -> &Hub {
        &self.hub
    }

    /// The number of the last event that it took.
    #[must_use]
    pub const fn position(&self) -> i64 {
        self.position
    }

    /// Starts after this event instead of now. Another process may have told of it before this one has read it; what is
    /// beyond the end of the topic counts as now.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn start_after(&mut self, number: i64) -> Result<()> {
        let mut newest = self.channel.newest();
        if number > newest {
            let topic = self.channel.topic;
            let numbers = self.hub.base().last_numbers(&[topic]).await?;
            newest = numbers.get(&topic.uuid()).copied().unwrap_or_default().max(newest);
            self.hub.look(&self.channel);
        }
        self.position = number.clamp(0, newest.max(0));
        self.is_live = self.position >= newest;
        Ok(())
    }

    /// Asks again at this instant, beside everything else.
    pub const fn wait_until(&mut self, deadline: Option<Timestamp>) {
        self.deadline = deadline;
    }

    /// The next thing to do. Dropping it while it waits loses nothing.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn next(&mut self) -> Result<Heard> {
        loop {
            // Rights come before events: one that was taken away counts for the next event already (P4).
            if self.rights.has_changed().unwrap_or(false) {
                self.rights.borrow_and_update();
                return Ok(Heard::AskAgain);
            }
            if self.deadline.is_some_and(|deadline| self.hub.base().clock.now() >= deadline) {
                self.deadline = None;
                return Ok(Heard::AskAgain);
            }
            let newest = *self.news.borrow_and_update();
            if self.position < newest {
                let heard = self.take(newest).await;
                self.is_live |= self.position >= newest;
                return heard;
            }
            self.is_live = true;
            let tick = async {
                match self.deadline {
                    Some(deadline) => sleep(self.hub.base().clock.nap(deadline)).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                _ = self.news.changed() => {}
                _ = self.rights.changed() => return Ok(Heard::AskAgain),
                () = tick => {}
            }
        }
    }

    async fn take(&mut self, newest: i64) -> Result<Heard> {
        if self.is_live && newest - self.position > MOST_BEHIND {
            return Ok(Heard::Behind);
        }
        if self.page.is_empty() {
            if let Some(event) = self.channel.recent_after(self.position) {
                self.position = event.number;
                return Ok(Heard::Event(event));
            }
            let account = self.channel.tenant.account();
            let read = self.hub.base().events_after(account, self.channel.topic, self.position, PAGE);
            // In a box: few listeners ever need it, and every one would carry it.
            let (events, _) = Box::pin(read).await?;
            self.page.extend(events.into_iter().map(Arc::new));
        }
        match self.page.pop_front() {
            Some(event) if event.number == self.position + 1 => {
                self.position = event.number;
                Ok(Heard::Event(event))
            }
            // The numbers have no gap: what is missing here was too old to be kept.
            _ => {
                self.page.clear();
                Ok(Heard::Expired)
            }
        }
    }

    /// Goes on after what is not kept any more.
    pub async fn skip_expired(&mut self) -> Result<()> {
        let account = self.channel.tenant.account();
        let (events, _) = self.hub.base().events_after(account, self.channel.topic, self.position, 1).await?;
        self.position = events.first().map_or(self.channel.newest(), |event| event.number - 1);
        Ok(())
    }
}
