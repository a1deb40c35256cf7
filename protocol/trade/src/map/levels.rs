//! The levels of a dispatch advice: HL in X12, CPS in EDIFACT.
//!
//! A document has packages and lines that name their package and perhaps their order. X12 nests
//! shipment, orders, packages and items by HL01 and HL02; EDIFACT nests packages by 7164 and
//! 7166. Both become the list `levels`, of which the maps speak; what stands in it is led back to
//! the place in the document that it came from.

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};

use crate::{Document, Line, OrderOf};

/// Where values of the list `levels` come from: the place in it, the places in the document.
pub(super) type Origins = Vec<(String, Vec<String>)>;

struct Builder {
    levels: Vec<Value>,
    origins: Origins,
}

impl Builder {
    fn level(&mut self, parent: Option<usize>, level: &str) -> usize {
        let number = self.levels.len().saturating_add(1);
        let parent = parent.map(|parent| parent.saturating_add(1).to_string());
        self.levels.push(json!({
            "number": number.to_string(), "parent": parent, "level": level,
        }));
        self.levels.len().saturating_sub(1)
    }

    fn put(&mut self, level: usize, field: &str, value: Value, from: Vec<String>) {
        if let Some(Value::Object(fields)) = self.levels.get_mut(level) {
            fields.insert(field.to_owned(), value);
            self.origins.push((format!("/levels/{level}/{field}"), from));
        }
    }
}

/// The levels of X12: shipment, orders, packages, items.
pub(super) fn x12(document: &Document, value: &Value) -> (Value, Origins) {
    let mut built = Builder { levels: Vec::new(), origins: Vec::new() };
    let ship = built.level(None, "S");
    let mut orders: Vec<Option<OrderOf>> = Vec::new();
    let first = document
        .about
        .as_ref()
        .map(|about| OrderOf { number: about.number.clone(), date: about.date.clone() });
    orders.extend(first.map(Some));
    let of_lines = document.lines.iter().map(|line| document.order_of(line));
    let of_packages = document.packages.iter().filter(|package| package.parent.is_none());
    let of_packages = of_packages.map(|package| document.order_in(&package.number, 0));
    for order in of_lines.chain(of_packages) {
        if !orders.contains(&order) {
            orders.push(order);
        }
    }
    for order in orders {
        let mut under = ship;
        if let Some(own) = &order {
            under = built.level(Some(ship), "O");
            let mut from = Vec::new();
            let whole = document.about.as_ref();
            if whole
                .is_some_and(|about| about.number == own.number && about.date == own.date)
            {
                from.push("/about".to_owned());
            }
            for (place, line) in document.lines.iter().enumerate() {
                if line.order.as_ref() == Some(own) {
                    from.push(format!("/lines/{place}/order"));
                }
            }
            let told = json!({ "number": own.number, "date": own.date });
            built.put(under, "order", told, from);
        }
        let loose =
            |line: &Line| line.package.is_none() && document.order_of(line) == order;
        lines(document, value, under, &loose, &mut built);
        for (place, package) in document.packages.iter().enumerate() {
            if package.parent.is_none() && document.order_in(&package.number, 0) == order
            {
                package_x12(document, value, place, under, &mut built);
            }
        }
    }
    (Value::Array(built.levels), built.origins)
}

fn lines(
    document: &Document,
    value: &Value,
    under: usize,
    wanted: &dyn Fn(&Line) -> bool,
    built: &mut Builder,
) {
    for (place, line) in document.lines.iter().enumerate() {
        let own = format!("/lines/{place}");
        if let (true, Some(told)) = (wanted(line), value.pointer(&own)) {
            let item = built.level(Some(under), "I");
            built.put(item, "line", told.clone(), vec![own]);
        }
    }
}

fn package_x12(
    document: &Document,
    value: &Value,
    place: usize,
    under: usize,
    built: &mut Builder,
) {
    let Some(package) = document.packages.get(place) else {
        return;
    };
    let inner = document.packages.iter().enumerate();
    let inner = inner.filter(|(_, inner)| inner.parent.as_ref() == Some(&package.number));
    let inner: Vec<usize> = inner.map(|(place, _)| place).collect();
    let level = built.level(Some(under), if inner.is_empty() { "P" } else { "T" });
    let from = format!("/packages/{place}");
    let told = value.pointer(&from).cloned().unwrap_or_default();
    built.put(level, "package", told, vec![from]);
    let own = |line: &Line| line.package.as_ref() == Some(&package.number);
    lines(document, value, level, &own, built);
    for place in inner {
        if built.levels.len() < 200_000 {
            package_x12(document, value, place, level, built);
        }
    }
}

