//! Which rule fits a lead, and whose turn it is. Pure.

use std::collections::HashMap;

use kernel::{Id, Moment, Organisation, text::fold};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    accounts::{Flaw, rules::country},
    leads::Lead,
};

/// How many rules a vendor has at most, how many partners one rule, and how many countries or
/// families it names.
const MOST: usize = 50;

/// A rule: such leads go round among these partners.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LeadRuleForm)]
pub(super) struct Rule {
    /// Its name; 1 to 60 characters.
    pub(super) name: String,
    /// By ISO 3166-1 alpha-2; leads of any country, and of none, where there is none.
    #[serde(default)]
    pub(super) countries: Vec<String>,
    /// Product families, without regard to case and accents; any, where there is none.
    #[serde(default)]
    pub(super) families: Vec<String>,
    /// Whoever was offered a lead the longest ago is next.
    pub(super) partners: Vec<Seat>,
}

/// A partner in a rule.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = LeadRuleSeatForm)]
pub(super) struct Seat {
    /// Which.
    pub(super) organisation: Id<Organisation>,
    /// How many leads it has to accept or works on at most, 1 to 10,000; any number where none is
    /// told.
    pub(super) most: Option<i64>,
}

/// How a partner stands to a vendor, and to one of its leads.
#[derive(Clone, Debug, Default, sqlx::FromRow)]
pub(super) struct Standing {
    /// Its name.
    pub(super) name: String,
    /// How many of the vendor's leads it has to accept or works on.
    pub(super) holds: i64,
    /// When it was last offered one.
    pub(super) last_at: Option<Moment>,
    /// How often it had this lead.
    pub(super) had: i64,
    /// How many live partnerships there are: one, or none.
    pub(super) live: i64,
}

/// Why a partner does not get a lead.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = LeadPassed)]
pub(super) enum Passed {
    /// There is no live partnership with it.
    NoPartner,
    /// It had this lead before.
    HadIt,
    /// It holds as many as it may.
    Full,
}

/// To whom a lead goes: the place of the rule, and the partner.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Choice {
    pub(super) partner: Option<(usize, Id<Organisation>)>,
    /// Who was passed over before that, by which rule, and why.
    pub(super) passed: Vec<(usize, Id<Organisation>, Passed)>,
}

/// Reads rules into what cannot be wrong.
///
/// # Errors
/// The field that is, and why.
pub(super) fn read(rules: Vec<Rule>) -> Result<Vec<Rule>, Flaw> {
    if rules.len() > MOST {
        return Err(Flaw { field: "rules", why: "take up to 50 rules" });
    }
    rules.into_iter().map(one).collect()
}

fn one(rule: Rule) -> Result<Rule, Flaw> {
    let Rule { name, countries, families, partners } = rule;
    let name = line("name", &name)?;
    if countries.len().max(families.len()).max(partners.len()) > MOST {
        let why = "take up to 50 countries, 50 families and 50 partners in a rule";
        return Err(Flaw { field: "rules", why });
    }
    let flaw = |flaw: Flaw| Flaw { field: "countries", ..flaw };
    let countries: Result<Vec<_>, _> =
        countries.iter().map(|code| country(code).map_err(flaw)).collect();
    let families: Result<Vec<_>, _> =
        families.iter().map(|family| line("families", family)).collect();
    if partners.is_empty() {
        return Err(Flaw { field: "partners", why: "name a partner in each rule" });
    }
    for (at, seat) in partners.iter().enumerate() {
        if partners.iter().take(at).any(|it| it.organisation == seat.organisation) {
            return Err(Flaw { field: "partners", why: "name each partner once" });
        }
        if seat.most.is_some_and(|most| !(1..=10_000).contains(&most)) {
            let why = "take 1 to 10,000 leads, or none for any number";
            return Err(Flaw { field: "most", why });
        }
    }
    Ok(Rule { name, countries: countries?, families: families?, partners })
}

fn line(field: &'static str, text: &str) -> Result<String, Flaw> {
    let text = text.trim();
    let fits = (1..=60).contains(&text.chars().count());
    if !fits || text.contains(char::is_control) {
        return Err(Flaw { field, why: "take 1 to 60 characters, on one line" });
    }
    Ok(text.to_owned())
}

/// To whom a lead goes.
pub(super) fn choose(
    rules: &[Rule],
    lead: &Lead,
    standings: &HashMap<Id<Organisation>, Standing>,
) -> Choice {
    let mut choice = Choice::default();
    for (place, rule) in rules.iter().enumerate().filter(|(_, rule)| fits(rule, lead)) {
        let mut free: Option<(Option<Moment>, Id<Organisation>)> = None;
        for seat in &rule.partners {
            let standing = standings.get(&seat.organisation);
            if let Some(why) = passed(seat, standing) {
                choice.passed.push((place, seat.organisation, why));
                continue;
            }
            let last = standing.and_then(|it| it.last_at);
            if free.is_none_or(|(first, _)| last < first) {
                free = Some((last, seat.organisation));
            }
        }
        if let Some((_, partner)) = free {
            choice.partner = Some((place, partner));
            break;
        }
    }
    choice
}

fn fits(rule: &Rule, lead: &Lead) -> bool {
    let here = |code: &String| rule.countries.contains(code);
    let wanted = |family: &String| {
        let family = fold(family);
        rule.families.iter().any(|it| fold(it) == family)
    };
    (rule.countries.is_empty() || lead.country.as_ref().is_some_and(here))
        && (rule.families.is_empty() || lead.family.as_ref().is_some_and(wanted))
}

