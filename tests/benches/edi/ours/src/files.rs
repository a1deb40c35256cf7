//! Orders as buyers send them, as many as asked for; the same each time.

use std::fmt::Write as _;

/// Draws numbers that look drawn.
struct Draw(u64);

impl Draw {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 33) % limit
    }
}

const GOODS: [&str; 5] = [
    "Hex bolt M8x40 zinc",
    "Washer 8mm",
    "Bearing 6204 2RS",
    "Gasket set",
    "Hydraulic hose 1/2in",
];

/// An X12 interchange of 850s of about so many bytes.
pub fn x12(bytes: usize) -> String {
    let mut draw = Draw(850);
    let mut file = String::from(
        "ISA*00*          *00*          *ZZ*ACME           *ZZ*NORDWIND       *261120*1030*U*00401*000000077*0*T*>~\n\
         GS*PO*ACME*NORDWIND*20261120*1030*77*X*004010~\n",
    );
    let mut sets = 0;
    while file.len() < bytes {
        sets += 1;
        let lines = 4 + draw.below(14);
        let _ = write!(
            file,
            "ST*850*{sets:06}~\nBEG*00*SA*45{sets:08}**20261120~\nREF*DP*042~\nPER*BD*Purchasing*TE*+49 40 555{:04}~\n\
             DTM*002*20261224~\nN1*ST*Plant Hamburg*92*HH{:03}~\nN3*Hafenstr. {}~\nN4*Hamburg**20457*DE~\n",
            draw.below(10_000),
            draw.below(1000),
            draw.below(200),
        );
        for line in 1..=lines {
            let goods = GOODS[draw.below(5) as usize];
            let _ = write!(
                file,
                "PO1*{line}*{}*EA*{}.{:02}*PE*VP*A-{:05}*BP*{:07}~\nPID*F****{goods}~\nDTM*002*202612{:02}~\n",
                1 + draw.below(500),
                draw.below(900),
                draw.below(100),
                draw.below(99_999),
                draw.below(9_999_999),
                1 + draw.below(28),
            );
        }
        let count = 8 + 3 * lines + 2;
        let _ = write!(file, "CTT*{lines}~\nSE*{count}*{sets:06}~\n");
    }
    let _ = write!(file, "GE*{sets}*77~\nIEA*1*000000077~\n");
    file
}

/// An EDIFACT interchange of ORDERS D.96A of about so many bytes.
pub fn edifact(bytes: usize) -> String {
    let mut draw = Draw(96);
    let mut file = String::from(
        "UNA:+.? '\nUNB+UNOC:3+4012345000009:14+4098765000003:14+261122:1015+77'\n",
    );
    let mut sets = 0;
    while file.len() < bytes {
        sets += 1;
        let lines = 4 + draw.below(14);
        let _ = write!(
            file,
            "UNH+{sets}+ORDERS:D:96A:UN'\nBGM+220+45{sets:08}+9'\nDTM+137:20261120:102'\nDTM+2:20261224:102'\n\
             NAD+BY+4012345000009::9'\nNAD+SU+4098765000003::9++Nordwind O?'Neill GmbH'\nCUX+2:EUR:9'\n",
        );
        for line in 1..=lines {
            let goods = GOODS[draw.below(5) as usize];
            let _ = write!(
                file,
                "LIN+{line}++4000{:09}:EN'\nPIA+1+A-{:05}:SA'\nIMD+F++:::{goods}'\nQTY+21:{}:PCE'\nPRI+AAA:{}.{:02}'\n",
                draw.below(999_999_999),
                draw.below(99_999),
                1 + draw.below(500),
                draw.below(900),
                draw.below(100),
            );
        }
        let count = 7 + 5 * lines + 3;
        let _ = write!(file, "UNS+S'\nCNT+2:{lines}'\nUNT+{count}+{sets}'\n");
    }
    let _ = write!(file, "UNZ+{sets}+77'\n");
    file
}
