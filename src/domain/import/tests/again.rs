//! A file that is imported again (N1, R6).

use entity::opportunity::Status;

use super::world::{World, file};
use crate::domain::deletion::{self, Delete, Restore};
use crate::domain::error::{Error, Refusal};
use crate::domain::import::columns::Columns;
use crate::domain::import::{Options, rows::Rows, scan, take};

fn three() -> String {
    file(&[
        &[("assigned", "Ann Lee"), ("Followers", "Bob Ray"), ("tags", "vip"), ("Created on", "")],
        &[("assigned", "Ann Lee")],
        &[("assigned", "Ann Lee")],
    ])
}

#[tokio::test]
async fn a_second_run_changes_nothing_and_says_so() {
    let world = World::separate().await;
    let first = world.import_people(&three()).await;
    assert_eq!((first.counts(), first.summary.changed_nothing()), ([3, 3, 0, 0, 0], false));
    let (rows, history) = (world.opportunities().await, world.history().await);

    for batch_rows in [1, 2, 100] {
        let second = world.import_with(three(), &Options { batch_rows, ..Options::default() }).await.unwrap();
        assert_eq!((second.counts(), second.summary.changed_nothing()), ([3, 0, 3, 0, 0], true));
    }
    assert_eq!((world.opportunities().await, world.history().await), (rows, history));
    assert!(second_has_no_rejects(&world).await);
}

async fn second_has_no_rejects(world: &World) -> bool {
    world.import(&three()).await.rejects.is_empty()
}

#[tokio::test]
async fn a_changed_row_changes_its_opportunity() {
    let world = World::separate().await;
    let ann = world.user("Ann Lee").await;
    let key = [("assigned", "Ann Lee"), ("Opportunity name", "Deal")];
    let before = [("Lead Value", "10"), ("source", "fair"), ("Followers", "Bob Ray")];
    let after = [
        ("Lead Value", "20"),
        ("stage", "Lost"),
        ("status", "lost"),
        ("lost reason name", "price"),
        ("Followers", "Cy Fox"),
        ("tags", "vip"),
    ];
    let row = |cells: &[(&'static str, &'static str)]| -> String { file(&[&[&key[..], cells].concat()]) };
    world.import_people(&row(&before)).await;
    let changed = world.import_people(&row(&after)).await;
    assert_eq!((changed.counts(), changed.summary.changed_nothing()), ([1, 0, 0, 1, 0], false));

    let [opportunity] = world.opportunities().await.try_into().unwrap();
    assert_eq!((opportunity.value_minor, opportunity.status), (Some(2_000), Status::Lost));
    assert_eq!((opportunity.lost_reason.as_deref(), opportunity.source), (Some("price"), None));
    assert_eq!(opportunity.owner_id, Some(ann));
    assert_eq!(world.stages().await, ["New", "Lost"]);
    assert_eq!(world.tags().await, ["vip"]);
    // Followers are only added.
    assert_eq!(world.members().await.len(), 3);
    let history = world.history().await;
    assert_eq!((history["opportunity.updated"], history["opportunity.stage_moved"]), (1, 1));
    assert_eq!((history["opportunity.status_changed"], history["opportunity.follower_added"]), (1, 2));

    assert_eq!(world.import(&row(&after)).await.counts(), [1, 0, 1, 0, 0]);
}

#[tokio::test]
async fn what_the_import_does_not_read_is_no_change() {
    let world = World::separate().await;
    world.import(&file(&[&[("Engagement score", "0"), ("Created on", "2020-01-01")]])).await;
    let other = file(&[&[("Engagement score", "7"), ("Created on", "2020-01-01T00:00:00Z")]]);
    assert_eq!(world.import(&other).await.counts(), [1, 0, 1, 0, 0]);
}

// F1
#[tokio::test]
async fn an_update_beyond_ten_followers_is_refused_whole() {
    let world = World::separate().await;
    let names: Vec<String> = (1..=11).map(|number| format!("Follower {number}")).collect();
    world.import_people(&file(&[&[("Followers", &names[..10].join(","))]])).await;
    let row = file(&[&[("Followers", &names[10]), ("Lead Value", "5"), ("stage", "Other")]]);
    let refused = world.import_people(&row).await;
    assert_eq!(refused.counts(), [1, 0, 0, 0, 1]);
    assert_eq!(refused.rejected("column"), ["Followers"]);
    assert_eq!((world.users().await.len(), world.stages().await.len()), (10, 1));
    assert_eq!(world.opportunities().await[0].value_minor, None);
}

