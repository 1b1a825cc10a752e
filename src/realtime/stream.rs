//! What one subscriber is told: each event through their eyes, asked for at its delivery (N5).

use std::sync::Arc;

use entity::{AccountId, CalendarId, PipelineId, UserId};
use policy::{Action, Facts, Relation};

use super::channel::Rendering;
use super::hub::Hub;
use super::listener::{Heard, Listener};
use crate::domain::access::{Access, Base, Seen, Standing, StreamEvent};
use crate::domain::error::{Error, Result};
use crate::domain::stream::Topic;

/// A record as the subscriber sees it now.
#[derive(Debug)]
pub enum Record {
    /// A contact.
    Contact(Seen<policy::Contact>),
    /// An opportunity.
    Opportunity(Seen<policy::Opportunity>),
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
    pub access: Access,
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
        if !may_listen(hub.base(), access, topic).await? {
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
            let Some(access) = self.listener.hub().viewer(self.account, self.user).await? else {
                return Ok(Some(self.end(None)));
            };
            if self.is_new {
                let Some(told) = self.tell_start(access).await? else { continue };
                self.is_new = false;
                return Ok(Some(told));
            }
            if self.pending.is_none() {
                self.pending = Some(self.listener.next().await?);
                // The viewer may have changed while nothing happened.
                continue;
            }
            let told = match self.pending.clone() {
                Some(Heard::Event(event)) => self.tell(event, access).await?,
                Some(Heard::AskAgain) => self.ask_again(access).await?,
                Some(Heard::Behind) => {
                    self.has_ended = true;
                    Some(self.happened(Told::Behind, None, access))
                }
                Some(Heard::Expired) => {
                    self.listener.skip_expired().await?;
                    // An inbox shows what is left of it, as its list does.
                    let shows_the_rest = matches!(self.topic, Topic::Inbox(_));
                    (!shows_the_rest).then(|| self.happened(Told::Reload, None, access))
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

    fn happened(&mut self, told: Told, record: Option<Record>, access: Access) -> Happened {
        Happened { told, record, access, position: self.listener.position() }
    }

    /// The last thing that is told to whoever may not listen any more.
    fn end(&mut self, access: Option<Access>) -> Happened {
        self.has_ended = true;
        let access = access.unwrap_or_else(|| self.viewer.now_again());
        self.happened(Told::Ended, None, access)
    }

    async fn tell_start(&mut self, access: Access) -> Result<Option<Happened>> {
        let sight = self.sight_of_topic(&access).await?;
        Ok(match sight {
            Sight::None => Some(self.end(Some(access))),
            Sight::Topic => Some(self.happened(Told::Started, None, access)),
            Sight::Record(record) => Some(self.happened(Told::Started, Some(*record), access)),
        })
    }

    async fn ask_again(&mut self, access: Access) -> Result<Option<Happened>> {
        let sight = self.sight_of_topic(&access).await?;
        let is_list = matches!(self.topic, Topic::Pipeline(_) | Topic::Calendar(_));
        let has_changed = access.actor() != self.viewer.actor();
        self.viewer = Arc::new(access.clone());
        Ok(match sight {
            Sight::None => Some(self.end(Some(access))),
            // Which of many records came into sight or left it is not told one by one.
            Sight::Topic if is_list && has_changed => Some(self.happened(Told::Reload, None, access)),
            Sight::Topic | Sight::Record(_) => None,
        })
    }

    async fn tell(&mut self, event: Arc<StreamEvent>, access: Access) -> Result<Option<Happened>> {
        match self.topic {
            Topic::Inbox(_) => Ok(Some(self.happened(Told::Event(event), None, access))),
            Topic::Pipeline(pipeline) => self.tell_of_pipeline(pipeline, event, access).await,
            Topic::Calendar(calendar) => self.tell_of_calendar(calendar, event, access).await,
            Topic::Contact(_) | Topic::Opportunity(_) => match self.sight_of_topic(&access).await? {
                Sight::Record(record) => {
                    // An appointment of a contact has a View of its own (C3).
                    let is_apart = event.appointment.is_some();
                    if is_apart && access.visible_activity(&[event.activity]).await?.is_empty() {
                        return Ok(None);
                    }
                    Ok(Some(self.happened(Told::Event(event), Some(*record), access)))
                }
                Sight::None | Sight::Topic => Ok(Some(self.end(Some(access)))),
            },
        }
    }

    async fn tell_of_pipeline(
        &mut self,
        pipeline: PipelineId,
        event: Arc<StreamEvent>,
        access: Access,
    ) -> Result<Option<Happened>> {
        // Whether the viewer may see pipelines was asked when rights last changed, which goes before every event.
        let Some(id) = event.opportunity else {
            if event.deletes() && access.find_pipelines(&[pipeline]).await?.is_empty() {
                return Ok(Some(self.end(Some(access))));
            }
            return Ok(Some(self.happened(Told::Event(event), None, access)));
        };
        let snapshot = self.listener.channel().opportunity(self.listener.hub().base(), id).await?;
        let seen = snapshot.as_ref().and_then(|snapshot| snapshot.seen_by(&access));
        Ok(match seen {
            Some(seen) if seen.row.pipeline_id == pipeline => {
                let record = Some(Record::Opportunity(seen));
                Some(self.happened(Told::Event(event), record, access))
            }
            Some(_) => Some(self.happened(Told::Removed(event), None, access)),
            None => {
                // Only to those who saw it before: by the grant that this event took, or until it was deleted (N5).
                let deleted = event.deletes() && snapshot.is_some_and(|gone| gone.was_seen_by(&access));
                let lost = event.lost.contains(&self.user) && holds_view(&access);
                (deleted || lost).then(|| self.happened(Told::Removed(event), None, access))
            }
        })
    }

    async fn tell_of_calendar(
        &mut self,
        calendar: CalendarId,
        event: Arc<StreamEvent>,
        access: Access,
    ) -> Result<Option<Happened>> {
        let Some(id) = event.appointment else { return Ok(None) };
        let found = access.find_appointments(&[id]).await?;
        if let Some(seen) = found.get(&id) {
            let stays = seen.row.calendar_id == calendar;
            let told = if stays { Told::Event(event) } else { Told::Removed(event) };
            return Ok(Some(self.happened(told, None, access)));
        }
        let gone = event.lost.contains(&self.user)
            || (event.deletes() && !access.visible_activity(&[event.activity]).await?.is_empty());
        Ok(gone.then(|| self.happened(Told::Removed(event), None, access)))
    }

    /// Whether the subscriber may listen to the topic now, and what they see of the record that it is.
    async fn sight_of_topic(&mut self, access: &Access) -> Result<Sight> {
        let (channel, base) = (Arc::clone(self.listener.channel()), self.listener.hub().base().clone());
        Ok(match self.topic {
            Topic::Contact(id) => {
                let snapshot = channel.contact(&base, id).await?;
                let seen = snapshot.and_then(|snapshot| snapshot.seen_by(access));
                self.wait_for_end(seen.as_ref().map(|seen| seen.standing));
                seen.map_or(Sight::None, |seen| Sight::Record(Box::new(Record::Contact(seen))))
            }
            Topic::Opportunity(id) => {
                let snapshot = channel.opportunity(&base, id).await?;
                let seen = snapshot.and_then(|snapshot| snapshot.seen_by(access));
                self.wait_for_end(seen.as_ref().map(|seen| seen.standing));
                seen.map_or(Sight::None, |seen| Sight::Record(Box::new(Record::Opportunity(seen))))
            }
            Topic::Inbox(_) | Topic::Pipeline(_) | Topic::Calendar(_) => {
                if may_listen(&base, access, self.topic).await? { Sight::Topic } else { Sight::None }
            }
        })
    }

    /// A follow that ends by the clock is asked again then: nobody writes an event at that instant (F7).
    fn wait_for_end(&mut self, standing: Option<Standing>) {
        let mine = standing.and_then(|standing| standing.mine);
        self.listener.wait_until(
            mine.and_then(|mine| mine.until).filter(|until| *until > self.viewer.base().clock.now()),
        );
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
    Record(Box<Record>),
}

/// Whether the viewer may listen to a topic: by the database as it is, and by as many statements whether it is hidden or
/// not there.
async fn may_listen(base: &Base, access: &Access, topic: Topic) -> Result<bool> {
    Ok(match topic {
        Topic::Inbox(user) => access.actor().user == Some(user),
        Topic::Contact(id) => {
            base.snapshot::<policy::Contact>(id).await?.is_some_and(|it| it.seen_by(access).is_some())
        }
        Topic::Opportunity(id) => {
            base.snapshot::<policy::Opportunity>(id).await?.is_some_and(|it| it.seen_by(access).is_some())
        }
        Topic::Pipeline(id) => !access.find_pipelines(&[id]).await?.is_empty(),
        Topic::Calendar(id) => !access.find_calendars(&[id]).await?.is_empty(),
    })
}

/// Whether the module of opportunities is there for the viewer at all (P3).
fn holds_view(access: &Access) -> bool {
    let owner = Facts { relation: Some(Relation::Owner), ..Facts::none() };
    policy::decide::<policy::Opportunity>(access.actor(), Action::View, &owner).is_granted()
}
