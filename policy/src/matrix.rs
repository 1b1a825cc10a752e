//! Who may do what, as a text that reviewers read: every kind of person against every act on every resource. A change
//! of a rule shows here as a change of lines.

use std::fmt::Write as _;

use entity::{AccountId, UserId};

use crate::Action::{
    AlignOwners, Book, Bulk, ChangeCalendar, ChangeOwner, Complete, Create, Delete, Edit, Manage,
    ManageFollowers, ManageJobs, Overbook, PreviewSettings, RemoveFollowers, Restore, SaveSettings, Unfollow,
    Unshare, View,
};
use crate::Permission::{
    ChangeOwners, DeleteContacts, DeleteOpportunities, EditContacts, EditOpportunities, ManageAppointments,
    ManageCalendars, ManagePipelines, ManageSettings, ManageUsers, ViewCalendars, ViewContacts,
    ViewLeadValue, ViewOpportunities,
};
use crate::{
    Account, Action, Actor, Appointment, BlockedSlot, Calendar, CalendarGroup, Contact, ContactNote,
    ContactTask, ContactView, Decision, DuplicateFlag, Facts, Link, LostReason, Opportunity, OpportunityNote,
    OpportunityTask, OpportunityView, Owner, OwnerChange, Permission, Permissions, Pipeline, Reason, Record,
    Relation, Resource, Ties, User, Wish, decide, fields, owner_change,
};

/// The acts on a record, in the order of the columns.
const ON_RECORDS: [Action; 8] =
    [View, Edit, ManageFollowers, RemoveFollowers, Unfollow, Delete, Restore, ChangeOwner];

/// The acts on an appointment, in the order of the columns.
const ON_APPOINTMENTS: [Action; 6] = [View, Edit, Delete, Restore, ChangeCalendar, Overbook];

/// The whole matrix.
#[must_use]
pub fn matrix() -> String {
    let mut text = String::from(
        "Who may do what. `-` is not found, `no` is forbidden (in brackets the permission that would do, or what\n\
         stands in the way). A change of owner is open to `anyone` or only to `oneself` as the new owner.\n\
         \"inherits\" means that whoever caused the follow could edit the record then.\n",
    );
    let contact = people(ViewContacts, EditContacts, DeleteContacts);
    let opportunity = people(ViewOpportunities, EditOpportunities, DeleteOpportunities);
    on_record::<Contact>(&mut text, &contact);
    on_record::<Opportunity>(&mut text, &opportunity);
    on_note::<ContactNote>(&mut text, ViewContacts, EditContacts, Facts::on_contact);
    on_note::<OpportunityNote>(&mut text, ViewOpportunities, EditOpportunities, Facts::on_opportunity);
    on_task::<ContactTask>(&mut text, ViewContacts, EditContacts, Facts::on_contact);
    on_task::<OpportunityTask>(&mut text, ViewOpportunities, EditOpportunities, Facts::on_opportunity);
    linked_contact(&mut text, &contact);
    linked_opportunity(&mut text, &opportunity);
    on_calendar(&mut text);
    on_blocked_slot(&mut text);
    on_appointment(&mut text);
    without_records(&mut text);
    on_view::<ContactView>(&mut text, ViewContacts);
    on_view::<OpportunityView>(&mut text, ViewOpportunities);
    text
}

/// Somebody, and how they and its owner stand to a record.
struct Person {
    name: &'static str,
    actor: Actor,
    facts: Facts,
}

impl Person {
    fn new(name: &'static str) -> Self {
        let actor = Actor {
            account: AccountId(uuid(1)),
            user: Some(UserId(uuid(2))),
            admin: false,
            permissions: Permissions::of_a_new_user(),
            restricted: false,
        };
        let owner = Owner::Assigned { active: true, permissions: Permissions::of_a_new_user() };
        Self { name, actor, facts: Facts { owner, ..Facts::none() } }
    }

    fn admin(mut self) -> Self {
        (self.actor.admin, self.actor.permissions) = (true, Permissions::ALL);
        self
    }

    fn restricted(mut self) -> Self {
        self.actor.restricted = true;
        self
    }

    fn with(mut self, permission: Permission) -> Self {
        self.actor.permissions = self.actor.permissions.with(permission);
        self
    }

