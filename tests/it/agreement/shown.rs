//! What `Access` shows, against the specification: single records, lists in every order, pages, counts, filters by
//! people, children, and to whom a record may be given.

use std::collections::BTreeSet;

use policy::{OwnerChange, Wish};
use retinue::domain::access::{
    Access, ContactFilter, Filter, List, OpportunityFilter, PersonFilter, Seen, Sort, SortKey,
};
use retinue::domain::page::{Key, Window};
use retinue::domain::record::{RecordRef, RecordRow, RecordTable};
use uuid::Uuid;

use super::ASKED;
use super::generate::Generated;
use super::loaded::Loaded;
use super::oracle::{Somebody, Thing};
use crate::chance::Chance;
use crate::world::listed;

/// A record whose lists can be filtered by people.
trait Listed: RecordTable + Sized {
    type List: Filter<Self> + Clone + Default;
    fn by_people(owner: Option<PersonFilter>, followers: Option<PersonFilter>) -> Self::List;
    fn id(record: RecordRef) -> Option<Self::Id>;
    fn row(loaded: &Loaded, record: RecordRef) -> &Self::Row;
    /// What its lists can be sorted by beside what all records can.
    const OWN_KEYS: &[SortKey];
    fn own_key(row: &Self::Row, key: SortKey) -> Key;
}

impl Listed for policy::Contact {
    type List = ContactFilter;
    fn by_people(owner: Option<PersonFilter>, followers: Option<PersonFilter>) -> ContactFilter {
        ContactFilter { owner, followers, ..Default::default() }
    }
    fn id(record: RecordRef) -> Option<Self::Id> {
        if let RecordRef::Contact(id) = record { Some(id) } else { None }
    }
    fn row(loaded: &Loaded, record: RecordRef) -> &Self::Row {
        loaded.contacts.iter().find(|row| RecordRef::from(row.id) == record).expect("a known contact")
    }
    const OWN_KEYS: &[SortKey] = &[SortKey::LastActivity];
    fn own_key(row: &Self::Row, _: SortKey) -> Key {
        Key::Number(row.last_activity_at.0)
    }
}

impl Listed for policy::Opportunity {
    type List = OpportunityFilter;
    fn by_people(owner: Option<PersonFilter>, followers: Option<PersonFilter>) -> OpportunityFilter {
        OpportunityFilter { owner, followers, ..Default::default() }
    }
    fn id(record: RecordRef) -> Option<Self::Id> {
        if let RecordRef::Opportunity(id) = record { Some(id) } else { None }
    }
    fn row(loaded: &Loaded, record: RecordRef) -> &Self::Row {
        loaded.opportunities.iter().find(|row| RecordRef::from(row.id) == record).expect("a known deal")
    }
    const OWN_KEYS: &[SortKey] =
        &[SortKey::LastActivity, SortKey::Value, SortKey::StageChanged, SortKey::StatusChanged];
    fn own_key(row: &Self::Row, key: SortKey) -> Key {
        Key::Number(match key {
            SortKey::Value => row.value_minor.unwrap_or(-1),
            SortKey::StageChanged => row.stage_changed_at.0,
            SortKey::StatusChanged => row.status_changed_at.0,
            _ => row.last_activity_at.0,
        })
    }
}

/// What all records can be sorted by.
const KEYS: [SortKey; 3] = [SortKey::Updated, SortKey::Created, SortKey::Name];

/// Compares everything that is shown to one person.
pub async fn agrees(
    generated: &Generated,
    loaded: &Loaded,
    somebody: &Somebody,
    access: &Access,
    chance: &mut Chance,
) {
    shows::<policy::Contact>(generated, loaded, somebody, access, chance).await;
    shows::<policy::Opportunity>(generated, loaded, somebody, access, chance).await;
    shows_children(generated, somebody, access).await;
}

/// Nothing of another account is there.
pub async fn hides_the_neighbours(neighbours: &Generated, access: &Access) {
    let records: Vec<RecordRef> = neighbours.facts.things.iter().map(|thing| thing.record).collect();
    let contacts: Vec<_> = records.iter().filter_map(|record| policy::Contact::id(*record)).collect();
    let deals: Vec<_> = records.iter().filter_map(|record| policy::Opportunity::id(*record)).collect();
    assert!(access.find::<policy::Contact>(&contacts).await.expect("found").is_empty());
    assert!(access.find::<policy::Opportunity>(&deals).await.expect("found").is_empty());
    let users: Vec<_> = neighbours.people.iter().map(|person| person.id).collect();
    assert!(access.users(&users).await.expect("users").is_empty());
    assert!(access.followers::<policy::Contact>(&contacts).await.expect("followers").is_empty());
}

