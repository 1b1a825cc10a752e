//! Who may do what. Rules are lines of a table; the decision on one record, the filter of a list, the explanation, the
//! flags of `viewerAccess` and the documentation all come from them. Nothing else decides.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

mod account;
mod action;
mod actor;
mod appointment;
mod calendar;
mod catalogue;
mod contact;
mod decision;
mod duplicate_flag;
mod facts;
mod filter;
mod lost_reason;
mod matrix;
mod note;
mod opportunity;
mod permission;
mod pipeline;
mod resource;
mod rule;
mod saved_view;
mod task;
mod user;

pub use account::Account;
pub use action::Action;
pub use actor::Actor;
pub use appointment::Appointment;
pub use calendar::{BlockedSlot, Calendar, CalendarGroup};
pub use catalogue::{Field, MONETARY_VALUE, USER_DETAILS, all_rules, fields, rules_table};
pub use contact::Contact;
pub use decision::{Decision, OwnerChange, Reason, decide, owner_change};
pub use duplicate_flag::DuplicateFlag;
pub use facts::{Facts, Link, Owner, Relation, Tie, Ties, Wish};
pub use filter::{Scope, TiedScope, Way, filter, is_related, scope, tied_filter, tied_scope};
pub use lost_reason::LostReason;
pub use matrix::matrix;
pub use note::{ContactNote, OpportunityNote};
pub use opportunity::Opportunity;
pub use permission::{Permission, Permissions};
pub use pipeline::Pipeline;
pub use resource::{Record, RecordColumns, Resource, Tied, TiedColumns};
pub use rule::{Condition, Effect, Rule};
pub use saved_view::{ContactView, OpportunityView};
pub use task::{ContactTask, OpportunityTask};
pub use user::User;