    fn without(mut self, permission: Permission) -> Self {
        self.actor.permissions = self.actor.permissions.without(permission);
        self
    }

    fn owns(mut self) -> Self {
        self.facts.relation = Some(Relation::Owner);
        self.facts.owner = Owner::Assigned { active: true, permissions: self.actor.permissions };
        self
    }

    fn follows(mut self) -> Self {
        self.facts.relation = Some(Relation::Follower);
        self
    }

    fn inherits(mut self) -> Self {
        self.facts.follow_inherits = true;
        self.follows()
    }

    fn under(mut self, owner: Owner) -> Self {
        self.facts.owner = owner;
        self
    }
}

/// Every kind of person to whom the rules of a record say something of its own.
fn people(view: Permission, edit: Permission, delete: Permission) -> Vec<Person> {
    let holds_nothing = Owner::Assigned { active: true, permissions: Permissions::NONE };
    let holds_everything = Owner::Assigned { active: true, permissions: Permissions::ALL };
    let has_left = Owner::Assigned { active: false, permissions: Permissions::NONE };
    let all = |name| Permission::ALL.iter().fold(Person::new(name), |person, held| person.with(*held));
    let command_line =
        Person { actor: Actor::command_line(AccountId(uuid(1))), ..Person::new("the command line") };
    vec![
        command_line,
        Person::new("admin").admin(),
        Person::new("admin who follows").admin().follows(),
        Person::new("admin, record unassigned").admin().under(Owner::Unassigned),
        Person::new("owner").owns(),
        Person::new("owner, restricted").restricted().owns(),
        Person::new("owner without EDIT").without(edit).owns(),
        Person::new("owner without EDIT, holds CHANGE_OWNERS").without(edit).with(ChangeOwners).owns(),
        Person::new("owner without VIEW").without(view).owns(),
        Person::new("follower").follows(),
        Person::new("follower, restricted").restricted().follows(),
        Person::new("follower, holds CHANGE_OWNERS").with(ChangeOwners).follows(),
        Person::new("follower, record unassigned").follows().under(Owner::Unassigned),
        Person::new("follower without EDIT, inherits").without(edit).inherits(),
        Person::new("follower without EDIT, restricted, inherits").restricted().without(edit).inherits(),
        Person::new("follower without EDIT, does not inherit").without(edit).follows(),
        Person::new("follower without EDIT, inherits, owner lacks EDIT")
            .without(edit)
            .inherits()
            .under(holds_nothing),
        Person::new("follower without EDIT, inherits, owner has left")
            .without(edit)
            .inherits()
            .under(has_left),
        Person::new("follower without EDIT, inherits, record unassigned")
            .without(edit)
            .inherits()
            .under(Owner::Unassigned),
        Person::new("follower without VIEW, inherits").without(view).inherits(),
        Person::new("stranger"),
        Person::new("stranger, restricted").restricted(),
        Person::new("stranger without EDIT").without(edit),
        Person::new("stranger, owner has left").under(has_left),
        Person::new("stranger, record unassigned").under(Owner::Unassigned),
        Person::new("stranger, restricted, record unassigned").restricted().under(Owner::Unassigned),
        Person::new("stranger without EDIT, record unassigned").without(edit).under(Owner::Unassigned),
        Person::new("stranger, holds CHANGE_OWNERS").with(ChangeOwners),
        Person::new("stranger, restricted, holds CHANGE_OWNERS").restricted().with(ChangeOwners),
        Person::new("stranger without EDIT, holds CHANGE_OWNERS").without(edit).with(ChangeOwners),
        Person::new("owner, holds DELETE").with(delete).owns(),
        Person::new("follower, restricted, holds DELETE").restricted().with(delete).follows(),
        Person::new("follower without EDIT, inherits, under an owner who holds DELETE")
            .without(edit)
            .inherits()
            .under(holds_everything),
        Person::new("stranger, holds DELETE").with(delete),
        Person::new("stranger, restricted, holds DELETE").restricted().with(delete),
        Person::new("stranger without EDIT, holds DELETE").without(edit).with(delete),
        all("holder of everything but VIEW").without(view),
    ]
}

