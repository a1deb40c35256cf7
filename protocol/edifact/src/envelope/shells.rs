use segments::{GroupVerdict, Sheet, Verdict};

use super::{Interchange, Part};

/// An interchange that was read part by part, without the bytes of its messages: what an
/// acknowledgement needs.
#[derive(Debug, Default)]
pub struct Shells {
    groups: Vec<super::Group<'static>>,
    verdicts: Vec<GroupVerdict>,
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
        for (group, judged) in read.groups.iter().zip(judged_groups) {
            let sets = group.messages.iter().map(super::Message::shell);
            match self.groups.last_mut().zip(self.verdicts.last_mut()) {
                Some((last, known)) if last.at == group.at => {
                    let mut all = std::mem::take(&mut last.messages);
                    all.extend(sets);
                    *last = super::Group { messages: all, ..group.without_messages() };
                    known.sets.extend(judged.sets);
                    (known.answer, known.faults) = (judged.answer, judged.faults);
                }
                Some(_) | None => {
                    let sets = sets.collect();
                    self.groups.push(super::Group {
                        messages: sets,
                        ..group.without_messages()
                    });
                    self.verdicts.push(judged);
                }
            }
        }
        part.is_last.then(|| {
            let Self { groups, verdicts } = std::mem::take(self);
            let whole = Interchange {
                header: read.header.clone(),
                marks: read.marks,
                at: read.at,
                bytes: &[],
                groups,
                una: read.una.clone(),
                unb: read.unb.clone(),
                body: read.body,
                faults: read.faults.clone(),
                sheet: Sheet::default(),
            };
            (whole, Verdict { answer, faults, groups: verdicts })
        })
    }
}
