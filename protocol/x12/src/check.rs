use std::sync::LazyLock;

use segments::{
    Answer, Broken, Check, Flaw, GroupVerdict, Limits, Policy, Release, SetVerdict,
    Verdict, Weight, facts,
};

use crate::totals::Totals;
use crate::{Group, Interchange, Set};

/// The release whose tables a group asks for, such as `004010`; none that are not here.
pub fn release(version: &str) -> Option<&'static Release> {
    static X12_004010: LazyLock<Option<Release>> = LazyLock::new(|| {
        let texts = [facts::X12_004010, facts::X12_ENVELOPE, facts::X12_CODES];
        Release::read(&texts).ok()
    });
    if version.starts_with("004010") { X12_004010.as_ref() } else { None }
}

/// Judges an interchange as the standard has it.
pub fn check(interchange: &Interchange<'_>) -> Verdict {
    check_under(interchange, Policy::default())
}

/// Judges an interchange under a partner's policy.
pub fn check_under(interchange: &Interchange<'_>, policy: Policy) -> Verdict {
    let mut spent = interchange.faults.list.len();
    let groups = interchange.groups.iter();
    let groups = groups.map(|group| check_group(group, policy, &mut spent)).collect();
    let faults = interchange.faults.clone();
    let fatal = |broken: &&Broken| {
        broken.weight == Weight::Error && !matches!(broken.flaw, Flaw::HeaderWidth { .. })
    };
    let answer = match (faults.list.iter().find(fatal), faults.has_error) {
        (Some(_), _) => Answer::Rejected,
        (None, true) => Answer::WithErrors,
        (None, false) => Answer::Accepted,
    };
    Verdict { answer, faults, groups }
}

/// Judges a group; `spent` is how many faults are kept already, of all that may be.
fn check_group(group: &Group<'_>, policy: Policy, spent: &mut usize) -> GroupVerdict {
    let faults = group.faults.clone().within(*spent);
    *spent = spent.saturating_add(faults.list.len());
    let judged = group.sets.iter().map(|set| {
        let verdict = check_set(group, set, policy, *spent);
        *spent = spent.saturating_add(verdict.faults.list.len());
        verdict
    });
    let sets: Vec<SetVerdict> = judged.collect();
    GroupVerdict { answer: Answer::to_group(&faults, &sets), faults, sets }
}

fn check_set(
    group: &Group<'_>,
    set: &Set<'_>,
    policy: Policy,
    spent: usize,
) -> SetVerdict {
    let mut faults = set.faults.clone().within(spent);
    let mut scanner = set.segments();
    let release =
        release(&group.version).filter(|release| release.plan(&set.kind).is_some());
    match release {
        None => {
            if let Some(st) = scanner.next_segment() {
                let broken = Broken::in_element(Flaw::SetNotSupported, &st, 1);
                faults.push(broken.at_ordinal(1));
            }
        }
        Some(release) => {
            if group_code(&set.kind).is_some_and(|code| code != group.code)
                && let Some(st) = set.segments().next_segment()
            {
                let broken = Broken::in_element(Flaw::WrongGroup, &st, 1);
                faults.push(broken.noted().at_ordinal(1));
            }
            let mut check = Check::new(release, &set.kind, Limits::default());
            let mut totals = Totals::default();
            while let Some(segment) = scanner.next_segment() {
                check.segment(&segment, &mut faults);
                totals.segment(&segment, check.seen(), &mut faults);
            }
        }
    }
    SetVerdict { answer: Answer::to_set(&faults, policy), faults }
}

/// GS01 for a set. Source: X12 004010, data element 479.
fn group_code(set: &str) -> Option<&'static str> {
    match set {
        "840" => Some("RQ"),
        "843" => Some("RR"),
        "850" => Some("PO"),
        "855" => Some("PR"),
        "860" => Some("PC"),
        "865" => Some("CA"),
        "856" => Some("SH"),
        "810" => Some("IN"),
        "997" => Some("FA"),
        _ => None,
    }
}