fn on_record<R: Record>(text: &mut String, people: &[Person]) {
    let rows = people.iter().map(|person| {
        let cells = ON_RECORDS.iter().map(|action| on_one::<R>(&person.actor, *action, &person.facts));
        (person.name, cells.collect())
    });
    let columns: Vec<&str> = ON_RECORDS.iter().map(|action| action.name()).collect();
    table(text, R::NAME, &columns, rows.collect());
}

/// O3, seen from the contact.
fn linked_contact(text: &mut String, people: &[Person]) {
    let rows = people.iter().map(|person| {
        let cells = [false, true].map(|follows_reached| {
            let link = Some(Link { contact: None, follows_reached });
            on_one::<Contact>(&person.actor, ChangeOwner, &Facts { link, ..person.facts.clone() })
        });
        (person.name, cells.to_vec())
    });
    let columns = ["follows none of its opportunities", "follows one that is reached"];
    table(text, "change_owner of a contact whose opportunities are linked", &columns, rows.collect());
}

/// O3, seen from an opportunity: the columns say how the same person stands to its contact.
fn linked_opportunity(text: &mut String, people: &[Person]) {
    let contact = Person::new("").facts;
    let owned = Facts { relation: Some(Relation::Owner), ..contact.clone() };
    let contacts = [
        (owned.clone(), false),
        (owned, true),
        (Facts { relation: Some(Relation::Follower), ..contact.clone() }, false),
        (contact.clone(), false),
        (Facts { owner: Owner::Unassigned, ..contact }, false),
    ];
    let rows = people.iter().map(|person| {
        let cells = contacts.iter().map(|(contact, follows_reached)| {
            let link = Link { contact: Some(Box::new(contact.clone())), follows_reached: *follows_reached };
            on_one::<Opportunity>(
                &person.actor,
                ChangeOwner,
                &Facts { link: Some(link), ..person.facts.clone() },
            )
        });
        (person.name, cells.collect())
    });
    let columns = [
        "owns the contact",
        "and follows a reached one",
        "follows the contact",
        "stranger to the contact",
        "contact unassigned",
    ];
    table(text, "change_owner of an opportunity whose contact is linked", &columns, rows.collect());
}

/// Calendars and their groups: whoever is a member, and whoever is not (C1, C5, C9).
fn on_calendar(text: &mut String) {
    let member = Ties { member: true, ..Ties::NONE };
    let of = |person: Person, ties: Ties| Person { facts: Facts::tied(ties), ..person };
    let restricted = |name| Person::new(name).restricted();
    let command_line =
        Person { actor: Actor::command_line(AccountId(uuid(1))), ..Person::new("the command line") };
    let people = [
        of(command_line, Ties::NONE),
        of(Person::new("admin").admin(), Ties::NONE),
        of(Person::new("anybody"), Ties::NONE),
        of(Person::new("anybody, holds MANAGE_CALENDARS").with(ManageCalendars), Ties::NONE),
        of(Person::new("anybody without MANAGE_APPOINTMENTS").without(ManageAppointments), Ties::NONE),
        of(
            Person::new("anybody without MANAGE_APPOINTMENTS, holds MANAGE_CALENDARS")
                .without(ManageAppointments)
                .with(ManageCalendars),
            Ties::NONE,
        ),
        of(
            Person::new("member without VIEW_CALENDARS, holds MANAGE_CALENDARS")
                .without(ViewCalendars)
                .with(ManageCalendars),
            member,
        ),
        of(restricted("stranger, restricted"), Ties::NONE),
        of(restricted("stranger, restricted, holds MANAGE_CALENDARS").with(ManageCalendars), Ties::NONE),
        of(restricted("member, restricted"), member),
        of(restricted("member, restricted, without MANAGE_APPOINTMENTS").without(ManageAppointments), member),
        of(restricted("member, restricted, holds MANAGE_CALENDARS").with(ManageCalendars), member),
    ];
    let rows = people.iter().map(|person| {
        let (actor, facts) = (&person.actor, &person.facts);
        let mut cells: Vec<String> = [View, Book, Overbook, Edit, Delete]
            .map(|action| on_tied::<Calendar>(actor, action, facts))
            .into_iter()
            .collect();
        cells.push(said(&decide::<Calendar>(actor, Create, &Facts::none())));
        cells.extend([View, Manage].map(|action| on_tied::<CalendarGroup>(actor, action, facts)));
        (person.name, cells)
    });
    let columns = ["view", "book", "overbook", "edit", "delete", "create", "view groups", "manage groups"];
    table(text, "calendar and calendar_group", &columns, rows.collect());
}

