//! The roots of the graph, put together from the resources.

use async_graphql::registry::Registry;
use async_graphql::{
    ID, InputType, MergedObject, MergedSubscription, OutputType, Schema, SchemaBuilder, SubscriptionType,
};

use super::account::{AccountMutation, AccountQuery};
use super::appointment::{AppointmentMutation, AppointmentQuery, AppointmentSubscription};
use super::board::BoardQuery;
use super::bulk::{ContactBulkMutation, OpportunityBulkMutation};
use super::calendar::{CalendarMutation, CalendarQuery};
use super::contact::{ContactMutation, ContactQuery, ContactSubscription};
use super::deletion::{DeletionMutation, DeletionQuery};
use super::duplicates::{DuplicateMutation, DuplicateQuery};
use super::job::{JobMutation, JobQuery};
use super::lost_reason::{LostReasonMutation, LostReasonQuery};
use super::node::NodeQuery;
use super::note::NoteMutation;
use super::notification::{NotificationMutation, NotificationSubscription};
use super::opportunity::{OpportunityMutation, OpportunityQuery, OpportunitySubscription};
use super::pipeline::{PipelineMutation, PipelineQuery, PipelineSubscription};
use super::saved_view::{SavedViewMutation, SavedViewQuery};
use super::task::{TaskMutation, TaskQuery};
use super::user::UserQuery;

/// Everything that can be read. Each answer holds exactly what the viewer may see at this moment: what they may not see
/// answers as what is not there. Root fields are nullable, so that one that fails leaves the others standing.
#[derive(MergedObject, Debug, Default)]
pub struct Query(
    UserQuery,
    AccountQuery,
    NodeQuery,
    ContactQuery,
    OpportunityQuery,
    AppointmentQuery,
    CalendarQuery,
    TaskQuery,
    PipelineQuery,
    LostReasonQuery,
    SavedViewQuery,
    JobQuery,
    BoardQuery,
    DeletionQuery,
    DuplicateQuery,
);

/// Everything that can be changed. Each mutation takes one `input` and runs in one transaction. What the caller can mend
/// comes back in `userErrors`, and then nothing was changed; the record in the payload is read through the caller's eyes
/// after the change.
#[derive(MergedObject, Debug, Default)]
pub struct Mutation(
    ContactMutation,
    OpportunityMutation,
    AppointmentMutation,
    NoteMutation,
    TaskMutation,
    ContactBulkMutation,
    OpportunityBulkMutation,
    DeletionMutation,
    DuplicateMutation,
    PipelineMutation,
    LostReasonMutation,
    SavedViewMutation,
    CalendarMutation,
    AccountMutation,
    JobMutation,
    NotificationMutation,
);

/// Everything that one can listen to, over WebSocket or SSE. Each subscription has one root field. Every event is judged when
/// it is delivered: it carries what the subscriber may see at that moment, and nothing of what they may not.
#[derive(MergedSubscription, Debug, Default)]
pub struct Subscription(
    ContactSubscription,
    OpportunitySubscription,
    PipelineSubscription,
    AppointmentSubscription,
    NotificationSubscription,
);

/// The types of the schema, for coercing variables: the engine keeps its own registry to itself.
#[must_use]
pub fn types() -> Registry {
    let mut types = Registry::default();
    // Several Rust types are an `Int`, and the first one says what is one: not one without negative numbers.
    <i64 as InputType>::create_type_info(&mut types);
    Query::create_type_info(&mut types);
    Mutation::create_type_info(&mut types);
    Subscription::create_type_info(&mut types);
    types
}

/// The schema that the server serves.
pub type Graph = Schema<Query, Mutation, Subscription>;

/// How deep selections and fragments may nest for the engine: more than the guard lets through, so that the guard is the
/// one to refuse.
const NESTING: usize = 64;

/// The schema, before it is finished. The engine's own limits on depth, complexity and aliases stay off: they unfold
/// nested fragments, which the guard has counted without doing so.
#[must_use]
pub fn schema() -> SchemaBuilder<Query, Mutation, Subscription> {
    Schema::build(Query::default(), Mutation::default(), Subscription::default())
        .limit_recursive_depth(NESTING)
        .disable_suggestions()
        .override_input_type_description::<ID>(
            "Names one thing for good, such as `contact_01h2xcejqtf2nbrexx3vqjhp41`. Opaque: the part before the \
             underscore says the type, nothing else can be read from it.",
        )
}