fn passed(seat: &Seat, standing: Option<&Standing>) -> Option<Passed> {
    match standing {
        None => Some(Passed::NoPartner),
        Some(standing) if standing.live == 0 => Some(Passed::NoPartner),
        Some(standing) if standing.had > 0 => Some(Passed::HadIt),
        Some(standing) if seat.most.is_some_and(|most| standing.holds >= most) => {
            Some(Passed::Full)
        }
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u128) -> Id<Organisation> {
        Id::from_uuid(uuid::Uuid::from_u128(number))
    }

    fn rule(
        countries: &[&str],
        families: &[&str],
        partners: &[(u128, Option<i64>)],
    ) -> Rule {
        let owned = |all: &[&str]| all.iter().map(|&it| it.to_owned()).collect();
        let seat = |&(number, most)| Seat { organisation: id(number), most };
        Rule {
            name: "Rule".to_owned(),
            countries: owned(countries),
            families: owned(families),
            partners: partners.iter().map(seat).collect(),
        }
    }

    fn lead(country: &str, family: &str) -> Lead {
        let some = |text: &str| Some(text.to_owned()).filter(|it| !it.is_empty());
        Lead { country: some(country), family: some(family), ..Lead::default() }
    }

    fn standing(holds: i64, last: Option<i64>) -> Standing {
        Standing {
            holds,
            last_at: last.map(Moment::from_micros),
            live: 1,
            ..Standing::default()
        }
    }

    #[test]
    fn the_first_rule_that_fits_and_has_somebody_free_decides() {
        let rules = [
            rule(&["DE", "AT"], &["Gâtes"], &[(1, Some(2))]),
            rule(&["DE"], &[], &[(2, None)]),
            rule(&[], &[], &[(3, None)]),
        ];
        let all = |holds| {
            HashMap::from([
                (id(1), standing(holds, None)),
                (id(2), standing(99, None)),
                (id(3), standing(0, None)),
            ])
        };
        let to = |lead: &Lead, holds| choose(&rules, lead, &all(holds)).partner;
        assert_eq!(to(&lead("AT", "gates"), 1), Some((0, id(1))));
        assert_eq!(to(&lead("DE", "gates"), 2), Some((1, id(2))), "the first is full");
        assert_eq!(to(&lead("DE", ""), 0), Some((1, id(2))));
        assert_eq!(to(&lead("AT", "gates"), 2), Some((2, id(3))));
        assert_eq!(to(&lead("", "gates"), 0), Some((2, id(3))), "of no country");
        let full = choose(&rules[..1], &lead("AT", "GATES"), &all(2));
        assert_eq!((full.partner, full.passed), (None, vec![(0, id(1), Passed::Full)]));
    }

    #[test]
    fn leads_go_round_and_never_back() {
        let rules = [rule(&[], &[], &[(1, None), (2, None), (3, None), (4, None)])];
        let mut all = HashMap::from([
            (id(1), standing(0, Some(30))),
            (id(2), standing(5, Some(20))),
            (id(3), standing(0, None)),
        ]);
        let any = lead("", "");
        let choice = choose(&rules, &any, &all);
        assert_eq!(choice.partner, Some((0, id(3))), "who never had one is first");
        assert_eq!(choice.passed, [(0, id(4), Passed::NoPartner)]);
        all.get_mut(&id(3)).unwrap().had = 1;
        assert_eq!(choose(&rules, &any, &all).partner, Some((0, id(2))));
        all.get_mut(&id(2)).unwrap().live = 0;
        let choice = choose(&rules, &any, &all);
        assert_eq!(choice.partner, Some((0, id(1))));
        let why = [
            (0, id(2), Passed::NoPartner),
            (0, id(3), Passed::HadIt),
            (0, id(4), Passed::NoPartner),
        ];
        assert_eq!(choice.passed, why);
        // Of those that were last offered one together, the one that is named first.
        let even =
            HashMap::from([(id(1), standing(0, None)), (id(2), standing(0, None))]);
        assert_eq!(choose(&rules, &any, &even).partner, Some((0, id(1))));
    }

    #[test]
    fn a_rule_that_cannot_be_is_refused_by_its_field() {
        let field = |rule: Rule| read(vec![rule]).unwrap_err().field;
        assert_eq!(
            field(Rule { name: " ".to_owned(), ..rule(&[], &[], &[(1, None)]) }),
            "name"
        );
        assert_eq!(field(rule(&["XX"], &[], &[(1, None)])), "countries");
        assert_eq!(field(rule(&[], &["a\nb"], &[(1, None)])), "families");
        assert_eq!(field(rule(&[], &[], &[])), "partners");
        assert_eq!(field(rule(&[], &[], &[(1, None), (1, None)])), "partners");
        assert_eq!(field(rule(&[], &[], &[(1, Some(0))])), "most");
        assert_eq!(field(rule(&["DE"; 51], &[], &[(1, None)])), "rules");
        assert_eq!(
            read(vec![rule(&[], &[], &[(1, None)]); 51]).unwrap_err().field,
            "rules"
        );
        let good = read(vec![rule(&["de "], &[" Gates "], &[(1, Some(1))])]).unwrap();
        assert_eq!(good, [rule(&["DE"], &["Gates"], &[(1, Some(1))])]);
    }
}