/// Blocked slots: of oneself, of another person, of a calendar (C7).
fn on_blocked_slot(text: &mut String) {
    let all = |name| {
        [
            Person::new(name),
            Person::new("… and holds MANAGE_CALENDARS").with(ManageCalendars),
            Person::new("… without MANAGE_APPOINTMENTS").without(ManageAppointments),
            Person::new("… without VIEW_CALENDARS").without(ViewCalendars).with(ManageCalendars),
        ]
    };
    let restricted = all("restricted").map(Person::restricted);
    let people = all("anybody").into_iter().chain(restricted).chain([Person::new("admin").admin()]);
    let ties =
        [Ties { assignee: true, ..Ties::NONE }, Ties::NONE, Ties { member: true, ..Ties::NONE }, Ties::NONE];
    let rows = people.map(|person| {
        let cells = ties.iter().flat_map(|ties| {
            let facts = Facts::tied(*ties);
            [View, Delete].map(|action| on_tied::<BlockedSlot>(&person.actor, action, &facts))
        });
        (person.name, cells.collect())
    });
    let columns = [
        "view own",
        "block own",
        "view another's",
        "block another's",
        "view of a calendar as member",
        "block it",
        "view of another calendar",
        "block that",
    ];
    table(text, BlockedSlot::NAME, &columns, rows.collect());
}

/// Notes of others and one's own, by how somebody stands to the record (R5).
fn on_note<R: Resource>(
    text: &mut String,
    view: Permission,
    edit: Permission,
    on: impl Fn(Ties, Facts) -> Facts,
) {
    let ties = [Ties::NONE, Ties { author: true, ..Ties::NONE }];
    let people = people_of_a_record(view, edit);
    let rows = people.iter().map(|person| {
        let cells = ties.iter().flat_map(|ties| {
            let facts = on(*ties, person.facts.clone());
            [View, Edit, Delete].map(|action| on_tied::<R>(&person.actor, action, &facts))
        });
        let cells: Vec<String> = cells.collect();
        let create = on_tied::<R>(&person.actor, Create, &on(Ties::NONE, person.facts.clone()));
        (person.name, [create].into_iter().chain(cells).collect())
    });
    let columns =
        ["create", "view another's", "edit it", "delete it", "view one's own", "edit one's own", "delete it"];
    table(text, R::NAME, &columns, rows.collect());
}

/// Tasks that are somebody else's to do, and one's own, by how somebody stands to the record (R5, A8).
fn on_task<R: Resource>(
    text: &mut String,
    view: Permission,
    edit: Permission,
    on: impl Fn(Ties, Facts) -> Facts,
) {
    let ties = [Ties::NONE, Ties { assignee: true, ..Ties::NONE }];
    let people = people_of_a_record(view, edit);
    let rows = people.iter().map(|person| {
        let cells = ties.iter().flat_map(|ties| {
            let facts = on(*ties, person.facts.clone());
            [View, Edit, Delete, Complete].map(|action| on_tied::<R>(&person.actor, action, &facts))
        });
        let cells: Vec<String> = cells.collect();
        let create = on_tied::<R>(&person.actor, Create, &on(Ties::NONE, person.facts.clone()));
        (person.name, [create].into_iter().chain(cells).collect())
    });
    let columns = [
        "create",
        "view another's",
        "edit it",
        "delete it",
        "complete it",
        "view one's own",
        "edit it",
        "delete it",
        "complete it",
    ];
    table(text, R::NAME, &columns, rows.collect());
}

