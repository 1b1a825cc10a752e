//! Which contacts callers ask for.

use async_graphql::InputObject;

use super::types::Channel;
use crate::domain::access::{ChannelFilter, ContactFilter, OpportunitiesFilter, TextFilter};
use crate::domain::contact::Channels;
use crate::domain::validate::Problems;
use crate::graphql::context::Viewpoint;
use crate::graphql::error::Failure;
use crate::graphql::lists::{Reading, TextFilterInput, TimeFilterInput, UserFilter, choices, plain};
use crate::graphql::opportunity::OpportunityFilterInput;

/// Which contacts a list holds. Everything that is given must hold; an empty filter lets everything pass. At most 8 levels
/// deep and 100 parts large.
#[derive(InputObject, Clone, Debug, Default)]
#[graphql(name = "ContactFilter")]
pub struct ContactFilterInput {
    /// All of these must hold as well. An empty list lets everything pass.
    and: Option<Vec<ContactFilterInput>>,
    /// At least one of these must hold. An empty list lets nothing pass.
    or: Option<Vec<ContactFilterInput>>,
    /// This must not hold.
    not: Option<Box<ContactFilterInput>>,
    /// Every word of it begins a word of the name, the company, an e-mail address or a phone number, without regard to
    /// case: `ada love`, `ada@exam`, `030 1234`. At most 10 words and 200 characters; without any, everything passes.
    search: Option<String>,
    /// By who owns them.
    owner: Option<UserFilter>,
    /// By who follows them.
    followers: Option<UserFilter>,
    /// Has at least one of these tags, without regard to case; at most 100.
    any_tag: Option<Vec<String>>,
    /// Has every one of these tags, without regard to case; at most 100.
    all_tags: Option<Vec<String>>,
    /// True for any tag at all, false for none.
    has_tags: Option<bool>,
    /// By the display name.
    name: Option<TextFilterInput>,
    /// By the company.
    company: Option<TextFilterInput>,
    /// By the e-mail addresses.
    email: Option<TextFilterInput>,
    /// By the phone numbers. `is`, `isNot` and the lists take numbers as they may be given to a contact; `startsWith` and
    /// `contains` look at the digits with the country code.
    phone: Option<TextFilterInput>,
    /// By the city.
    city: Option<TextFilterInput>,
    /// By the state, province or region.
    region: Option<TextFilterInput>,
    /// By the postal code.
    postal_code: Option<TextFilterInput>,
    /// By the country, as two letters of ISO 3166-1.
    country: Option<TextFilterInput>,
    /// By where they came from.
    source: Option<TextFilterInput>,
    /// By the channels on which they must not be disturbed.
    do_not_disturb: Option<ChannelFilterInput>,
    /// By when they were made.
    created_at: Option<TimeFilterInput>,
    /// By when they themselves last changed.
    updated_at: Option<TimeFilterInput>,
    /// By when anything last happened to them.
    last_activity_at: Option<TimeFilterInput>,
    /// By their opportunities, as far as the viewer may see those.
    opportunities: Option<OpportunitiesFilterInput>,
}

/// On which channels a contact must not be disturbed. Everything that is given must hold.
#[derive(InputObject, Clone, Debug, Default)]
#[graphql(name = "ChannelFilter")]
pub struct ChannelFilterInput {
    /// On at least one of these. An empty list lets nothing pass.
    any_of: Option<Vec<Channel>>,
    /// On every one of these. An empty list lets everything pass.
    all_of: Option<Vec<Channel>>,
    /// On none of these. An empty list lets everything pass.
    none_of: Option<Vec<Channel>>,
}

/// Which opportunities a contact has, among those that the viewer may see. Everything that is given must hold.
#[derive(InputObject, Clone, Debug, Default)]
#[graphql(name = "OpportunitiesFilter")]
pub struct OpportunitiesFilterInput {
    /// At least one like this.
    some: Option<Box<OpportunityFilterInput>>,
    /// All of them are like this, or there are none.
    every: Option<Box<OpportunityFilterInput>>,
    /// None like this, or none at all.
    none: Option<Box<OpportunityFilterInput>>,
}

