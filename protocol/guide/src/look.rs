use segments::{
    Broken, Check, Faults, Flaw, GuideRule, Guideline, Look, Narrowing, Overlay, Segment,
    english,
};

use crate::berths::{Berth, berths, release};
use crate::quote::codes;
use crate::{Document, ElementRule, Guide, SegmentRule, Spot, Use};

impl Overlay for Guide {
    fn look<'o>(&'o self, set: &str, release: &str) -> Option<Box<dyn Look + 'o>> {
        let is_meant =
            |document: &&Document| document.set == set && document.release == release;
        let documents = self.documents.iter().filter(is_meant);
        let rules: Vec<State<'o>> = documents.flat_map(states).collect();
        let guide = format!("{} {}", self.name, self.version);
        (!rules.is_empty()).then(|| Box::new(Looking { guide, rules }) as Box<dyn Look>)
    }
}

fn states(document: &Document) -> Vec<State<'_>> {
    let plan = release(&document.release).and_then(|tables| tables.plan(&document.set));
    let berths = plan.map(berths).unwrap_or_default();
    let state = |rule| {
        let berth = berths.iter().find(|berth| berth.at == SegmentRule::at(rule))?;
        Some(State { rule, scope: scope(berth), instance: None, count: 0 })
    };
    document.segments.iter().filter_map(state).collect()
}

/// The loops in which a segment, or the loop that it opens, is counted.
pub(crate) fn scope(berth: &Berth) -> String {
    let own = |at: &str| at.rsplit_once('/').map_or("", |(loops, _)| loops).to_owned();
    let loops = own(&berth.at);
    if berth.opens { own(&loops) } else { loops }
}

/// Where a segment stands: its loops with their counts, and loops and name without.
pub(crate) struct Spotted {
    pub(crate) path: String,
    pub(crate) at: String,
}

impl Spotted {
    pub(crate) fn of(segment: &Segment<'_, '_>, check: &Check<'_>) -> Self {
        let path = check.path();
        let mut at = plain(&path);
        if !at.is_empty() {
            at.push('/');
        }
        at.push_str(&segment.tag().to_string());
        Self { path, at }
    }

    /// The instance of the loops `scope` around it, if it stands in them.
    pub(crate) fn within(&self, scope: &str) -> Option<&str> {
        if scope.is_empty() {
            return Some("");
        }
        let depth = scope.split('/').count();
        let ends = self.path.match_indices('/').map(|(at, _)| at);
        let end = ends.chain([self.path.len()]).nth(depth.saturating_sub(1))?;
        let prefix = self.path.get(..end)?;
        (plain(prefix) == scope).then_some(prefix)
    }
}

fn plain(path: &str) -> String {
    let names = path.split('/').map(|name| name.split('[').next().unwrap_or_default());
    names.collect::<Vec<_>>().join("/")
}

/// Whether a segment ends its document.
pub(crate) fn ends(segment: &Segment<'_, '_>) -> bool {
    matches!(segment.tag().to_string().as_str(), "SE" | "UNT")
}

/// What stands at a place of a segment.
pub(crate) fn value(segment: &Segment<'_, '_>, spot: Spot) -> String {
    match spot.component {
        0 => segment.text(spot.element).into_owned(),
        component => segment.part(spot.element, component).into_owned(),
    }
}

#[derive(Debug)]
struct Looking<'g> {
    guide: String,
    rules: Vec<State<'g>>,
}

/// A rule, and what was counted for it in the instance of its loops that is open.
#[derive(Debug)]
struct State<'g> {
    rule: &'g SegmentRule,
    scope: String,
    instance: Option<String>,
    count: u32,
}