/// Every kind of person to whom what hangs on a record says something of its own.
fn people_of_a_record(view: Permission, edit: Permission) -> Vec<Person> {
    let command_line =
        Person { actor: Actor::command_line(AccountId(uuid(1))), ..Person::new("the command line") };
    vec![
        command_line,
        Person::new("admin").admin(),
        Person::new("anybody"),
        Person::new("anybody without EDIT").without(edit),
        Person::new("anybody without VIEW").without(view),
        Person::new("owner, restricted").restricted().owns(),
        Person::new("owner without EDIT").without(edit).owns(),
        Person::new("owner without VIEW").without(view).owns(),
        Person::new("follower, restricted").restricted().follows(),
        Person::new("follower without EDIT").without(edit).follows(),
        Person::new("follower without EDIT, inherits").without(edit).inherits(),
        Person::new("follower without EDIT, inherits, record unassigned")
            .without(edit)
            .inherits()
            .under(Owner::Unassigned),
        Person::new("stranger, restricted").restricted(),
    ]
}

fn on_tied<R: Resource>(actor: &Actor, action: Action, facts: &Facts) -> String {
    if decide::<R>(actor, View, facts).is_granted() {
        said(&decide::<R>(actor, action, facts))
    } else {
        "-".to_owned()
    }
}

/// C3, C4, C7: how somebody is tied to an appointment and its calendar, and how they stand to its contact.
fn on_appointment(text: &mut String) {
    let assignee = Ties { assignee: true, ..Ties::NONE };
    let attendee = Ties { attendee: true, ..Ties::NONE };
    let member = Ties { member: true, ..Ties::NONE };
    let member_and_attendee = Ties { attendee: true, ..member };
    let member_and_assignee = Ties { assignee: true, ..member };
    // What is said of a person and a record, they are here to the contact.
    let of = |person: Person, ties: Ties| Person { facts: Facts::appointment(ties, person.facts), ..person };
    let restricted = |name| Person::new(name).restricted();
    let command_line =
        Person { actor: Actor::command_line(AccountId(uuid(1))), ..Person::new("the command line") };
    let people = [
        of(command_line, Ties::NONE),
        of(Person::new("admin").admin(), Ties::NONE),
        of(Person::new("anybody"), Ties::NONE),
        of(Person::new("anybody without MANAGE_APPOINTMENTS").without(ManageAppointments), Ties::NONE),
        of(Person::new("anybody, holds MANAGE_CALENDARS").with(ManageCalendars), Ties::NONE),
        of(
            Person::new("anybody without MANAGE_APPOINTMENTS, holds MANAGE_CALENDARS")
                .without(ManageAppointments)
                .with(ManageCalendars),
            Ties::NONE,
        ),
        of(Person::new("anybody without VIEW_CALENDARS").without(ViewCalendars), Ties::NONE),
        of(Person::new("anybody without VIEW_CONTACTS").without(ViewContacts), Ties::NONE),
        of(
            Person::new("assignee who owns the contact, without VIEW_CALENDARS")
                .without(ViewCalendars)
                .owns(),
            assignee,
        ),
        of(restricted("stranger, restricted"), Ties::NONE),
        of(restricted("member of the calendar, restricted"), member),
        of(restricted("assignee, restricted"), assignee),
        of(restricted("assignee, restricted, holds MANAGE_CALENDARS").with(ManageCalendars), assignee),
        of(
            restricted("assignee, restricted, without MANAGE_APPOINTMENTS").without(ManageAppointments),
            assignee,
        ),
        of(restricted("assignee and member, restricted"), member_and_assignee),
        of(
            restricted("assignee and member, restricted, holds MANAGE_CALENDARS").with(ManageCalendars),
            member_and_assignee,
        ),
        of(restricted("attendee, restricted"), attendee),
        of(restricted("attendee and member, restricted"), member_and_attendee),
        of(restricted("owner of the contact, restricted").owns(), Ties::NONE),
        of(restricted("follower of the contact, restricted").follows(), Ties::NONE),
        of(
            restricted("follower of the contact, restricted, without VIEW_CONTACTS")
                .without(ViewContacts)
                .follows(),
            Ties::NONE,
        ),
        of(
            restricted("attendee and follower of the contact, restricted, without VIEW_CONTACTS")
                .without(ViewContacts)
                .follows(),
            attendee,
        ),
        of(restricted("follower of the contact and member, restricted").follows(), member),
        of(
            restricted("follower of the contact and member, restricted, without MANAGE_APPOINTMENTS")
                .without(ManageAppointments)
                .follows(),
            member,
        ),
        of(
            restricted("follower of the contact and member, restricted, holds MANAGE_CALENDARS")
                .with(ManageCalendars)
                .follows(),
            member,
        ),
    ];
    let rows = people.iter().map(|person| {
        let (actor, facts) = (&person.actor, &person.facts);
        let cell = |action: &Action| {
            // Whoever may not bring a deleted one back is told that there is none (R4).
            let shown = if *action == Restore { Restore } else { View };
            match decide::<Appointment>(actor, shown, facts).is_granted() {
                true => said(&decide::<Appointment>(actor, *action, facts)),
                false => "-".to_owned(),
            }
        };
        (person.name, ON_APPOINTMENTS.iter().map(cell).collect())
    });
    let columns: Vec<&str> = ON_APPOINTMENTS.iter().map(|action| action.name()).collect();
    table(text, Appointment::NAME, &columns, rows.collect());
}