impl ContactFilterInput {
    /// The filter of the domain.
    ///
    /// # Errors
    /// Bad input; forbidden, when a part of it needs a permission that the viewer lacks.
    pub fn decode(self, viewpoint: &Viewpoint) -> Result<ContactFilter, Failure> {
        self.read(&Reading::new(viewpoint))
    }

    /// The same as a part of a larger filter.
    ///
    /// # Errors
    /// As [`ContactFilterInput::decode`].
    pub fn read(self, reading: &Reading<'_>) -> Result<ContactFilter, Failure> {
        reading.part(|reading| self.fields(reading))
    }

    fn fields(self, reading: &Reading<'_>) -> Result<ContactFilter, Failure> {
        let text = |filter: Option<TextFilterInput>, name: &str| {
            filter.map(|filter| filter.decode(name)).transpose()
        };
        let country = &reading.viewpoint().access().account().country;
        Ok(ContactFilter {
            and: reading.parts(self.and, Self::read)?,
            or: reading.parts(self.or, Self::read)?,
            not: self.not.map(|not| not.read(reading).map(Box::new)).transpose()?,
            search: reading.search(self.search)?,
            owner: self.owner.map(UserFilter::decode).transpose()?,
            followers: self.followers.map(UserFilter::decode).transpose()?,
            any_tag: tags(self.any_tag, "anyTag")?,
            all_tags: tags(self.all_tags, "allTags")?,
            has_tags: self.has_tags,
            name: text(self.name, "name")?,
            company: text(self.company, "company")?,
            email: text(self.email, "email")?,
            phone: text(self.phone, "phone")?.map(|phone| numbers(phone, country)).transpose()?,
            city: text(self.city, "city")?,
            region: text(self.region, "region")?,
            postal_code: text(self.postal_code, "postalCode")?,
            country: text(self.country, "country")?,
            source: text(self.source, "source")?,
            do_not_disturb: self.do_not_disturb.map(ChannelFilter::from),
            created: self.created_at.map(Into::into),
            updated: self.updated_at.map(Into::into),
            last_activity: self.last_activity_at.map(Into::into),
            opportunities: self.opportunities.map(|filter| filter.read(reading)).transpose()?,
        })
    }
}

impl OpportunitiesFilterInput {
    fn read(self, reading: &Reading<'_>) -> Result<OpportunitiesFilter, Failure> {
        Ok(OpportunitiesFilter {
            some: reading.relation(self.some, OpportunityFilterInput::read)?,
            every: reading.relation(self.every, OpportunityFilterInput::read)?,
            none: reading.relation(self.none, OpportunityFilterInput::read)?,
        })
    }
}

impl From<ChannelFilterInput> for ChannelFilter {
    fn from(filter: ChannelFilterInput) -> Self {
        let channels = |channels: Option<Vec<Channel>>| {
            channels.map(|channels| channels.into_iter().map(Into::into).collect::<Channels>())
        };
        Self {
            any_of: channels(filter.any_of),
            all_of: channels(filter.all_of),
            none_of: channels(filter.none_of),
        }
    }
}

fn tags(tags: Option<Vec<String>>, argument: &str) -> Result<Option<Vec<String>>, Failure> {
    let Some(tags) = choices(tags, argument)? else { return Ok(None) };
    tags.into_iter().map(|tag| plain(tag, argument)).collect::<Result<_, _>>().map(Some)
}

/// Phone numbers as the database keeps them. What is no number is no contact's.
fn numbers(filter: TextFilter, country: &str) -> Result<TextFilter, Failure> {
    let whole = |text: &str| Problems::new().phone("phone", text, country).unwrap_or_else(|| text.to_owned());
    let digits = |text: Option<String>, before: &str| {
        let Some(text) = text else { return Ok(None) };
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        if digits.is_empty() {
            return Err(Failure::bad_input("`phone.startsWith` and `phone.contains` take digits"));
        }
        Ok(Some(format!("{before}{digits}")))
    };
    let (starts_with, contains) = (filter.starts_with.clone(), filter.contains.clone());
    Ok(TextFilter {
        starts_with: digits(starts_with, "+")?,
        contains: digits(contains, "")?,
        ..filter.map(whole)
    })
}
