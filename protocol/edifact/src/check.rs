use std::sync::LazyLock;

use segments::{
    Answer, Broken, Charset, Check, Faults, Flaw, GroupVerdict, Limits, Policy, Release,
    SetVerdict, Verdict, Weight, facts,
};

use crate::totals::Totals;
use crate::{Group, Header, Interchange, Message};

/// The tables of a directory, such as `96A`, with the service segments of a syntax version.
pub fn release(directory: &str, syntax: u8) -> Option<&'static Release> {
    type Lazy = LazyLock<Option<Release>>;
    static D96A_3: Lazy =
        LazyLock::new(|| load(facts::EDIFACT_D96A, facts::EDIFACT_SERVICE_3));
    static D96A_4: Lazy =
        LazyLock::new(|| load(facts::EDIFACT_D96A, facts::EDIFACT_SERVICE_4));
    static D01B_3: Lazy =
        LazyLock::new(|| load(facts::EDIFACT_D01B, facts::EDIFACT_SERVICE_3));
    static D01B_4: Lazy =
        LazyLock::new(|| load(facts::EDIFACT_D01B, facts::EDIFACT_SERVICE_4));
    match (directory, syntax) {
        ("96A", 4) => D96A_4.as_ref(),
        ("96A", _) => D96A_3.as_ref(),
        ("01B", 4) => D01B_4.as_ref(),
        ("01B", _) => D01B_3.as_ref(),
        _ => None,
    }
}

fn load(directory: &str, service: &str) -> Option<Release> {
    Release::read(&[directory, service, facts::EDIFACT_CODES]).ok()
}

/// Judges an interchange as the standard has it.
pub fn check(interchange: &Interchange<'_>) -> Verdict {
    check_under(interchange, Policy::default())
}

/// Judges an interchange under a partner's policy.
pub fn check_under(interchange: &Interchange<'_>, policy: Policy) -> Verdict {
    let header = &interchange.header;
    let mut spent = interchange.faults.list.len();
    let groups = interchange.groups.iter();
    let groups = groups.map(|group| check_group(header, group, policy, &mut spent));
    let groups: Vec<GroupVerdict> = groups.collect();
    let mut faults = interchange.faults.clone();
    shell(interchange, &mut faults);
    let grave =
        |broken: &Broken| broken.weight == Weight::Error && !broken.flaw.is_of_element();
    let answer = if faults.list.iter().any(grave) {
        Answer::Rejected
    } else if faults.has_error {
        Answer::WithErrors
    } else {
        Answer::Accepted
    };
    Verdict { answer, faults, groups }
}

/// Checks the elements of UNB.
fn shell(interchange: &Interchange<'_>, faults: &mut Faults) {
    let Some(release) = release("96A", interchange.header.version) else {
        return;
    };
    let mut check = Check::new(release, "", Limits::default());
    let mut scanner = interchange.segments();
    if let Some(unb) = scanner.next_segment() {
        check.segment(&unb, faults);
    }
    for broken in &mut faults.list {
        broken.place.ordinal = 0;
    }
}

/// Judges a group; `spent` is how many faults are kept already, of all that may be.
fn check_group(
    header: &Header,
    group: &Group<'_>,
    policy: Policy,
    spent: &mut usize,
) -> GroupVerdict {
    let faults = group.faults.clone().within(*spent);
    *spent = spent.saturating_add(faults.list.len());
    let judged = group.messages.iter().map(|message| {
        let verdict = check_message(header, message, policy, *spent);
        *spent = spent.saturating_add(verdict.faults.list.len());
        verdict
    });
    let sets: Vec<SetVerdict> = judged.collect();
    GroupVerdict { answer: Answer::to_group(&faults, &sets), faults, sets }
}

fn check_message(
    header: &Header,
    message: &Message<'_>,
    policy: Policy,
    spent: usize,
) -> SetVerdict {
    let mut faults = message.faults.clone().within(spent);
    let mut scanner = message.segments();
    // CONTRL belongs to the syntax, not to a directory.
    let directory =
        if message.kind == "CONTRL" { "96A" } else { message.release.as_str() };
    let found = release(directory, header.version);
    match found.filter(|release| release.plan(&message.kind).is_some()) {
        None => {
            if let Some(unh) = scanner.next_segment() {
                let broken = Broken::in_element(Flaw::SetNotSupported, &unh, 2);
                faults.push(broken.at_ordinal(1));
            }
        }
        Some(release) => {
            let limits = Limits { charset: charset(&header.syntax) };
            let mut check = Check::new(release, &message.kind, limits);
            let mut totals = Totals::default();
            while let Some(segment) = scanner.next_segment() {
                check.segment(&segment, &mut faults);
                totals.segment(&segment, check.seen(), &mut faults);
            }
        }
    }
    SetVerdict { answer: Answer::to_set(&faults, policy), faults }
}

/// Source: ISO 9735 part 1, character repertoires.
fn charset(syntax: &str) -> Charset {
    match syntax {
        "UNOA" => Charset::LevelA,
        "UNOB" => Charset::LevelB,
        _ => Charset::Any,
    }
}