#[tokio::test]
async fn a_row_that_is_refused_late_leaves_nothing_behind() {
    let world = World::separate().await;
    let text = file(&[
        &[("Contact Name", "First"), ("assigned", "Ann Lee")],
        &[("Contact Name", "Second"), ("assigned", "Bob Ray"), ("stage", "Late")],
        &[("Contact Name", "Third"), ("assigned", "Ann Lee")],
    ]);
    let mut file = std::io::Cursor::new(text);
    let (plan, _) = scan::scan(&mut file, world.access.account(), &[]).unwrap();
    let mut rows = Rows::open(&mut file, world.access.account()).unwrap().take(10).unwrap();
    // Slips past the first checks, so that the act refuses it when its contact and its owner are made already.
    rows[1].deal.as_mut().unwrap().name = String::new();

    let taken = take::take(&world.access, &plan, true, &rows).await.unwrap();
    assert!(matches!(&taken.outcomes[1], take::Outcome::Rejected(refusals) if refusals.len() == 1));
    assert_eq!(taken.outcomes.iter().filter(|outcome| matches!(outcome, take::Outcome::Created)).count(), 2);
    let contacts: Vec<_> = world.contacts().await.into_iter().filter_map(|row| row.company).collect();
    assert_eq!(contacts, ["First", "Third"]);
    assert_eq!(world.users().await.len(), 1);
    assert_eq!(world.history().await["user.created"], 1);
}

#[tokio::test]
async fn what_was_committed_before_a_failure_stays_and_a_second_run_goes_on() {
    /// A rejects file on a full disk.
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("no space"))
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let world = World::separate().await;
    let rows = file(&[
        &[],
        &[("Opportunity name", "Two")],
        &[("Contact Name", "")],
        &[("Opportunity name", "Four")],
    ]);
    let options = Options { batch_rows: 1, ..Options::default() };
    let failed = crate::domain::import::opportunities(
        &world.access,
        std::io::Cursor::new(&rows),
        &options,
        &mut |_| {},
        &mut Full,
    )
    .await;
    let Err(Error::Refused(refusals)) = failed else { panic!("{failed:?}") };
    assert!(matches!(&refusals[..], [Refusal { message, .. }] if message.contains("no space")));
    assert_eq!(world.opportunities().await.len(), 2);

    assert_eq!(world.import_with(&rows, &options).await.unwrap().counts(), [4, 1, 2, 0, 1]);
}

#[test]
fn a_header_is_found_whatever_its_case_and_order() {
    let names =
        ["STATUS", " stage", "Pipeline ", "created  on", "assigned", "contact name", "opportunity Name"];
    assert!(Columns::of(&names.iter().collect(), false).is_ok());
}

// R4
#[tokio::test]
async fn what_was_deleted_does_not_come_back_with_the_next_run() {
    let world = World::separate().await;
    let rows = file(&[&[("Opportunity name", "Roof")], &[("Opportunity name", "Wall")]]);
    world.import(&rows).await;
    let roof = world.opportunities().await.into_iter().find(|row| row.name == "Roof").unwrap();
    let wish = Delete { record: roof.id.into(), expected_version: None };
    deletion::delete(&world.access, &wish).await.unwrap();

    let again = world.import(&rows).await;
    assert_eq!(again.counts(), [2, 0, 1, 0, 1]);
    assert!(again.rejects.contains("was deleted: restore it"), "{}", again.rejects);
    assert_eq!(world.opportunities().await.len(), 2);

    // Of a contact that is deleted nobody makes anything: a new row gets a new contact.
    let wish = Delete { record: roof.contact_id.into(), expected_version: None };
    deletion::delete(&world.access, &wish).await.unwrap();
    let other = world.import(&file(&[&[("Opportunity name", "Door")]])).await;
    assert_eq!((other.counts(), world.contacts().await.len()), ([1, 1, 0, 0, 0], 2));
    deletion::restore(&world.access, &Restore { record: roof.contact_id.into() }).await.unwrap();
    deletion::restore(&world.access, &Restore { record: roof.id.into() }).await.unwrap();
    assert_eq!(world.import(&rows).await.counts(), [2, 0, 2, 0, 0]);
}