async fn shows<R: Listed>(
    generated: &Generated,
    loaded: &Loaded,
    somebody: &Somebody,
    access: &Access,
    chance: &mut Chance,
) {
    let facts = &generated.facts;
    let things: Vec<&Thing> = facts.things.iter().filter(|thing| R::id(thing.record).is_some()).collect();
    let visible: Vec<&Thing> =
        things.iter().copied().filter(|thing| facts.may_view(somebody, thing)).collect();
    let ids: Vec<R::Id> = things.iter().filter_map(|thing| R::id(thing.record)).collect();

    let seen = access.find::<R>(&ids).await.expect("found");
    assert_eq!(set(&visible), seen.values().map(uuid_of).collect(), "find for {somebody:?}");
    shows_viewer_access::<R>(generated, somebody, access, &seen.values().collect::<Vec<_>>()).await;
    shows_followers::<R>(&visible, access).await;

    for key in KEYS.iter().chain(R::OWN_KEYS).copied() {
        for descending in [false, true] {
            let list = List { filter: R::List::default(), sort: Sort { key, descending } };
            let mut expected: Vec<(Key, Uuid)> =
                visible.iter().map(|thing| place::<R>(R::row(loaded, thing.record), key)).collect();
            expected.sort_by(compare);
            if descending {
                expected.reverse();
            }
            let expected: Vec<Uuid> = expected.into_iter().map(|(_, id)| id).collect();
            let shown: Vec<Uuid> = listed::<R>(access, &list).await.iter().map(uuid_of).collect();
            assert_eq!(shown, expected, "{:?} for {somebody:?}", list.sort);
            if chance.one_in(3) {
                let size = 1 + chance.below(3);
                assert_eq!(walked::<R>(access, &list, size, false).await, expected, "forward by {size}");
                assert_eq!(walked::<R>(access, &list, size, true).await, expected, "backward by {size}");
            }
        }
    }
    shows_filtered::<R>(generated, &visible, somebody, access, chance).await;
}

/// A10
async fn shows_viewer_access<R: Listed>(
    generated: &Generated,
    somebody: &Somebody,
    access: &Access,
    seen: &[&Seen<R>],
) {
    let facts = &generated.facts;
    let changes = access.owner_changes::<R>(seen).await.expect("owner changes");
    for seen in seen {
        let thing = facts.thing(seen.row.id().into());
        let to = |wish| facts.may_change_owner(somebody, thing, wish);
        let change = changes[&seen.row.id()];
        let expected = match (to(Wish::Another), to(Wish::Oneself)) {
            (true, _) => to(Wish::Nobody) && change == OwnerChange::Anyone,
            (false, true) if somebody.user.is_some() => change == OwnerChange::OnlyOneself,
            _ => matches!(change, OwnerChange::No(_)),
        };
        assert!(expected, "{change:?} for {somebody:?} of {thing:?} in {facts:?}");
        for (action, wish) in ASKED.into_iter().filter(|(action, _)| *action != policy::Action::ChangeOwner) {
            let decision = access.decide::<R>(seen, action);
            let expected = facts.may(somebody, thing, action, wish);
            assert_eq!(decision.is_granted(), expected, "{action} by {somebody:?} of {thing:?}");
        }
    }
}

// F7: ended follows are not listed.
async fn shows_followers<R: Listed>(visible: &[&Thing], access: &Access) {
    let ids: Vec<R::Id> = visible.iter().filter_map(|thing| R::id(thing.record)).collect();
    let shown = access.followers::<R>(&ids).await.expect("followers");
    for thing in visible {
        let id = R::id(thing.record).expect("of this kind");
        let shown: BTreeSet<_> = shown.get(&id).into_iter().flatten().map(|member| member.user_id).collect();
        let living = thing.follows.iter().filter(|follow| !follow.ended).map(|follow| follow.user);
        assert_eq!(shown, living.collect(), "followers of {thing:?}");
    }
}

async fn shows_filtered<R: Listed>(
    generated: &Generated,
    visible: &[&Thing],
    somebody: &Somebody,
    access: &Access,
    chance: &mut Chance,
) {
    let person = chance.of(&generated.people).id;
    let several = vec![person, chance.of(&generated.people).id];
    for filter in [
        PersonFilter::In(several),
        PersonFilter::In(Vec::new()),
        PersonFilter::Is(person),
        PersonFilter::IsNot(person),
        PersonFilter::Any,
        PersonFilter::Nobody,
        PersonFilter::Me,
    ] {
        let owned = |thing: &&&Thing| match &filter {
            PersonFilter::Is(user) => thing.owner == Some(*user),
            PersonFilter::IsNot(user) => thing.owner != Some(*user),
            PersonFilter::In(users) => thing.owner.is_some_and(|owner| users.contains(&owner)),
            PersonFilter::Any => thing.owner.is_some(),
            PersonFilter::Nobody => thing.owner.is_none(),
            PersonFilter::Me => thing.is_owned_by(somebody),
        };
        let followed = |thing: &&&Thing| {
            let mut living = thing.follows.iter().filter(|follow| !follow.ended).map(|follow| follow.user);
            match &filter {
                PersonFilter::Is(user) => living.any(|follower| follower == *user),
                PersonFilter::IsNot(user) => living.all(|follower| follower != *user),
                PersonFilter::In(users) => living.any(|follower| users.contains(&follower)),
                PersonFilter::Any => living.next().is_some(),
                PersonFilter::Nobody => living.next().is_none(),
                PersonFilter::Me => living.any(|follower| Some(follower) == somebody.user),
            }
        };
        let key = *chance.of(&KEYS);
        let sort = Sort { key, descending: chance.one_in(2) };
        let by_owner = R::by_people(Some(filter.clone()), None);
        let by_follower = R::by_people(None, Some(filter.clone()));
        let owned: Vec<&Thing> = visible.iter().filter(owned).copied().collect();
        let followed: Vec<&Thing> = visible.iter().filter(followed).copied().collect();
        for (filter, expected) in [(by_owner, owned), (by_follower, followed)] {
            let count = access.count::<R>(&filter).await.expect("a count");
            assert_eq!((count.value, count.is_exact), (expected.len() as u64, true));
            let shown = listed::<R>(access, &List { filter, sort }).await;
            assert_eq!(shown.iter().map(uuid_of).collect::<BTreeSet<_>>(), set(&expected), "{somebody:?}");
            assert_eq!(shown.len(), expected.len(), "a filter never multiplies rows");
        }
    }
}

