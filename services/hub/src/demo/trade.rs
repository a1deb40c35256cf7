//! Two orders by EDI: one waits for an answer, of the other a part was sent and invoiced.

use serde_json::{Value, json};

use super::{
    Stopped,
    deals::Opened,
    stage::{Stage, text},
};

const SAM: &str = "sam@nordwind.example";
const ELENA: &str = "elena@delmar.example";

/// Sends them; the seller accepts the first.
pub(super) async fn orders(stage: &Stage, deals: &[Opened]) -> Result<(), Stopped> {
    let Some(deal) = deals.first() else { return Ok(()) };
    for (control, number) in [(1, "DF-4471"), (2, "DF-4502")] {
        stage.walking.minutes(300);
        let bytes =
            purchase_order(control, number, stage.house.clock.now().day().parts());
        stage.send(ELENA, "/api/v1/edi/interchanges", bytes).await?;
    }
    let list = stage.get(SAM, "/api/v1/orders").await?;
    for order in list["items"].as_array().into_iter().flatten() {
        let path = format!("/api/v1/orders/{}", text(order, "/id"));
        let mut revision = order["revision"].clone();
        if order["deal"].is_null() {
            let placed = stage
                .post(SAM, &format!("{path}/deal"), json!({ "deal": deal.id }))
                .await?;
            revision = placed["revision"].clone();
        }
        if order["number"] == "DF-4471" {
            stage.walking.minutes(55);
            let form =
                json!({ "revision": revision, "lines": answers(stage, &path).await? });
            stage.post(SAM, &format!("{path}/answer"), form).await?;
            follow(stage, &path).await?;
        }
    }
    Ok(())
}

/// The gateways and a part of the sensors leave, and are invoiced.
async fn follow(stage: &Stage, path: &str) -> Result<(), Stopped> {
    stage.walking.minutes(1_700);
    let today = stage.house.clock.now().day();
    let now = stage.get(SAM, path).await?;
    let shipment = json!({
        "revision": now["revision"], "sent_on": today.to_string(),
        "expected_on": today.plus_days(3).to_string(), "carrier": "Iberia Frio",
        "tracking": "IF-20417-8",
        "packages": [{ "kind": "pallet", "sscc": "376104250021234569" }],
        "lines": [
            { "line": "1", "quantity": "3", "package": 1 },
            { "line": "2", "quantity": "80", "package": 1 },
        ],
    });
    stage.post(SAM, &format!("{path}/shipments"), shipment).await?;
    stage.walking.minutes(90);
    let now = stage.get(SAM, path).await?;
    let invoice = json!({
        "revision": now["revision"], "issued_on": today.to_string(),
        "due_on": today.plus_days(30).to_string(), "terms": "30 days net",
        "lines": [
            { "line": "1", "quantity": "3", "tax_percent": "21" },
            { "line": "2", "quantity": "80", "tax_percent": "21" },
        ],
    });
    stage.post(SAM, &format!("{path}/invoices"), invoice).await?;
    Ok(())
}

async fn answers(stage: &Stage, path: &str) -> Result<Vec<Value>, Stopped> {
    let order = stage.get(SAM, path).await?;
    let lines = order["lines"].as_array().cloned().unwrap_or_default();
    let answer = |line: &Value| json!({ "line": line["line"], "decision": "accept" });
    Ok(lines.iter().map(answer).collect())
}

/// An 850 of 004010 with three lines.
fn purchase_order(
    control: u32,
    number: &str,
    (year, month, day): (i16, i8, i8),
) -> String {
    let date = format!("{year:04}{month:02}{day:02}");
    let short = date.get(2..).unwrap_or_default();
    let body = [
        "ST*850*0001".to_owned(),
        format!("BEG*00*SA*{number}**{date}"),
        "CUR*BY*EUR".to_owned(),
        "N1*BY*Delmar Foods*92*DELMAR".to_owned(),
        "N1*ST*Delmar Valencia*92*VLC1".to_owned(),
        "N3*Muelle de Poniente 4".to_owned(),
        "N4*Valencia**46024*ES".to_owned(),
        "PO1*1*3*EA*18400**VP*NW-GATE-48*BP*DF-100".to_owned(),
        "PID*F****Gateway for 48 sensors".to_owned(),
        "PO1*2*120*EA*89.5**VP*NW-SENS-28*BP*DF-101".to_owned(),
        "PID*F****Sensor to -28 C".to_owned(),
        "PO1*3*40*EA*12.25**VP*NW-MOUNT*BP*DF-102".to_owned(),
        "PID*F****Wall mount".to_owned(),
        "CTT*3".to_owned(),
    ];
    let count = body.len() + 1;
    format!(
        "ISA*00*          *00*          *ZZ*DELMAR         *ZZ*NORDWIND       *{short}*0930*U*00401*{control:09}*0*T*>~GS*PO*DELMAR*NORDWIND*{date}*0930*{control}*X*004010~{}~SE*{count}*0001~GE*1*{control}~IEA*1*{control:09}~",
        body.join("~")
    )
}
