use segments::{GroupVerdict, Sheet, Verdict};

use super::{Interchange, Part};

/// An interchange that was read part by part, without the bytes of its sets: what an
/// acknowledgement needs.
#[derive(Debug, Default)]
pub struct Shells {
    groups: Vec<super::Group<'static>>,
    verdicts: Vec<GroupVerdict>,
    receipts: Vec<usize>,
}

impl Shells {
    /// Takes a part in; gives the whole with the last one.
    pub fn add(
        &mut self,
        part: &Part<'_>,
        verdict: Verdict,
    ) -> Option<(Interchange<'static>, Verdict)> {
        let read = &part.interchange;
        let Verdict { answer, faults, groups: judged_groups } = verdict;
        self.receipts.extend(&read.receipts);
        for (group, judged) in read.groups.iter().zip(judged_groups) {
            let sets = group.sets.iter().map(super::Set::shell);
            match self.groups.last_mut().zip(self.verdicts.last_mut()) {
                Some((last, known)) if last.at == group.at => {
                    let mut all = std::mem::take(&mut last.sets);
                    all.extend(sets);
                    *last = super::Group { sets: all, ..group.without_sets() };
                    known.sets.extend(judged.sets);
                    (known.answer, known.faults) = (judged.answer, judged.faults);
                }
                Some(_) | None => {
                    let sets = sets.collect();
                    self.groups.push(super::Group { sets, ..group.without_sets() });
                    self.verdicts.push(judged);
                }
            }
        }
        part.is_last.then(|| {
            let Self { groups, verdicts, receipts } = std::mem::take(self);
            let whole = Interchange {
                header: read.header.clone(),
                marks: read.marks,
                at: read.at,
                bytes: &[],
                groups,
                receipts,
                faults: read.faults.clone(),
                sheet: Sheet::default(),
            };
            (whole, Verdict { answer, faults, groups: verdicts })
        })
    }
}
