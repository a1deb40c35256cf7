//! The papers of the lane: short interchanges of X12 004010 that say they are a test.

/// The EDI id of the partner that the hub plays.
pub(super) const PARTNER: &str = "ZZ:ENTENTETESTLANE";

/// An order, or something like one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paper<'p> {
    /// Who it says it is from, and for: qualifier and id.
    pub(super) from: &'p str,
    pub(super) to: &'p str,
    /// Its control number, of the interchange and of the group.
    pub(super) control: u32,
    /// The number of the order.
    pub(super) order: &'p str,
    /// What the third line counts in.
    pub(super) unit: &'p str,
}

impl Paper<'_> {
    /// An 850 of three lines.
    pub(super) fn order(&self) -> String {
        let Self { order, unit, .. } = self;
        let body = [
            "ST*850*0001".to_owned(),
            format!("BEG*00*SA*{order}**20261120"),
            "CUR*BY*EUR".to_owned(),
            "N1*BY*Test lane*92*LANE".to_owned(),
            "PO1*1*3*EA*4.15**VP*LANE-1".to_owned(),
            "PO1*2*10*EA*0.125**VP*LANE-2".to_owned(),
            format!("PO1*3*2*{unit}*12.5**VP*LANE-3"),
            "CTT*3".to_owned(),
            "SE*9*0001".to_owned(),
        ];
        self.enveloped("PO", &body.join("~\n"))
    }

    /// A set that nobody here trades: a price catalogue.
    pub(super) fn catalogue(&self) -> String {
        self.enveloped("SC", "ST*832*0001~\nBCT*PC*LANE~\nSE*3*0001")
    }

    /// A 997 that rejects the one set of a group of ours.
    pub(super) fn rejection(&self, (code, group): (&str, &str)) -> String {
        let set = "855";
        let body = format!(
            "ST*997*0001~\nAK1*{code}*{group}~\nAK2*{set}*0001~\nAK5*R*5~\nAK9*R*1*1*0~\nSE*6*0001"
        );
        self.enveloped("FA", &body)
    }

    fn enveloped(&self, code: &str, body: &str) -> String {
        let Self { from, to, control, .. } = self;
        let split = |name: &str| {
            let (qualifier, id) = name.split_once(':').unwrap_or(("ZZ", name));
            (qualifier.to_owned(), id.to_owned())
        };
        let ((fq, from), (tq, to)) = (split(from), split(to));
        format!(
            "ISA*00*          *00*          *{fq:<2}*{from:<15}*{tq:<2}*{to:<15}*261120*1200*U*00401*{control:09}*0*T*>~\n\
             GS*{code}*{from}*{to}*20261120*1200*{control}*X*004010~\n\
             {body}~\nGE*1*{control}~\nIEA*1*{control:09}~\n"
        )
    }
}

/// What a 997 says of what it acknowledges: `A`, `E`, `P` or `R`, and its words for the faults.
pub(super) fn verdict(acknowledgement: &str) -> Option<(String, String)> {
    let interchanges = x12::read(acknowledgement.as_bytes()).ok()?;
    let sets = interchanges.iter().flat_map(|it| &it.groups).flat_map(|it| &it.sets);
    let segments: Vec<&str> =
        acknowledgement.split('~').map(str::trim).filter(|it| !it.is_empty()).collect();
    sets.into_iter().find(|set| set.kind == "997")?;
    let code = |tag: &str| {
        let found = segments.iter().find_map(|it| it.strip_prefix(tag));
        found.map(|rest| rest.chars().take(1).collect::<String>())
    };
    let verdict = code("AK5*").or_else(|| code("AK9*"))?;
    let faults =
        segments.iter().filter(|it| it.starts_with("AK") && !it.starts_with("AK1"));
    Some((verdict, faults.copied().collect::<Vec<_>>().join(" ")))
}

#[cfg(test)]
mod tests {
    use super::{PARTNER, Paper, verdict};

    #[test]
    fn papers_of_the_lane_say_that_they_are_a_test_and_are_well_formed() {
        let paper = Paper {
            from: PARTNER,
            to: "01:123456789",
            control: 7,
            order: "L-1",
            unit: "EA",
        };
        for text in [paper.order(), paper.catalogue(), paper.rejection(("PR", "4"))] {
            let read = x12::read(text.as_bytes()).unwrap();
            assert_eq!(text.as_bytes()[101..104], *b"*T*", "{text}");
            assert_eq!(read[0].header.sender.to_string(), PARTNER);
            assert_eq!(read[0].header.receiver.to_string(), "01:123456789");
        }
        let read = x12::check(&x12::read(paper.order().as_bytes()).unwrap()[0]);
        assert_eq!(read.answer, x12::Answer::Accepted);
    }

    #[test]
    fn the_verdict_of_a_997_is_that_of_its_set() {
        let paper =
            Paper { from: PARTNER, to: "ZZ:US", control: 7, order: "", unit: "EA" };
        let (code, words) = verdict(&paper.rejection(("PR", "4"))).unwrap();
        assert_eq!(code, "R");
        assert_eq!(words, "AK2*855*0001 AK5*R*5 AK9*R*1*1*0");
        assert!(verdict(&paper.order()).is_none());
    }
}