/// What needs no record: making one, settings, pipelines, colleagues, and fields with a need of their own.
fn without_records(text: &mut String) {
    let nothing = || {
        let person = Person::new("holds nothing");
        Person { actor: Actor { permissions: Permissions::NONE, ..person.actor }, ..person }
    };
    let named = |name, person: Person| Person { name, ..person };
    let people = [
        Person::new("admin").admin(),
        Person::new("new user"),
        Person::new("new user, restricted").restricted(),
        Person::new("new user without VIEW_CONTACTS").without(ViewContacts),
        Person::new("new user without EDIT_CONTACTS").without(EditContacts),
        Person::new("new user without VIEW_OPPORTUNITIES").without(ViewOpportunities),
        Person::new("new user without EDIT_OPPORTUNITIES").without(EditOpportunities),
        Person::new("new user without VIEW_LEAD_VALUE").without(ViewLeadValue),
        named("holds MANAGE_SETTINGS alone", nothing().with(ManageSettings)),
        named("holds MANAGE_SETTINGS alone, restricted", nothing().with(ManageSettings).restricted()),
        named("holds MANAGE_SETTINGS and CHANGE_OWNERS", nothing().with(ManageSettings).with(ChangeOwners)),
        named(
            "holds MANAGE_SETTINGS and CHANGE_OWNERS, restricted",
            nothing().with(ManageSettings).with(ChangeOwners).restricted(),
        ),
        named("holds MANAGE_PIPELINES alone", nothing().with(ManagePipelines)),
        named("holds MANAGE_PIPELINES alone, restricted", nothing().with(ManagePipelines).restricted()),
        named("holds MANAGE_USERS alone", nothing().with(ManageUsers)),
        nothing(),
    ];
    let rows = people.iter().map(|person| {
        let (actor, none) = (&person.actor, Facts::none());
        let mut cells = vec![
            said(&decide::<Contact>(actor, Create, &none)),
            said(&decide::<Opportunity>(actor, Create, &none)),
            said(&decide::<Pipeline>(actor, View, &none)),
            said(&decide::<Pipeline>(actor, Manage, &none)),
            said(&decide::<LostReason>(actor, View, &none)),
            said(&decide::<LostReason>(actor, Manage, &none)),
            said(&decide::<ContactView>(actor, Create, &none)),
            said(&decide::<OpportunityView>(actor, Create, &none)),
            said(&decide::<DuplicateFlag>(actor, View, &none)),
            said(&decide::<DuplicateFlag>(actor, Manage, &none)),
            said(&decide::<User>(actor, View, &none)),
            said(&decide::<Account>(actor, View, &none)),
            said(&decide::<Account>(actor, SaveSettings, &none)),
            said(&decide::<Account>(actor, PreviewSettings, &none)),
            said(&decide::<Account>(actor, AlignOwners, &none)),
            said(&decide::<Account>(actor, Bulk, &none)),
            said(&decide::<Account>(actor, ManageJobs, &none)),
        ];
        cells.extend(fields().iter().map(|field| if actor.holds(field.needs) { "yes" } else { "no" }.into()));
        (person.name, cells)
    });
    let mut columns = vec![
        "create contact",
        "create opportunity",
        "view pipelines",
        "manage pipelines",
        "view lost reasons",
        "manage lost reasons",
        "save view of contacts",
        "save view of opportunities",
        "view duplicate flags",
        "dismiss duplicate flags",
        "view colleagues",
        "view settings",
        "save settings",
        "preview settings",
        "align owners",
        "act in bulk",
        "manage jobs",
    ];
    columns.extend(fields().iter().map(|field| field.name));
    table(text, "without a record", &columns, rows.collect());
}