/// A8: access to a contact gives none to its opportunities, nor the reverse.
async fn shows_children(generated: &Generated, somebody: &Somebody, access: &Access) {
    let facts = &generated.facts;
    let visible = facts.things.iter().filter(|thing| facts.may_view(somebody, thing));
    let contacts: Vec<_> = visible.clone().filter_map(|thing| policy::Contact::id(thing.record)).collect();
    let sort = Sort { key: SortKey::Name, descending: false };
    let list = List { filter: OpportunityFilter::default(), sort };
    let families = access.opportunities_of(&contacts, &list, &Window::first(100)).await.expect("families");
    let counts = access.count_opportunities_of(&contacts, &list.filter).await.expect("counts");
    for contact in contacts {
        let children = visible.clone().filter(|thing| {
            thing.contact == contact.into() && policy::Opportunity::id(thing.record).is_some()
        });
        let expected = set(&children.collect::<Vec<_>>());
        let shown = &families[&contact].items;
        assert_eq!(shown.iter().map(|(_, seen)| uuid_of(seen)).collect::<BTreeSet<_>>(), expected);
        assert_eq!((shown.len(), counts[&contact]), (expected.len(), expected.len() as u64));
    }
    for thing in &facts.things {
        let RecordRef::Contact(contact) = thing.record else { continue };
        let filter = OpportunityFilter { contact: Some(contact), ..Default::default() };
        let children = visible.clone().filter(|other| {
            facts.may_view(somebody, thing) && other.contact == thing.record && other.record != thing.record
        });
        let count = access.count::<policy::Opportunity>(&filter).await.expect("a count");
        assert_eq!(count.value, children.count() as u64, "of a contact that may be hidden");
    }
}

/// A list read in small windows, one after the other.
async fn walked<R: Listed>(access: &Access, list: &List<R::List>, size: usize, backward: bool) -> Vec<Uuid> {
    let mut window = Window { size, backward, from: None };
    let mut all: Vec<Uuid> = Vec::new();
    loop {
        let page = access.page::<R>(list, &window).await.expect("a page");
        let ids: Vec<Uuid> = page.items.iter().map(|(_, seen)| uuid_of(seen)).collect();
        let (more, edge) = if backward {
            (page.has_previous, page.items.first())
        } else {
            (page.has_next, page.items.last())
        };
        let edge = edge.map(|(position, _)| position.clone());
        if backward {
            all.splice(0..0, ids);
        } else {
            all.extend(ids);
        }
        if !more {
            return all;
        }
        window.from = Some(edge.expect("a page before another one has an edge"));
    }
}

fn place<R: Listed>(row: &R::Row, key: SortKey) -> (Key, Uuid) {
    let record: RecordRef = row.id().into();
    let key = match key {
        SortKey::Updated => Key::Number(row.updated_at().0),
        SortKey::Created => Key::Number(row.created_at().0),
        SortKey::Name => Key::Text(row.name_key().to_owned()),
        own => R::own_key(row, own),
    };
    (key, record.uuid())
}

fn compare(one: &(Key, Uuid), other: &(Key, Uuid)) -> std::cmp::Ordering {
    let keys = match (&one.0, &other.0) {
        (Key::Number(one), Key::Number(other)) => one.cmp(other),
        (Key::Text(one), Key::Text(other)) => one.as_bytes().cmp(other.as_bytes()),
        _ => unreachable!("one list has one kind of key"),
    };
    keys.then(one.1.as_bytes().cmp(other.1.as_bytes()))
}

fn set(things: &[&Thing]) -> BTreeSet<Uuid> {
    things.iter().map(|thing| thing.record.uuid()).collect()
}

fn uuid_of<R: RecordTable>(seen: &Seen<R>) -> Uuid {
    let record: RecordRef = seen.row.id().into();
    record.uuid()
}