impl Look for Looking<'_> {
    fn segment(
        &mut self,
        segment: &Segment<'_, '_>,
        check: &Check<'_>,
        faults: &mut Faults,
    ) {
        let spotted = Spotted::of(segment, check);
        let is_end = ends(segment);
        let mut tell = |mut broken: Broken, line: usize, narrowing: Narrowing| {
            broken.place.path.clone_from(&spotted.path);
            broken.mend = english().widened(&narrowing);
            let (guide, says) = (self.guide.clone(), english().narrowed(&narrowing));
            broken.place.guideline =
                Some(Box::new(Guideline { guide, line, says, narrowing }));
            faults.push(broken.at_ordinal(check.seen()));
        };
        for state in &mut self.rules {
            let now = spotted
                .within(&state.scope)
                .filter(|_| !is_end || !state.scope.is_empty());
            if state.instance.as_deref() != now {
                if state.instance.is_some() && state.is_missed() {
                    let rule = state.rule;
                    let flaw = Flaw::SegmentMissing { tag: rule.tag().to_owned() };
                    let mut broken = Broken::in_segment(flaw, segment);
                    broken.place.length = 0;
                    broken.value.clear();
                    tell(broken, rule.line, rule.narrowing(GuideRule::Missing, None));
                }
                state.instance = now.map(str::to_owned);
                state.count = 0;
            }
            let rule = state.rule;
            if spotted.at != rule.at || !rule.means(segment) {
                continue;
            }
            state.count = state.count.saturating_add(1);
            if rule.usage == Use::Never {
                let broken = Broken::in_segment(Flaw::SegmentNotInSet, segment);
                tell(broken, rule.line, rule.narrowing(GuideRule::Unwanted, None));
            } else if let Some(most) = rule.most.filter(|most| state.count > *most) {
                let broken = Broken::in_segment(Flaw::SegmentRepeated { most }, segment);
                let narrowing = rule.narrowing(GuideRule::Repeated, Some(most));
                tell(broken, rule.line, narrowing);
            }
            for element in &rule.elements {
                if let Some((flaw, narrowing)) = element.flaw(segment) {
                    let Spot { element: place, component } = element.element;
                    let mut broken = Broken::in_element(flaw, segment, place);
                    broken.place.component = component;
                    tell(broken, element.line, narrowing);
                }
            }
        }
    }
}

impl State<'_> {
    fn is_missed(&self) -> bool {
        self.rule.usage == Use::Must && self.count == 0
    }
}

impl SegmentRule {
    fn at(rule: &Self) -> &str {
        &rule.at
    }

    fn narrowing(&self, rule: GuideRule, limit: Option<u32>) -> Narrowing {
        let when = self.when.as_ref();
        Narrowing {
            rule,
            tag: self.tag().to_owned(),
            when: when.map(|when| (codes(&when.codes), when.element.to_string())),
            limit: limit.map(|limit| limit.to_string()).unwrap_or_default(),
        }
    }

    /// Whether the rule speaks of this segment, which stands at its place.
    fn means(&self, segment: &Segment<'_, '_>) -> bool {
        self.when.as_ref().is_none_or(|when| {
            let value = value(segment, when.element);
            when.codes.contains(&value)
        })
    }
}

impl ElementRule {
    /// What is wrong with the element, and what the guide asks for.
    fn flaw(&self, segment: &Segment<'_, '_>) -> Option<(Flaw, Narrowing)> {
        let value = value(segment, self.element);
        let narrowing = |rule, limit: String| {
            let tag = format!("{}{}", segment.tag(), self.element);
            Narrowing { rule, tag, when: None, limit }
        };
        if value.is_empty() {
            let is_missed = self.usage == Use::Must;
            let narrowing = narrowing(GuideRule::Empty, String::new());
            return is_missed.then_some((Flaw::ElementMissing, narrowing));
        }
        if self.usage == Use::Never {
            let flaw = Flaw::ConditionExcluded { condition: "guide".into() };
            return Some((flaw, narrowing(GuideRule::Unwanted, String::new())));
        }
        let length = u32::try_from(value.chars().count()).unwrap_or(u32::MAX);
        if let Some(least) = self.shortest.filter(|least| length < *least) {
            let narrowing = narrowing(GuideRule::Short, least.to_string());
            return Some((Flaw::TooShort { least }, narrowing));
        }
        if let Some(most) = self.longest.filter(|most| length > *most) {
            let narrowing = narrowing(GuideRule::Long, most.to_string());
            return Some((Flaw::TooLong { most }, narrowing));
        }
        if !self.codes.is_empty() && !self.codes.contains(&value) {
            let narrowing = narrowing(GuideRule::Code, codes(&self.codes).join(", "));
            return Some((Flaw::CodeUnknown, narrowing));
        }
        None
    }
}
