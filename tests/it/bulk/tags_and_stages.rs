//! Many contacts get tags and lose them; many opportunities move (R1, R5, R6, A2).

use entity::contact_tag;
use policy::Permission::{EditContacts, EditOpportunities};
use retinue::domain::access::{ContactFilter, OpportunityFilter};
use retinue::domain::bulk::{self, BulkDone, BulkMoveStage, BulkTag, Choice};
use retinue::domain::error::{RefusalKind, Result};
use retinue::domain::record::RecordRef;
use rstest::rstest;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::told;
use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts, AnyRecord as _, Contact, World};

async fn tags(who: &impl Acts, records: &[RecordRef], add: &[&str], remove: &[&str]) -> Result<BulkDone> {
    let choice: Choice<ContactFilter> = Choice::These(records.to_vec());
    let texts = |tags: &[&str]| tags.iter().map(|tag| (*tag).to_owned()).collect();
    bulk::tag(&who.access().await, &BulkTag { choice, add: texts(add), remove: texts(remove) }).await
}

async fn tags_of(contact: &Contact) -> Vec<String> {
    let rows = contact_tag::Entity::find()
        .filter(contact_tag::Column::ContactId.eq(contact.id))
        .order_by_asc(contact_tag::Column::TagKey)
        .all(&contact.world().sql)
        .await
        .expect("the tags are read");
    rows.into_iter().map(|row| row.tag).collect()
}

// R5, R6
#[rstest]
#[tokio::test]
async fn tags_come_and_go_without_regard_to_case(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let reader = world.user("Reader").lacking([EditContacts]).create().await;
    let plain = world.contact().create().await;
    let tagged = world.contact().tagged(["VIP", "cold", "new"]).create().await;
    let same = world.contact().tagged(["Hot", "vip"]).create().await;
    let kept = world.contact().tagged(["Warm"]).create().await;
    let records = [plain.record(), tagged.record(), same.record()];

    assert_eq!(
        told(tags(&ada, &records, &["vip", "Hot", "HOT"], &["Cold"]).await),
        ["done", "done", "unchanged"]
    );
    assert_eq!(tags_of(&plain).await, ["Hot", "vip"]);
    assert_eq!(tags_of(&tagged).await, ["Hot", "new", "VIP"]);
    assert_eq!(
        (tags_of(&same).await, tags_of(&kept).await),
        (vec!["Hot".to_owned(), "vip".into()], vec!["Warm".into()])
    );
    assert_eq!((plain.version().await, tagged.version().await, same.version().await), (2, 2, 1));
    assert_eq!(tagged.updated_at().await, world.now());
    assert_eq!(tagged.activity().await, ["contact.created", "contact.updated"]);
    assert_eq!(same.activity().await, ["contact.created"]);
    assert_eq!(told(tags(&reader, &records[..1], &["x"], &[]).await), ["denied Some(EditContacts)"]);
}

// R5: twenty at most, each contact for itself.
#[rstest]
#[tokio::test]
async fn a_contact_with_too_many_is_refused_alone(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let [full, empty] = [world.contact().create().await, world.contact().create().await];
    let many: Vec<String> = (0..19).map(|number| format!("tag {number}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(told(tags(&ada, &[full.record()], &many, &[]).await), ["done"]);
    let records = [full.record(), empty.record()];
    assert_eq!(told(tags(&ada, &records, &["a", "b"], &[]).await), ["InvalidInput", "done"]);
    assert_eq!((tags_of(&full).await.len(), full.version().await), (19, 2));
    assert_eq!(told(tags(&ada, &records, &["a", "b"], &["tag 0"]).await), ["done", "unchanged"]);
    for (add, remove) in [(&[][..], &[][..]), (&["x"][..], &["X"][..]), (&[" "][..], &[][..])] {
        let refused = world.refusal(tags(&ada, &records, add, remove)).await;
        assert_eq!(refused, RefusalKind::InvalidInput);
    }
}

async fn moves(
    who: &impl Acts,
    records: &[RecordRef],
    wish: BulkMoveStage<OpportunityFilter>,
) -> Result<BulkDone> {
    let choice = Choice::These(records.to_vec());
    bulk::move_stage(&who.access().await, &BulkMoveStage { choice, ..wish }).await
}

// R1, A2
#[rstest]
#[tokio::test]
async fn opportunities_move_together(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let ada = world.user("Ada").create().await;
    let reader = world.user("Reader").restricted().lacking([EditOpportunities]).create().await;
    let contact = world.contact().create().await;
    let [first, second] = [world.stages[0], world.stages[1]];
    let here = world.opportunity(&contact).in_stage(first).worth(5).create().await;
    let there = world.opportunity(&contact).in_stage(second).create().await;
    let seen = world.opportunity(&contact).followed_by(&reader).create().await;
    let access = world.command_line().access().await;
    let unit = access.begin().await.expect("a change");
    let (other, stages) =
        retinue::domain::pipeline::ensure(&unit, "Other", &["Only".into()]).await.expect("a pipeline");
    unit.commit().await.expect("a commit");

    let wish = |stage, pipeline| BulkMoveStage { choice: Choice::These(Vec::new()), stage, pipeline };
    let records = [here.record(), there.record(), seen.record()];
    let denied = "denied Some(EditOpportunities)";
    assert_eq!(told(moves(&reader, &records, wish(second, None)).await), ["not found", "not found", denied]);
    assert_eq!(told(moves(&ada, &records, wish(second, None)).await), ["done", "unchanged", "done"]);
    assert_eq!((here.version().await, there.version().await), (2, 1));
    // A stage of another pipeline must be meant.
    let only = stages[0].id;
    assert_eq!(told(moves(&ada, &records, wish(only, None)).await), ["InvalidInput"; 3]);
    assert_eq!(
        world.refusal(moves(&ada, &records, wish(second, Some(other.id)))).await,
        RefusalKind::InvalidInput
    );
    assert_eq!(
        world.refusal(moves(&ada, &records, wish(world.base.ids.next(), None))).await,
        RefusalKind::NotFound
    );
    assert_eq!(told(moves(&ada, &records, wish(only, Some(other.id))).await), ["done"; 3]);
    assert_eq!(here.row().await.stage_id, only);
    assert_eq!(here.row().await.pipeline_id, other.id);
    crate::invariants::assert_hold(&world, crate::invariants::Owners::MayDiffer).await;
}
