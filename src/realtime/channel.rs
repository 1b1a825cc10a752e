//! One topic with its listeners in this process: events are read once for all of them, and so is the record.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use entity::{ContactId, OpportunityId};
use policy::{Contact, Opportunity};
use tokio::sync::watch;

use super::read_once::{ReadOnce, Reading};
use super::tenant::Tenant;
use crate::domain::access::{Base, Snapshot, StreamEvent};
use crate::domain::error::Result;
use crate::domain::stream::Topic;

/// How many events are kept for listeners that are about to take them. Whoever is further behind reads the database.
const KEPT: usize = 256;

/// How many renderings of events are kept for whoever gets the same.
const RENDERED: usize = 512;

/// How many events one statement reads.
pub const PAGE: u64 = 256;

/// How long a topic is quiet before its events are given back: until then listeners may be about to take them.
const QUIET: Duration = Duration::from_secs(10);

/// An event as the text that is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    /// An execution result.
    pub json: Arc<str>,
    /// From where a subscriber resumes who has got it.
    pub cursor: Option<Arc<str>>,
}

/// An event rendered for everybody who gets the same, or being rendered; none where there is nothing to tell.
pub type Rendering = Reading<Option<Rendered>>;

/// A topic that somebody in this process listens to.
#[derive(Debug)]
pub struct Channel {
    /// Which.
    pub topic: Topic,
    /// Whose.
    pub tenant: Arc<Tenant>,
    /// The newest event that was read; -1 until the first look.
    newest: watch::Sender<i64>,
    /// Counts the wake-ups: what was read before the last one is not the newest any more.
    woken: AtomicU64,
    /// Whether somebody reads, and whether there was a wake-up meanwhile.
    reading: AtomicBool,
    again: AtomicBool,
    recent: Mutex<Recent>,
    contacts: ReadOnce<ContactId, Option<Arc<Snapshot<Contact>>>>,
    opportunities: ReadOnce<OpportunityId, Option<Arc<Snapshot<Opportunity>>>>,
    rendered: ReadOnce<u64, Option<Rendered>>,
}

/// The last events, and when the last of them was read.
#[derive(Debug)]
struct Recent {
    events: VecDeque<Arc<StreamEvent>>,
    read: Instant,
}

impl Channel {
    /// A topic of which nothing was read yet.
    pub fn new(topic: Topic, tenant: Arc<Tenant>) -> Self {
        Self {
            topic,
            tenant,
            newest: watch::Sender::new(-1),
            woken: AtomicU64::new(0),
            reading: AtomicBool::new(false),
            again: AtomicBool::new(false),
            recent: Mutex::new(Recent { events: VecDeque::new(), read: Instant::now() }),
            contacts: ReadOnce::keeping(KEPT),
            opportunities: ReadOnce::keeping(KEPT),
            rendered: ReadOnce::keeping(RENDERED),
        }
    }

    /// Tells of every new event, by its number.
    pub fn news(&self) -> watch::Receiver<i64> {
        self.newest.subscribe()
    }

    /// The newest number that was read.
    pub fn newest(&self) -> i64 {
        *self.newest.borrow()
    }

    /// Where the topic stands when its first listener comes.
    pub fn start_at(&self, number: i64) {
        self.newest.send_if_modified(|newest| {
            let first = *newest < 0;
            if first {
                *newest = number;
            }
            first
        });
    }

    /// How many wake-ups and changes of rights there were: whatever was made of a record before the last one is stale.
    pub fn moment(&self) -> u64 {
        self.woken.load(Ordering::SeqCst).wrapping_add(self.tenant.generation())
    }

    /// There may be something new. True for whoever has to read it.
    pub fn wake(&self) -> bool {
        self.woken.fetch_add(1, Ordering::SeqCst);
        self.again.store(true, Ordering::SeqCst);
        !self.reading.swap(true, Ordering::SeqCst)
    }

    /// Reads what is new until there is nothing more, and says so to the listeners.
    pub async fn read(&self, base: &Base) -> Result<()> {
        loop {
            self.again.store(false, Ordering::SeqCst);
            let after = self.newest();
            if after >= 0 {
                let (events, version) =
                    base.events_after(self.tenant.account(), self.topic, after, PAGE).await?;
                self.tenant.saw_version(version);
                let full = events.len() as u64 == PAGE;
                self.publish(events);
                if full {
                    continue;
                }
            }
            if self.again.load(Ordering::SeqCst) {
                continue;
            }
            self.reading.store(false, Ordering::SeqCst);
            // A wake-up between the last look and here found a reader, and left it to us.
            if !self.again.load(Ordering::SeqCst) || self.reading.swap(true, Ordering::SeqCst) {
                return Ok(());
            }
        }
    }

    /// Lets the next wake-up start a reader after one that failed.
    pub fn give_up_reading(&self) {
        self.reading.store(false, Ordering::SeqCst);
    }

    fn publish(&self, events: Vec<StreamEvent>) {
        let Some(last) = events.last().map(|event| event.number) else { return };
        {
            let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
            recent.read = Instant::now();
            recent.events.extend(events.into_iter().map(Arc::new));
            let too_many = recent.events.len().saturating_sub(KEPT);
            recent.events.drain(..too_many);
        }
        self.newest.send_replace(last);
    }

    /// The event after this number, where it is kept.
    pub fn recent_after(&self, number: i64) -> Option<Arc<StreamEvent>> {
        let recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        let first = recent.events.front()?.number;
        let place = usize::try_from(number + 1 - first).ok()?;
        recent.events.get(place).cloned()
    }

    /// Whether anybody listens.
    pub fn is_deserted(&self) -> bool {
        self.newest.receiver_count() == 0
    }

    /// Gives back what nobody will ask for any more.
    pub fn tidy(&self) {
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        if recent.read.elapsed() >= QUIET {
            recent.events = VecDeque::new();
        }
        drop(recent);
        self.rendered.tidy();
        self.contacts.tidy();
        self.opportunities.tidy();
    }

    /// The contact as it is now, read once for all who ask before it changes again.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn contact(&self, base: &Base, id: ContactId) -> Result<Option<Arc<Snapshot<Contact>>>> {
        let reading = self.contacts.get(id, self.moment());
        // In a box, so that whoever waits for nothing carries none of it.
        let read = || Box::pin(async { Ok(base.snapshot::<Contact>(id).await?.map(Arc::new)) });
        reading.get_or_try_init(read).await.cloned()
    }

    /// The same for an opportunity.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn opportunity(
        &self,
        base: &Base,
        id: OpportunityId,
    ) -> Result<Option<Arc<Snapshot<Opportunity>>>> {
        let reading = self.opportunities.get(id, self.moment());
        let read = || Box::pin(async { Ok(base.snapshot::<Opportunity>(id).await?.map(Arc::new)) });
        reading.get_or_try_init(read).await.cloned()
    }

    /// Where the rendering of an event for everybody who gets the same is kept, or made by whoever comes first. `key`
    /// says what is the same: the event, the document, the rights.
    pub fn rendering(&self, key: u64) -> Rendering {
        self.rendered.get(key, self.moment())
    }
}
