//! Many records get followers and lose them (A4, F1, F3, F5, F11).

use entity::member::Cause;
use policy::Permission::EditContacts;
use retinue::domain::error::RefusalKind;
use retinue::domain::ownership::Whom;
use rstest::rstest;

use super::{adds, takes_off, told};
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, AnyRecord as _, Setting, World};

// F1: the limit of ten is each record's own, and a batch that does not fit is refused whole for that record.
#[rstest]
#[tokio::test]
async fn the_limit_of_ten_is_each_records_own(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let crowd = world.crowd(12).await;
    let ada = world.user("Ada").create().await;
    let full = world.contact().owned_by(&ada).create().await;
    world.command_line().adds(&crowd[..9], &full).await.expect("nine");
    let empty = world.contact().owned_by(&ada).create().await;
    let owned = world.contact().owned_by(&crowd[10]).create().await;
    let followed = world.contact().followed_by(&crowd[10]).followed_by(&crowd[11]).create().await;

    let records = [full.record(), empty.record(), owned.record(), followed.record()];
    let done = told(adds(&ada, &records, &[&crowd[10], &crowd[11]]).await);
    let refused = format!("{:?}", RefusalKind::FollowerLimitReached { limit: 10, current: 9 });
    assert_eq!(done, [&refused, "done", "done", "unchanged"]);
    assert_eq!(full.followers().await.len(), 9);
    assert_eq!(empty.followers().await, [crowd[10].id, crowd[11].id]);
    assert_eq!(owned.followers().await, [crowd[11].id]);
}

// A4, A2, A7
#[rstest]
#[tokio::test]
async fn it_needs_the_right_to_edit_each(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let owner = world.user("Owner").create().await;
    let friend = world.user("Friend").create().await;
    let reader = world.user("Reader").restricted().lacking([EditContacts]).create().await;
    let inherited = world.contact().owned_by(&owner).followed_by(&reader).create().await;
    let bare = world.contact().owned_by(&owner).followed_without_inheriting_by(&reader).create().await;
    let hidden = world.contact().owned_by(&owner).create().await;
    let records = [inherited.record(), bare.record(), hidden.record()];
    let denied = "denied Some(EditContacts)";
    assert_eq!(told(adds(&reader, &records, &[&friend]).await), ["done", denied, "not found"]);

    // Taking others off needs one's own EDIT; oneself goes where one sees.
    let whom = Whom::People(vec![friend.id]);
    assert_eq!(told(takes_off(&reader, &records, whom).await), [denied, denied, "not found"]);
    let oneself = Whom::People(vec![reader.id]);
    assert_eq!(told(takes_off(&reader, &records, oneself).await), ["done", "done", "not found"]);
    assert_eq!(inherited.followers().await, [friend.id]);
}

// F5, F7: said once, for the whole call.
#[rstest]
#[tokio::test]
async fn people_who_are_none_refuse_the_call(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let gone = world.user("Gone").create().await;
    gone.leaves().await;
    let contact = world.contact().create().await;
    let refused = world.refused(adds(&ada, &[contact.record()], &[&ada, &gone])).await;
    assert_eq!(refused.kind, RefusalKind::NotFound);
    assert_eq!(refused.field, ["input", "userIds", "1"]);
}

// F3, F11
#[rstest]
#[tokio::test]
async fn followers_go_by_name_by_cause_and_all_of_them(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    world.turn_on([Setting::OpportunityOwnerFollowsContact]).await;
    let [ada, bob, cleo] = world.users(["Ada", "Bob", "Cleo"]).await;
    let one = world.contact().followed_by(&ada).create().await;
    world.opportunity(&one).owned_by(&bob).create().await;
    let other = world.contact().followed_by(&cleo).create().await;
    let records = [one.record(), other.record()];
    assert_eq!(one.followers().await, [ada.id, bob.id]);
    let by_setting = Whom::Causes(vec![Cause::OpportunityOwnerFollowsContact]);
    assert_eq!(told(takes_off(&ada, &records, by_setting).await), ["done", "unchanged"]);
    assert_eq!(one.followers().await, [ada.id]);
    assert_eq!(
        told(takes_off(&ada, &records, Whom::People(vec![cleo.id, bob.id])).await),
        ["unchanged", "done"]
    );
    assert_eq!(told(takes_off(&ada, &records, Whom::Everybody).await), ["done", "unchanged"]);
    assert_eq!((one.version().await, other.version().await), (1, 1));
}
