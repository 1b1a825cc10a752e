//! What one subscriber is told: each event through their eyes, asked for at its delivery (N5).

use std::sync::Arc;

use entity::{AccountId, CalendarId, PipelineId, Timestamp, UserId};
use policy::{Action, Facts, Relation};

use super::channel::Rendering;
use super::hub::Hub;
use super::listener::{Heard, Listener};
use crate::domain::access::{Access, Snapshot, Standing, StreamEvent};
use crate::domain::error::{Error, Result};
use crate::domain::stream::Topic;

/// A record that the subscriber sees now, and how they stand to it.
#[derive(Clone, Debug)]
pub enum Record {
    /// A contact.
    Contact(Arc<Snapshot<policy::Contact>>, Standing),
    /// An opportunity.
    Opportunity(Arc<Snapshot<policy::Opportunity>>, Standing),
}

impl Record {
    const fn standing(&self) -> Standing {
        match self {
            Self::Contact(_, standing) | Self::Opportunity(_, standing) => *standing,
        }
    }
}

/// What a subscriber is told.
#[derive(Clone, Debug)]
pub enum Told {
    /// The stream is open: whatever happens from here on will be told.
    Started,
    /// Something happened.
    Event(Arc<StreamEvent>),
    /// Something left the topic, or the subscriber's sight: nothing but its id may be told.
    Removed(Arc<StreamEvent>),
    /// What the subscriber may see has changed in ways that no single event tells: they should read it again.
    Reload,
    /// The subscriber may not listen to this topic any more. Nothing follows.
    Ended,
    /// The subscriber is too far behind, and resumes from the position. Nothing follows.
    Behind,
}

/// One thing that is told, at one moment.
#[derive(Debug)]
pub struct Happened {
    /// What.
    pub told: Told,
    /// The record that the topic is, or that the event is about, where it is seen.
    pub record: Option<Record>,
    /// Through whose eyes, with the rights of this moment.
    pub viewer: Arc<Access>,
    /// From where a subscriber resumes who has heard this.
    pub position: i64,
}

/// How a subscription begins.
#[derive(Debug)]
pub enum Start {
    /// With this stream.
    Open(Box<Stream>),
    /// Not at all: there is no such topic, or the subscriber may not see it (A7).
    NotFound,
}

/// The stream of one subscriber.
#[derive(Debug)]
pub struct Stream {
    listener: Listener,
    topic: Topic,
    account: AccountId,
    user: UserId,
    /// The viewer with the rights that the subscriber was last told something with.
    viewer: Arc<Access>,
    /// What was heard and is not told yet.
    pending: Option<Heard>,
    /// Whether the subscriber still waits to hear that the stream is open.
    is_new: bool,
    has_ended: bool,
}

