//! Whatever has a global id, and the two records among it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::parser::types::Field;
use async_graphql::registry::Registry;
use async_graphql::{
    Context, ContextSelectionSet, ID, Interface, Object, OutputType, Positioned, ServerResult, Value,
};

use super::account::Account;
use super::activity::Activity;
use super::answer::Answer;
use super::appointment::Appointment;
use super::calendar::{BlockedSlot, Calendar, CalendarGroup};
use super::connection::Connection;
use super::contact::Contact;
use super::context::{Viewing, Viewpoint};
use super::error::Failure;
use super::follower::Follower;
use super::id::AnyId;
use super::job::Job;
use super::lost_reason::LostReason;
use super::note::Note;
use super::notification::Notification;
use super::opportunity::Opportunity;
use super::pipeline::{Pipeline, Stage};
use super::saved_view::SavedView;
use super::scalars::DateTime;
use super::task::Task;
use super::user::User;
use super::viewer_access::ViewerAccess;
use crate::domain::page::MAX_PAGE_SIZE;

/// Whatever has a global id and can be read again by it. Ids are opaque; what the viewer may not see answers as what is
/// not there.
#[derive(Interface, Clone, Debug)]
#[graphql(field(name = "id", ty = "ID", desc = "The global id, which stays the same for good."))]
pub enum Node {
    /// The account.
    Account(Account),
    /// A person.
    User(User),
    /// A contact.
    Contact(Contact),
    /// An opportunity.
    Opportunity(Opportunity),
    /// An appointment.
    Appointment(Appointment),
    /// A note.
    Note(Note),
    /// A task.
    Task(Task),
    /// A pipeline.
    Pipeline(Pipeline),
    /// A stage.
    Stage(Stage),
    /// An entry of the history.
    Activity(Activity),
    /// A reason that the account offers for what was lost.
    LostReason(LostReason),
    /// A saved view.
    SavedView(SavedView),
    /// A calendar.
    Calendar(Calendar),
    /// A group of calendars.
    CalendarGroup(CalendarGroup),
    /// A blocked slot.
    BlockedSlot(BlockedSlot),
    /// A job.
    Job(Job),
    /// A notification.
    Notification(Notification),
}

/// A contact or an opportunity: what has an owner and followers.
#[derive(Interface, Clone, Debug)]
#[expect(clippy::duplicated_attributes, reason = "fields and arguments of an interface repeat their types")]
#[graphql(
    name = "Record",
    field(name = "id", ty = "ID", desc = "The global id, which stays the same for good."),
    field(name = "owner", ty = "Answer<User>", desc = "Who owns it; null when it is unassigned."),
    field(
        name = "followers",
        ty = "Answer<Vec<Follower>>",
        desc = "Who follows it beside its owner, at most 10, oldest follow first."
    ),
    field(
        name = "activity",
        ty = "Answer<Connection<Activity>>",
        desc = "Its history, newest first.",
        arg(
            name = "first",
            ty = "Option<i64>",
            desc = "At most so many, from the start of the list: 0 to 200, 50 when neither `first` nor `last` is given."
        ),
        arg(
            name = "after",
            ty = "Option<String>",
            desc = "Only what comes after this cursor of the same list and order. Goes with `first`."
        ),
        arg(
            name = "last",
            ty = "Option<i64>",
            desc = "At most so many, from the end of the list: 0 to 200. Not together with `first`."
        ),
        arg(
            name = "before",
            ty = "Option<String>",
            desc = "Only what comes before this cursor of the same list and order. Goes with `last`."
        )
    ),
    field(name = "viewer_access", ty = "ViewerAccess", desc = "What the viewer may do to it, and why not."),
    field(
        name = "is_muted",
        ty = "bool",
        desc = "Whether the viewer, as its owner or follower, wants no notices about it."
    ),
    field(
        name = "version",
        ty = "i64",
        desc = "Raised by every change of the record itself, not by its followers: give it as `expectedVersion`."
    ),
    field(name = "created_at", ty = "DateTime", desc = "When it was made."),
    field(name = "updated_at", ty = "DateTime", desc = "When the record itself last changed.")
)]
pub enum AnyRecord {
    /// A contact.
    Contact(Contact),
    /// An opportunity.
    Opportunity(Opportunity),
}

/// A record, told to the schema as a node: the engine has no way to say that an interface implements another.
#[derive(Clone, Debug)]
pub struct Record(AnyRecord);

impl<T: Into<AnyRecord>> From<T> for Record {
    fn from(record: T) -> Self {
        Self(record.into())
    }
}

impl OutputType for Record {
    fn type_name() -> Cow<'static, str> {
        AnyRecord::type_name()
    }

    fn introspection_type_name(&self) -> Cow<'static, str> {
        self.0.introspection_type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        let name = AnyRecord::create_type_info(registry);
        registry.add_implements(&AnyRecord::type_name(), &Node::type_name());
        name
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        self.0.resolve(ctx, field).await
    }
}

/// The queries for whatever has a global id.
#[derive(Debug, Default)]
pub struct NodeQuery;

/// The queries for whatever has a global id.
#[Object]
impl NodeQuery {
    /// Whatever has this global id. Null when there is no such thing, when the viewer may not see it, and when the text
    /// is no id at all: the three answer alike.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A global id of any type, as another answer gave it.")] id: ID,
    ) -> Answer<Node> {
        Answer::of(async { Ok(nodes(ctx.viewpoint(), &[id]).await?.pop().flatten()) }).await
    }

    /// Whatever has these global ids, in their order, with null in the place of what the viewer may not see. Costs one
    /// statement for each type among them.
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Global ids of any types, at most 200.")] ids: Vec<ID>,
    ) -> Answer<Vec<Option<Node>>> {
        Answer::of(nodes(ctx.viewpoint(), &ids)).await
    }
}

async fn nodes(viewpoint: &Arc<Viewpoint>, ids: &[ID]) -> Result<Vec<Option<Node>>, Failure> {
    if ids.len() > MAX_PAGE_SIZE {
        return Err(Failure::bad_input(format!("`ids` takes at most {MAX_PAGE_SIZE} ids")));
    }
    let mut found: HashMap<String, Node> = HashMap::new();
    macro_rules! find {
        ($($kind:ident),*) => {$(
            let wanted: Vec<_> = ids
                .iter()
                .filter_map(|id| match AnyId::parse(id) {
                    Some(AnyId::$kind(id)) => Some(id),
                    _ => None,
                })
                .collect();
            if !wanted.is_empty() {
                let all = $kind::all(viewpoint, &wanted).await?;
                found.extend(all.into_iter().map(|(id, node)| (id.to_string(), node.into())));
            }
        )*};
    }
    find!(
        Account,
        User,
        Contact,
        Opportunity,
        Appointment,
        Note,
        Task,
        Calendar,
        CalendarGroup,
        BlockedSlot,
        Pipeline,
        Stage,
        Activity,
        LostReason,
        SavedView,
        Job,
        Notification
    );
    Ok(ids.iter().map(|id| found.get(id.as_str()).cloned()).collect())
}