/// Saved views: whose they are, and whether they are shared.
fn on_view<R: Resource>(text: &mut String, module: Permission) {
    let of = |person: Person, relation: Option<Relation>| Person {
        facts: Facts { relation, ..Facts::none() },
        ..person
    };
    let (own, shared) = (Some(Relation::Owner), Some(Relation::Reader));
    let people = [
        of(Person::new("its owner"), own),
        of(Person::new("its owner, restricted").restricted(), own),
        of(Person::new("its owner without the module's VIEW").without(module), own),
        of(Person::new("an admin, shared").admin(), shared),
        of(Person::new("an admin, another's private one").admin(), None),
        of(Person::new("anybody, shared"), shared),
        of(Person::new("anybody restricted, shared").restricted(), shared),
        of(Person::new("anybody without the module's VIEW, shared").without(module), shared),
        of(Person::new("anybody, another's private one"), None),
    ];
    let rows = people.iter().map(|person| {
        let seen = decide::<R>(&person.actor, View, &person.facts).is_granted();
        let cell = |action| match seen {
            true => said(&decide::<R>(&person.actor, action, &person.facts)),
            false => "-".to_owned(),
        };
        (person.name, vec![cell(View), cell(Edit), cell(Unshare)])
    });
    table(text, R::NAME, &["view", "edit or delete", "make private"], rows.collect());
}

fn on_one<R: Record>(actor: &Actor, action: Action, facts: &Facts) -> String {
    // Whoever may not bring a deleted record back is told that there is none (R4).
    let shown = if action == Restore { Restore } else { View };
    if !decide::<R>(actor, shown, facts).is_granted() {
        return "-".to_owned();
    }
    if action != ChangeOwner {
        return said(&decide::<R>(actor, action, facts));
    }
    match owner_change::<R>(actor, &facts.wishing(Wish::Another)) {
        OwnerChange::Anyone => "anyone".to_owned(),
        OwnerChange::OnlyOneself => "oneself".to_owned(),
        OwnerChange::No(reason) => refused(reason),
    }
}

fn said(decision: &Decision) -> String {
    decision.reason().map_or_else(|| "yes".to_owned(), refused)
}

fn refused(reason: Reason) -> String {
    match reason {
        Reason::MissingPermission(permission) => format!("no ({permission})"),
        Reason::NotEntitled => "no".to_owned(),
        Reason::Follower => "no (follower)".to_owned(),
        Reason::OnlyOneself => "no (only oneself)".to_owned(),
        Reason::LinkedContact => "no (contact)".to_owned(),
        Reason::FollowsReached => "no (follows reached)".to_owned(),
    }
}

fn table(text: &mut String, title: &str, columns: &[&str], rows: Vec<(&str, Vec<String>)>) {
    let heading: Vec<String> = columns.iter().map(|column| (*column).to_owned()).collect();
    let lines: Vec<(&str, Vec<String>)> = [("", heading)].into_iter().chain(rows).collect();
    let first = lines.iter().map(|(name, _)| name.len()).max().unwrap_or_default();
    let widths: Vec<usize> = (0..columns.len())
        .map(|column| lines.iter().map(|(_, cells)| cells[column].len()).max().unwrap_or_default())
        .collect();
    let _ = writeln!(text, "\n## {title}\n");
    for (name, cells) in &lines {
        let mut line = format!("{name:first$}");
        for (cell, width) in cells.iter().zip(&widths) {
            let _ = write!(line, "  {cell:width$}");
        }
        let _ = writeln!(text, "{}", line.trim_end());
    }
}

/// People and accounts of the matrix differ by a number.
const fn uuid(number: u128) -> sea_orm::prelude::Uuid {
    sea_orm::prelude::Uuid::from_u128(number)
}