impl Stream {
    /// Opens a topic for a viewer: from now on, or after an event that they have heard of.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn start(hub: &Hub, access: &Access, topic: Topic, after: Option<i64>) -> Result<Start> {
        let viewer = access.viewer().ok_or_else(|| Error::bug("the command line hears no streams"))?;
        let account = access.actor().account;
        // Before anything is kept or read for the topic: what is hidden costs what an unknown one costs (A7).
        if !may_listen(access, topic).await? {
            return Ok(Start::NotFound);
        }
        // The listener begins with asking again: what changed between there and here counts.
        let mut listener = hub.listen(account, topic).await?;
        if let Some(after) = after {
            listener.start_after(after).await?;
        }
        Ok(Start::Open(Box::new(Self {
            listener,
            topic,
            account,
            user: viewer.id,
            viewer: Arc::new(access.clone()),
            pending: None,
            is_new: after.is_none() && !matches!(topic, Topic::Inbox(_)),
            has_ended: false,
        })))
    }

    /// Where everybody who gets the same rendering of an event finds it. `key` says what is the same.
    #[must_use]
    pub fn rendering(&self, key: u64) -> Rendering {
        self.listener.channel().rendering(key)
    }

    /// What the subscriber is told next; none after the end.
    ///
    /// # Errors
    /// A database that fails. Asked again, the stream goes on where it was.
    pub async fn next(&mut self) -> Result<Option<Happened>> {
        while !self.has_ended {
            if self.pending.is_none() && !self.is_new {
                self.pending = Some(self.listener.next().await?);
            }
            let Some(viewer) = self.listener.hub().viewer(self.account, self.user).await? else {
                let viewer = Arc::clone(&self.viewer);
                return Ok(Some(self.end(&viewer)));
            };
            if self.is_new {
                let told = self.tell_start(&viewer).await?;
                self.is_new = false;
                return Ok(Some(told));
            }
            let told = match self.pending.clone() {
                Some(Heard::Event(event)) => self.tell(event, &viewer).await?,
                Some(Heard::AskAgain) => self.ask_again(&viewer).await?,
                Some(Heard::Behind) => {
                    self.has_ended = true;
                    Some(self.happened(Told::Behind, None, &viewer))
                }
                Some(Heard::Expired) => {
                    Box::pin(self.listener.skip_expired()).await?;
                    // An inbox shows what is left of it, as its list does.
                    let shows_the_rest = matches!(self.topic, Topic::Inbox(_));
                    (!shows_the_rest).then(|| self.happened(Told::Reload, None, &viewer))
                }
                None => None,
            };
            self.pending = None;
            if told.is_some() {
                return Ok(told);
            }
        }
        Ok(None)
    }

    fn now(&self) -> Timestamp {
        self.listener.hub().base().clock.now()
    }

    fn happened(&self, told: Told, record: Option<Record>, viewer: &Arc<Access>) -> Happened {
        Happened { told, record, viewer: Arc::clone(viewer), position: self.listener.position() }
    }

    /// The last thing that is told to whoever may not listen any more.
    fn end(&mut self, viewer: &Arc<Access>) -> Happened {
        self.has_ended = true;
        self.happened(Told::Ended, None, viewer)
    }

    async fn tell_start(&mut self, viewer: &Arc<Access>) -> Result<Happened> {
        Ok(match self.sight_of_topic(viewer).await? {
            Sight::None => self.end(viewer),
            Sight::Topic => self.happened(Told::Started, None, viewer),
            Sight::Record(record) => self.happened(Told::Started, Some(record), viewer),
        })
    }

    async fn ask_again(&mut self, viewer: &Arc<Access>) -> Result<Option<Happened>> {
        let sight = self.sight_of_topic(viewer).await?;
        let is_list = matches!(self.topic, Topic::Pipeline(_) | Topic::Calendar(_));
        let has_changed = viewer.actor() != self.viewer.actor();
        self.viewer = Arc::clone(viewer);
        Ok(match sight {
            Sight::None => Some(self.end(viewer)),
            // Which of many records came into sight or left it is not told one by one.
            Sight::Topic if is_list && has_changed => Some(self.happened(Told::Reload, None, viewer)),
            Sight::Topic | Sight::Record(_) => None,
        })
    }

    async fn tell(&mut self, event: Arc<StreamEvent>, viewer: &Arc<Access>) -> Result<Option<Happened>> {
        match self.topic {
            Topic::Inbox(_) => Ok(Some(self.happened(Told::Event(event), None, viewer))),
            Topic::Pipeline(pipeline) => self.tell_of_pipeline(pipeline, event, viewer).await,
            Topic::Calendar(calendar) => Box::pin(self.tell_of_calendar(calendar, event, viewer)).await,
            Topic::Contact(_) | Topic::Opportunity(_) => match self.sight_of_topic(viewer).await? {
                Sight::Record(record) => {
                    // An appointment of a contact has a View of its own (C3).
                    if event.appointment.is_some() && !is_visible(&event, viewer).await? {
                        return Ok(None);
                    }
                    Ok(Some(self.happened(Told::Event(event), Some(record), viewer)))
                }
                Sight::None | Sight::Topic => Ok(Some(self.end(viewer))),
            },
        }
    }

    async fn tell_of_pipeline(
        &mut self,
        pipeline: PipelineId,
        event: Arc<StreamEvent>,
        viewer: &Arc<Access>,
    ) -> Result<Option<Happened>> {
        // Whether the viewer may see pipelines was asked when rights last changed, which goes before every event.
        let Some(id) = event.opportunity else {
            let is_there = !event.deletes() || may_listen(viewer, self.topic).await?;
            return Ok(Some(if is_there {
                self.happened(Told::Event(event), None, viewer)
            } else {
                self.end(viewer)
            }));
        };
        let snapshot = self.listener.channel().opportunity(self.listener.hub().base(), id).await?;
        let (actor, now) = (viewer.actor(), self.now());
        let standing = snapshot.as_ref().and_then(|snapshot| snapshot.seen_by(actor, now));
        Ok(match (snapshot, standing) {
            (Some(snapshot), Some(standing)) if snapshot.row().pipeline_id == pipeline => {
                let record = Some(Record::Opportunity(snapshot, standing));
                Some(self.happened(Told::Event(event), record, viewer))
            }
            (_, Some(_)) => Some(self.happened(Told::Removed(event), None, viewer)),
            (snapshot, None) => {
                // Only to those who saw it before: by the grant that this event took, or until it was deleted (N5).
                let deleted = event.deletes() && snapshot.is_some_and(|gone| gone.was_seen_by(actor, now));
                let lost = event.lost.contains(&self.user) && holds_view(viewer);
                (deleted || lost).then(|| self.happened(Told::Removed(event), None, viewer))
            }
        })
    }

    async fn tell_of_calendar(
        &self,
        calendar: CalendarId,
        event: Arc<StreamEvent>,
        viewer: &Arc<Access>,
    ) -> Result<Option<Happened>> {
        let Some(id) = event.appointment else { return Ok(None) };
        let found = viewer.now_again().find_appointments(&[id]).await?;
        if let Some(seen) = found.get(&id) {
            let stays = seen.row.calendar_id == calendar;
            let told = if stays { Told::Event(event) } else { Told::Removed(event) };
            return Ok(Some(self.happened(told, None, viewer)));
        }
        let gone = event.lost.contains(&self.user) || (event.deletes() && is_visible(&event, viewer).await?);
        Ok(gone.then(|| self.happened(Told::Removed(event), None, viewer)))
    }

    /// Whether the subscriber may listen to the topic now, and what they see of the record that it is.
    async fn sight_of_topic(&mut self, viewer: &Access) -> Result<Sight> {
        let (channel, base) = (self.listener.channel(), self.listener.hub().base());
        let record = match self.topic {
            Topic::Contact(id) => {
                let snapshot = channel.contact(base, id).await?;
                let standing = snapshot.as_ref().and_then(|it| it.seen_by(viewer.actor(), self.now()));
                snapshot.zip(standing).map(|(snapshot, standing)| Record::Contact(snapshot, standing))
            }
            Topic::Opportunity(id) => {
                let snapshot = channel.opportunity(base, id).await?;
                let standing = snapshot.as_ref().and_then(|it| it.seen_by(viewer.actor(), self.now()));
                snapshot.zip(standing).map(|(snapshot, standing)| Record::Opportunity(snapshot, standing))
            }
            Topic::Inbox(_) | Topic::Pipeline(_) | Topic::Calendar(_) => {
                let may = may_listen(viewer, self.topic).await?;
                return Ok(if may { Sight::Topic } else { Sight::None });
            }
        };
        self.wait_for_end(record.as_ref().map(Record::standing));
        Ok(record.map_or(Sight::None, Sight::Record))
    }

    /// A follow that ends by the clock is asked again then: nobody writes an event at that instant (F7).
    fn wait_for_end(&mut self, standing: Option<Standing>) {
        let until = standing.and_then(|standing| standing.mine?.until);
        let now = self.now();
        self.listener.wait_until(until.filter(|until| *until > now));
    }
}

