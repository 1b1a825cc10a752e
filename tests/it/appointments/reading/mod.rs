//! Lists of appointments: whatever is asked of them, each viewer is answered as a plain evaluation over what they may see
//! would (G3, A7, A8, C3, C9).

mod chosen;
mod facts;
mod plain;

use entity::{AppointmentId, TypedId};
use policy::Permission::{ViewCalendars, ViewContacts};
use retinue::domain::access::{
    Access, AppointmentFilter, AppointmentList, AppointmentSort, AppointmentSortKey, Count, Family,
    SeenAppointment,
};
use retinue::domain::page::{Page, Window};
use rstest::rstest;

use crate::chance::Chance;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, World};

use chosen::Chosen;
use facts::Facts;
use plain::Eyes;

/// How many filters each viewer asks.
const FILTERS: usize = 60;

const SORTS: [AppointmentSortKey; 3] =
    [AppointmentSortKey::Starts, AppointmentSortKey::Created, AppointmentSortKey::Updated];

// C3, C9, G3, A7, A8, P3
#[rstest]
#[tokio::test]
async fn a_list_answers_as_a_plain_evaluation_over_what_the_viewer_sees(
    #[values(Sqlite, Postgres)] on: Kind,
) {
    let mut chance = Chance::new();
    let Some(world) = World::separate_on(on).await else { return };
    let una = world.user("Una").create().await;
    let rita = world.user("Rita").restricted().create().await;
    let nell = world.user("Nell").lacking([ViewContacts]).create().await;
    let rolf = world.user("Rolf").restricted().lacking([ViewContacts]).create().await;
    let vic = world.user("Vic").lacking([ViewCalendars]).create().await;
    let viewers = [una, rita, nell, rolf, vic];
    let facts = Facts::generate(&world, &viewers, &mut chance).await;

    let (mut some, mut hidden) = (0, 0);
    for viewer in &viewers {
        let access = viewer.access().await;
        let eyes = Eyes::of(&facts, &access);
        hidden += facts.all.len() - eyes.all().count();
        for place in 0..FILTERS {
            let filter = Chosen { facts: &facts, chance: &mut chance }.filter(3);
            let sort = AppointmentSort { key: *chance.of(&SORTS), descending: chance.one_in(2) };
            let list = AppointmentList { filter, sort };
            some += pages_agree(&access, &eyes, &list, &viewer.name).await;
            if place % 6 == 0 {
                children_agree(&access, &eyes, &list, &viewer.name).await;
            }
        }
    }
    assert!(some > FILTERS, "filters let something pass: {some}");
    assert!(hidden > 40, "something was hidden: {hidden}");
}

/// Every page of a list, forward and backward, and its count.
async fn pages_agree(access: &Access, eyes: &Eyes<'_>, list: &AppointmentList, who: &str) -> usize {
    let expected = eyes.ordered(list, |_| true);
    for (backward, size) in [(false, 100), (false, 7), (true, 7)] {
        let mut found: Vec<AppointmentId> = Vec::new();
        let mut window = Window { size, backward, from: None };
        loop {
            let page = access.appointments(list, &window).await.expect("a page");
            let more = if backward { page.has_previous } else { page.has_next };
            let last = if backward { page.items.first() } else { page.items.last() };
            window.from = last.map(|(position, _)| position.clone());
            let ids = page.items.iter().map(|(_, seen)| seen.row.id);
            if backward {
                found = ids.chain(found).collect();
            } else {
                found.extend(ids);
            }
            if !more {
                break;
            }
        }
        assert_eq!(found, expected, "{who}: {list:?}");
    }
    let count = access.count_appointments(&list.filter).await.expect("a count");
    assert_eq!(count, Count { value: expected.len() as u64, is_exact: true }, "{who}: {list:?}");
    expected.len()
}

/// The first and the last ones of contacts, calendars and people, and their counts.
async fn children_agree(access: &Access, eyes: &Eyes<'_>, list: &AppointmentList, who: &str) {
    let facts = eyes.facts;
    let contacts: Vec<_> = facts
        .contacts
        .iter()
        .filter(|contact| eyes.sees_contact(contact))
        .map(|contact| contact.id)
        .collect();
    let calendars: Vec<_> = facts
        .calendars
        .iter()
        .filter(|calendar| eyes.has_access_to(calendar))
        .map(|calendar| calendar.id)
        .collect();
    for window in [Window::first(2), Window { size: 3, backward: true, from: None }] {
        let found = access.appointments_of_contacts(&contacts, list, &window).await.expect("pages");
        for contact in &contacts {
            let expected = eyes.ordered(list, |its| its.row.contact_id == *contact);
            same_page(&found, contact, &expected, &window, who);
        }
        let found = access.appointments_of_calendars(&calendars, list, &window).await.expect("pages");
        for calendar in &calendars {
            let expected = eyes.ordered(list, |its| its.row.calendar_id == *calendar);
            same_page(&found, calendar, &expected, &window, who);
        }
        let found = access.appointments_of_people(&facts.people, list, &window).await.expect("pages");
        for person in &facts.people {
            let expected = eyes.ordered(list, |its| its.is_of(*person));
            same_page(&found, person, &expected, &window, who);
        }
    }
    let filter: &AppointmentFilter = &list.filter;
    let found = access.count_appointments_of_contacts(&contacts, filter).await.expect("counts");
    for contact in &contacts {
        let expected = eyes.ordered(list, |its| its.row.contact_id == *contact);
        assert_eq!(found[contact], expected.len() as u64, "{who}: {list:?}");
    }
    let found = access.count_appointments_of_calendars(&calendars, filter).await.expect("counts");
    for calendar in &calendars {
        let expected = eyes.ordered(list, |its| its.row.calendar_id == *calendar);
        assert_eq!(found[calendar], expected.len() as u64, "{who}: {list:?}");
    }
    let found = access.count_appointments_of_people(&facts.people, filter).await.expect("counts");
    for person in &facts.people {
        let expected = eyes.ordered(list, |its| its.is_of(*person));
        assert_eq!(found[person], expected.len() as u64, "{who}: {list:?}");
    }
}

fn same_page<P: TypedId>(
    found: &Family<P, SeenAppointment>,
    parent: &P,
    expected: &[AppointmentId],
    window: &Window,
    who: &str,
) {
    let page: &Page<SeenAppointment> = &found[parent];
    let ids: Vec<AppointmentId> = page.items.iter().map(|(_, seen)| seen.row.id).collect();
    let taken = expected.len().min(window.size);
    let expected_ids = if window.backward { &expected[expected.len() - taken..] } else { &expected[..taken] };
    assert_eq!(ids, expected_ids, "{who}: {parent}");
    let more = if window.backward { page.has_previous } else { page.has_next };
    assert_eq!(more, expected.len() > window.size, "{who}: {parent}");
}
