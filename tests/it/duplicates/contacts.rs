//! Contacts by e-mail, then phone (R3, A7).

use entity::account::ContactDuplicates;
use entity::duplicate_flag::Kind as Same;
use retinue::domain::duplicates::{DismissFlag, dismiss};
use retinue::domain::error::RefusalKind;
use retinue::domain::page::Window;
use rstest::rstest;

use super::{reach, reached_by};
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, AnyRecord as _, World};

const PHONE: &str = "+4930901820";

// R3
#[rstest]
#[tokio::test]
async fn a_visible_one_is_named_as_the_account_looks_at_it(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let first = ada.makes_contact(reached_by("bea@example.com", Some(PHONE))).await.expect("made");
    let found = RefusalKind::DuplicateFound { record: first.record() };
    let same_email = || reached_by("BEA@Example.com", None);
    let same_phone = || reached_by("", Some("030 901820"));
    ada.makes_contact(same_email()).await.expect("everything is allowed at first");

    world.tells_apart(ContactDuplicates::ByEmail, true).await;
    let refusal = world.refused(ada.makes_contact(same_email())).await;
    assert_eq!((refusal.kind, refusal.field), (found.clone(), vec!["input".into(), "emails".into()]));
    ada.makes_contact(same_phone()).await.expect("nobody looks at numbers");

    world.tells_apart(ContactDuplicates::ByPhone, true).await;
    let refusal = world.refused(ada.makes_contact(same_phone())).await;
    assert_eq!((refusal.kind, refusal.field), (found.clone(), vec!["input".into(), "phones".into()]));
    ada.makes_contact(same_email()).await.expect("nobody looks at addresses");

    world.tells_apart(ContactDuplicates::ByEmailThenPhone, true).await;
    assert_eq!(world.refusal(ada.makes_contact(same_email())).await, found);
    assert_eq!(world.refusal(ada.makes_contact(same_phone())).await, found);
    let both = world.refused(ada.makes_contact(reached_by("bea@example.com", Some(PHONE)))).await;
    assert_eq!(both.field[1], "emails", "e-mail comes first");
    assert_eq!(world.refusal(world.command_line().makes_contact(same_email())).await, found);
    ada.makes_contact(reached_by("other@example.com", Some("+4930901821"))).await.expect("another");
    assert_eq!(world.flags().await, []);
}

// R3
#[rstest]
#[tokio::test]
async fn a_change_is_looked_at_for_what_is_new_in_it(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let first = ada.makes_contact(reached_by("bea@example.com", None)).await.expect("made");
    let twin = ada.makes_contact(reached_by("bea@example.com", None)).await.expect("allowed then");
    let other = ada.makes_contact(reached_by("other@example.com", None)).await.expect("made");
    world.tells_apart(ContactDuplicates::ByEmail, true).await;
    let found = RefusalKind::DuplicateFound { record: first.record() };
    assert_eq!(world.refusal(ada.updates_contact(&other, reach("BEA@example.com", None))).await, found);
    ada.renames(&twin, "Bea").await.expect("it was a duplicate before the rule");
    ada.updates_contact(&other, reach("OTHER@example.com", None)).await.expect("its own address");
    world.command_line().deletes(&first).await.expect("deleted");
    world.command_line().deletes(&twin).await.expect("deleted");
    ada.updates_contact(&other, reach("bea@example.com", None)).await.expect("nobody has it now");

    // R4: and it stands in the way of whoever comes back.
    let found = RefusalKind::DuplicateFound { record: other.record() };
    assert_eq!(world.refusal(world.command_line().restores(&first)).await, found);
    world.tells_apart(ContactDuplicates::Allow, true).await;
    world.command_line().restores(&first).await.expect("restored");
}

// R3, A7
#[rstest]
#[tokio::test]
async fn a_hidden_one_passes_at_the_same_cost_and_is_flagged(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    world.tells_apart(ContactDuplicates::ByEmailThenPhone, true).await;
    let (admin, ada) = (world.user("Admin").admin().create().await, world.user("Ada").create().await);
    let saga = world.user("Saga").restricted().create().await;
    let hidden = ada.makes_contact(reached_by("bea@example.com", Some(PHONE))).await.expect("made");
    let (mine, one) = world.sent_by(saga.makes_contact(reached_by("bea@example.com", Some(PHONE)))).await;
    let (_, other) =
        world.sent_by(saga.makes_contact(reached_by("cleo@example.com", Some("+4930901899")))).await;
    let mine = mine.expect("it passes");
    let texts = |sent: Vec<sea_orm::Statement>| sent.into_iter().map(|one| one.sql).collect::<Vec<_>>();
    assert_eq!(texts(one), texts(other), "A7");

    let flags = world.flags().await;
    let told: Vec<_> = flags.iter().map(|flag| (flag.kind, flag.contact_id, flag.other_contact_id)).collect();
    assert_eq!(told.len(), 2);
    for kind in [Same::Email, Same::Phone] {
        assert!(told.contains(&(kind, Some(mine.id), Some(hidden.id))), "{told:?}");
    }
    // Once is enough.
    saga.updates_contact(&mine, reach("x@example.com", None)).await.expect("changed");
    saga.updates_contact(&mine, reach("bea@example.com", None)).await.expect("and back");
    assert_eq!(world.flags().await, flags);

    let listed = async |person: &crate::world::Person| {
        person.access().await.duplicate_flags(&Window::first(9)).await.expect("a page").items.len()
    };
    assert_eq!((listed(&admin).await, listed(&ada).await, listed(&saga).await), (2, 0, 0));
    let wish = DismissFlag { flag: flags[0].id };
    let denied = world.refusal(async { dismiss(&ada.access().await, &wish).await }).await;
    assert!(matches!(denied, RefusalKind::PermissionDenied { .. }));
    let nothing = DismissFlag { flag: world.base.ids.next() };
    let refused = world.refusal(async { dismiss(&admin.access().await, &nothing).await }).await;
    assert_eq!(refused, RefusalKind::NotFound);
    dismiss(&admin.access().await, &wish).await.expect("dismissed");
    world.unmoved(async { dismiss(&admin.access().await, &wish).await }).await;
    assert_eq!(listed(&admin).await, 1);
    world.command_line().deletes(&hidden).await.expect("deleted");
    assert_eq!(listed(&admin).await, 0, "one of the two is not there");
}
