//! How many statements are sent: constant for a page whatever its size, and the same for what is hidden as for what is
//! not there (A7).

use entity::{ContactId, OpportunityId, UserId};
use retinue::domain::access::{Access, ContactFilter, List, OpportunityFilter};
use retinue::domain::page::Window;
use rstest::rstest;

use crate::databases::Kind::{self, Postgres, Sqlite};
use crate::world::{Acts as _, AnyRecord as _, LAST_CHANGED, World};

#[rstest]
#[tokio::test]
async fn a_page_with_its_people_and_deals_costs_the_same_at_any_size(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::separate_on(on).await else { return };
    let viewer = world.user("Viewer").restricted().create().await;
    let crowd = world.crowd(12).await;
    for number in 0..50 {
        let (one, other) = (&crowd[number % 12], &crowd[(number + 1) % 12]);
        let contact = world.contact().owned_by(one).followed_by(&viewer).followed_by(other).create().await;
        for _ in 0..number % 7 {
            world.opportunity(&contact).owned_by(other).followed_by(&viewer).create().await;
        }
    }
    let access = viewer.access().await;
    let mut counted = Vec::new();
    for size in [1, 10, 50] {
        let (shown, statements) = world.sent_by(a_page(&access, size)).await;
        assert_eq!(shown, size);
        counted.push(statements.len());
    }
    assert_eq!(counted, [8, 8, 8]);
}

/// What a screen of contacts shows: owner, followers, five opportunities each with theirs, to whom each may be given,
/// and the number of opportunities.
async fn a_page(access: &Access, size: usize) -> usize {
    let list = List { filter: ContactFilter::default(), sort: LAST_CHANGED };
    let page = access.page::<policy::Contact>(&list, &Window::first(size)).await.expect("a page");
    let contacts: Vec<ContactId> = page.items.iter().map(|(_, seen)| seen.row.id).collect();
    let followers = access.followers::<policy::Contact>(&contacts).await.expect("followers");
    let list = List { filter: OpportunityFilter::default(), sort: LAST_CHANGED };
    let deals = access.opportunities_of(&contacts, &list, &Window::first(5)).await.expect("opportunities");
    let deals: Vec<_> = deals.values().flat_map(|page| &page.items).map(|(_, seen)| seen).collect();
    let ids: Vec<OpportunityId> = deals.iter().map(|seen| seen.row.id).collect();
    let of_deals = access.followers::<policy::Opportunity>(&ids).await.expect("followers");
    let counts = access.count_opportunities_of(&contacts, &list.filter).await.expect("counts");
    assert_eq!(counts.len(), size);
    let stages: Vec<_> = deals.iter().map(|seen| seen.row.stage_id).collect();
    access.find_stages(&stages).await.expect("stages");
    access.owner_changes::<policy::Opportunity>(&deals).await.expect("owner changes");
    let owners = page.items.iter().filter_map(|(_, seen)| seen.row.owner_id);
    let owners = owners.chain(deals.iter().filter_map(|seen| seen.row.owner_id));
    let follow = followers.values().chain(of_deals.values()).flatten().map(|member| member.user_id);
    let people: Vec<UserId> = owners.chain(follow).collect();
    access.users(&people).await.expect("users");
    access.contact_parts().emails(&contacts).await.expect("e-mails");
    contacts.len()
}

// A7
#[rstest]
#[tokio::test]
async fn a_hidden_record_costs_what_a_missing_one_costs(#[values(Sqlite, Postgres)] on: Kind) {
    let Some(world) = World::on(on).await else { return };
    let [owner, friend] = world.users(["Owner", "Friend"]).await;
    let stranger = world.user("Stranger").restricted().create().await;
    let hidden = world.contact().owned_by(&owner).create().await;
    let hidden_deal = world.opportunity(&hidden).owned_by(&owner).create().await;
    let missing = world.contact_with(world.base.ids.next());
    let missing_deal = world.opportunity_with(world.base.ids.next());

    let access = stranger.access().await;
    let found = world.sent_by(access.find::<policy::Contact>(&[hidden.id])).await.1;
    assert_eq!(found, {
        let mut same = world.sent_by(access.find::<policy::Contact>(&[missing.id])).await.1;
        same.iter_mut().zip(&found).for_each(|(same, found)| same.values.clone_from(&found.values));
        same
    });
    for (one, other) in [
        (
            world.sent_by(stranger.renames(&hidden, "X")).await,
            world.sent_by(stranger.renames(&missing, "X")).await,
        ),
        (
            world.sent_by(stranger.renames(&hidden_deal, "X")).await,
            world.sent_by(stranger.renames(&missing_deal, "X")).await,
        ),
    ] {
        assert_alike(one, other);
    }
    let gives = (
        world.sent_by(stranger.gives(&hidden, &friend)).await,
        world.sent_by(stranger.gives(&missing, &friend)).await,
    );
    assert_alike(gives.0, gives.1);
    let adds = (
        world.sent_by(stranger.adds([&friend], &hidden_deal)).await,
        world.sent_by(stranger.adds([&friend], &missing_deal)).await,
    );
    assert_alike(adds.0, adds.1);
    let makes = (
        world.sent_by(stranger.makes_opportunity(world.opportunity_wish(hidden.id))).await,
        world.sent_by(stranger.makes_opportunity(world.opportunity_wish(missing.id))).await,
    );
    assert_alike(makes.0, makes.1);
    assert_eq!(hidden.activity().await, ["contact.created"]);
}

type Sent<T> = (retinue::domain::error::Result<T>, Vec<sea_orm::Statement>);

/// The same statements, and the same words.
fn assert_alike<T: std::fmt::Debug>(one: Sent<T>, other: Sent<T>) {
    let texts = |sent: &[sea_orm::Statement]| -> Vec<String> {
        sent.iter().map(|statement| statement.sql.clone()).collect()
    };
    assert_eq!(texts(&one.1), texts(&other.1));
    let (one, other) = (one.0.expect_err("hidden"), other.0.expect_err("missing"));
    assert_eq!(format!("{one:?}"), format!("{other:?}"));
}