/// The levels of EDIFACT: the shipment with the lines in no package, then the packages.
pub(super) fn edifact(document: &Document, value: &Value) -> (Value, Origins) {
    let mut built = Builder { levels: Vec::new(), origins: Vec::new() };
    let put_lines = |built: &mut Builder, level: usize, package: Option<&str>| {
        let mut told = Vec::new();
        for (place, line) in document.lines.iter().enumerate() {
            let own = format!("/lines/{place}");
            if line.package.as_deref() == package {
                let at = format!("/levels/{level}/lines/{}", told.len());
                told.extend(value.pointer(&own).cloned());
                built.origins.push((at, vec![own]));
            }
        }
        if let Some(Value::Object(fields)) = built.levels.get_mut(level) {
            fields.insert("lines".to_owned(), Value::Array(told));
        }
    };
    let ship = built.level(None, "S");
    put_lines(&mut built, ship, None);
    for (place, package) in document.packages.iter().enumerate() {
        let parent = document
            .packages
            .iter()
            .position(|outer| Some(&outer.number) == package.parent.as_ref());
        let under = parent.map_or(ship, |parent| parent.saturating_add(1));
        let level = built.level(Some(under), "P");
        let from = format!("/packages/{place}");
        let told = value.pointer(&from).cloned().unwrap_or_default();
        built.put(level, "package", told, vec![from]);
        put_lines(&mut built, level, Some(&package.number));
    }
    (Value::Array(built.levels), built.origins)
}

/// Turns the list `levels` that was read into packages and lines.
pub(super) fn restore(root: &mut Value) {
    let Some(Value::Array(levels)) =
        root.as_object_mut().and_then(|fields| fields.remove("levels"))
    else {
        return;
    };
    let (mut packages, mut lines) = (Vec::new(), Vec::new());
    // HL01 or 7164 of a level: the package and the order that what stands under it belongs to.
    let mut known: HashMap<String, (Option<String>, Value)> = HashMap::new();
    // The orders, in order, and those that a line belongs to.
    let mut orders: Vec<Value> = Vec::new();
    let (mut seen, mut used) = (HashSet::new(), HashSet::new());
    for level in levels {
        let text = |field: &str| level.get(field).and_then(Value::as_str);
        let above = text("parent").and_then(|parent| known.get(parent));
        let (mut package, mut order) = above.cloned().unwrap_or_default();
        if let Some(own) = level.get("order").filter(|own| own.is_object()) {
            order = own.clone();
            if seen.insert(own.to_string()) {
                orders.push(own.clone());
            }
        }
        let is_package = match text("level") {
            Some(level) => matches!(level, "P" | "T"),
            None => text("parent").is_some(),
        };
        if is_package || level.get("package").is_some_and(Value::is_object) {
            let mut own = level.get("package").cloned().unwrap_or_default();
            if !own.is_object() {
                own = json!({});
            }
            let number = packages.len().saturating_add(1).to_string();
            super::pointer::set(&mut own, "/number", Value::from(number.clone()));
            super::pointer::set(&mut own, "/parent", Value::from(package.take()));
            packages.push(own);
            package = Some(number);
        }
        if let Some(number) = text("number") {
            known.insert(number.to_owned(), (package.clone(), order.clone()));
        }
        let single = level.get("line").cloned();
        let several = level.get("lines").and_then(Value::as_array).cloned();
        for mut line in single.into_iter().chain(several.into_iter().flatten()) {
            super::pointer::set(&mut line, "/package", Value::from(package.clone()));
            if order.is_object() {
                super::pointer::set(&mut line, "/order", order.clone());
                used.insert(order.to_string());
            }
            lines.push(line);
        }
    }
    let lines_are_none = lines.is_empty();
    super::pointer::set(root, "/packages", Value::Array(packages));
    super::pointer::set(root, "/lines", Value::Array(lines));
    // Of a shipment without lines, and of an order without, the order is known all the same.
    let mut alone = orders.into_iter().filter(|own| !used.contains(&own.to_string()));
    if lines_are_none && root.get("about").is_none() {
        let first = alone.next().unwrap_or_default();
        super::pointer::set(root, "/about", first);
    }
    for mut own in alone {
        let place = super::pointer::length(root, "/references");
        super::pointer::set(&mut own, "/kind", Value::from("order"));
        super::pointer::set(root, &format!("/references/{place}"), own);
    }
}