/// What a subscriber sees of their topic.
#[derive(Debug)]
enum Sight {
    /// Nothing: it is not there for them.
    None,
    /// It, and it is no record.
    Topic,
    /// The record.
    Record(Record),
}

/// Whether the viewer may listen to a topic: by the database as it is, and by as many statements whether it is hidden or
/// not there.
async fn may_listen(viewer: &Access, topic: Topic) -> Result<bool> {
    // In a box: an open stream asks this when rights change, and would carry it all the time.
    Box::pin(async {
        let access = viewer.now_again();
        let (base, actor, now) = (access.base(), access.actor(), access.now());
        Ok(match topic {
            Topic::Inbox(user) => actor.user == Some(user),
            Topic::Contact(id) => {
                let snapshot = base.snapshot::<policy::Contact>(id).await?;
                snapshot.is_some_and(|snapshot| snapshot.seen_by(actor, now).is_some())
            }
            Topic::Opportunity(id) => {
                let snapshot = base.snapshot::<policy::Opportunity>(id).await?;
                snapshot.is_some_and(|snapshot| snapshot.seen_by(actor, now).is_some())
            }
            Topic::Pipeline(id) => !access.find_pipelines(&[id]).await?.is_empty(),
            Topic::Calendar(id) => !access.find_calendars(&[id]).await?.is_empty(),
        })
    })
    .await
}

/// Whether the viewer may read what happened.
async fn is_visible(event: &StreamEvent, viewer: &Access) -> Result<bool> {
    Box::pin(async { Ok(!viewer.now_again().visible_activity(&[event.activity]).await?.is_empty()) }).await
}

/// Whether the module of opportunities is there for the viewer at all (P3).
fn holds_view(access: &Access) -> bool {
    let owner = Facts { relation: Some(Relation::Owner), ..Facts::none() };
    policy::decide::<policy::Opportunity>(access.actor(), Action::View, &owner).is_granted()
}
