//! HTML as plain lines. [`ammonia`] makes it harmless and well-formed first; what is left is
//! walked once. Quoted containers become `>` lines, so that `strip` knows them.

use std::collections::HashSet;

use super::strip::head;

/// A mail longer than this is cut before it is looked at.
const LONGEST: usize = 512 * 1024;
/// Quotations are marked up to this depth.
const DEEPEST: usize = 8;

/// The words of an HTML mail.
pub(super) fn to_text(html: &str) -> String {
    let clean = ammonia::Builder::default()
        .generic_attributes(HashSet::from(["class", "id"]))
        .link_rel(None)
        .clean(head(html, LONGEST))
        .to_string();
    let mut page = Page::default();
    let mut rest = clean.as_str();
    while let Some((words, tagged)) = rest.split_once('<') {
        page.words(words);
        let Some((tag, after)) = tagged.split_once('>') else { break };
        page.tag(tag);
        rest = after;
    }
    if !rest.contains('<') {
        page.words(rest);
    }
    page.finish()
}

#[derive(Default)]
struct Page {
    text: String,
    line: String,
    gap: usize,
    /// For each open container: whether it is a quotation.
    open: Vec<bool>,
    /// For each open link: where it leads, and where its words begin.
    links: Vec<(String, usize)>,
    kept: usize,
}

impl Page {
    fn words(&mut self, escaped: &str) {
        let words = unescaped(escaped);
        if self.kept > 0 {
            for (at, line) in words.split('\n').enumerate() {
                if at > 0 {
                    self.end_line();
                }
                self.line.push_str(line);
            }
            return;
        }
        for piece in words.split_inclusive(char::is_whitespace) {
            let word = piece.trim_end_matches(char::is_whitespace);
            self.line.push_str(word);
            let spaced = word.len() < piece.len() && !self.line.is_empty();
            if spaced && !self.line.ends_with(' ') {
                self.line.push(' ');
            }
        }
    }

    fn tag(&mut self, tag: &str) {
        let (closing, tag) = match tag.strip_prefix('/') {
            Some(tag) => (true, tag),
            None => (false, tag),
        };
        let name = tag.split([' ', '/']).next().unwrap_or_default();
        match (name, closing) {
            ("br", _) => self.end_line(),
            ("hr", _) => self.paragraph(),
            ("li", false) => {
                self.break_line();
                self.line.push_str("- ");
            }
            ("td" | "th", true) => self.line.push(' '),
            ("a", false) => {
                let to = attribute(tag, "href").unwrap_or_default();
                self.links.push((to, self.line.len()));
            }
            ("a", true) => self.end_link(),
            ("div" | "blockquote", false) => {
                self.break_line();
                self.open.push(name == "blockquote" || is_quotation(tag));
            }
            ("div" | "blockquote", true) => {
                self.break_line();
                self.open.pop();
            }
            ("pre", false) => {
                self.paragraph();
                self.kept += 1;
            }
            ("pre", true) => {
                self.kept = self.kept.saturating_sub(1);
                self.paragraph();
            }
            (
                "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "ul" | "ol" | "table",
                _,
            ) => {
                self.paragraph();
            }
            (
                "tr" | "dt" | "dd" | "li" | "article" | "section" | "header" | "footer",
                _,
            ) => {
                self.break_line();
            }
            _ => {}
        }
    }

    /// A link whose words do not say where it leads says so behind them.
    fn end_link(&mut self) {
        let Some((to, from)) = self.links.pop() else { return };
        let words = self.line.get(from..).unwrap_or_default().trim();
        let bare = to.trim_start_matches("mailto:");
        if to.starts_with("http") && !words.is_empty() && words != bare && to.len() < 300
        {
            let shown = self.line.trim_end().len();
            self.line.truncate(shown);
            self.line.extend([" (", &to, ")"]);
        }
    }

    fn break_line(&mut self) {
        if !self.line.trim().is_empty() {
            self.end_line();
        }
        self.line.clear();
    }

    fn paragraph(&mut self) {
        self.break_line();
        self.gap = self.gap.max(1);
    }

    fn end_line(&mut self) {
        self.links.iter_mut().for_each(|(_, from)| *from = 0);
        let line = std::mem::take(&mut self.line);
        let depth = self.open.iter().filter(|quoted| **quoted).count().min(DEEPEST);
        if line.trim().is_empty() {
            self.gap += 1;
            return;
        }
        let mark = "> ".repeat(depth);
        for _ in 0..std::mem::take(&mut self.gap).min(2) {
            self.text.push_str(mark.trim_end());
            self.text.push('\n');
        }
        self.text.push_str(&mark);
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    fn finish(mut self) -> String {
        self.break_line();
        self.text.trim_matches('\n').to_owned()
    }
}

/// Containers in which mail programs put what they quote. Our own line stands in none of them
/// when our own mail is read.
fn is_quotation(tag: &str) -> bool {
    const QUOTES: &[&str] = &[
        "gmail_quote",
        "yahoo_quoted",
        "moz-cite-prefix-quote",
        "protonmail_quote",
        "zmail_extra",
    ];
    let class = attribute(tag, "class").unwrap_or_default();
    class.split(' ').any(|word| QUOTES.contains(&word))
}

/// An attribute's value. [`ammonia`] writes each as ` name="value"`, escaped.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let start = format!(" {name}=\"");
    let (_, value) = tag.split_once(start.as_str())?;
    value.split_once('"').map(|(value, _)| unescaped(value))
}

/// [`ammonia`] writes no other entities than these.
fn unescaped(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let plain = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    plain.replace("&nbsp;", "\u{a0}").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::proptest;

    use super::to_text;
    use crate::arrivals::strip::reply;

    #[test]
    fn lines_and_lists_stay_lines_and_lists() {
        let html = "<p>Hello <b>Ana</b>,</p><p>two\n  things:</p><ul><li>one</li><li>2 &lt; 3 &amp; so</li></ul>bye<br>X";
        assert_eq!(
            to_text(html),
            "Hello Ana,\n\ntwo things:\n\n- one\n- 2 < 3 & so\n\nbye\nX"
        );
    }

    #[test]
    fn what_runs_or_hides_is_gone() {
        let html = "<style>p{}</style><script>alert(1)</script><p onclick='x'>a<img src=x onerror=y></p><a href='javascript:x'>b</a> <a href='https://h.test/'>c</a>";
        assert_eq!(to_text(html), "a\n\nb c (https://h.test/)");
    }

    #[test]
    fn what_programs_quote_is_known() {
        let gmail = "<div dir=\"ltr\">Yes.</div><br><div class=\"gmail_quote\"><div class=\"gmail_attr\">On Mon, Nov 22, 2026 Ana &lt;a@h.test&gt; wrote:<br></div><blockquote><div>Is it?</div></blockquote></div>";
        assert_eq!(reply(&to_text(gmail)), "Yes.");
        let apple = "Yes.<br><div><br><blockquote type=\"cite\"><div>On 22 Nov 2026, at 10:00, Ana &lt;a@h.test&gt; wrote:</div><div>Is it?</div></blockquote></div>";
        assert_eq!(reply(&to_text(apple)), "Yes.");
        let outlook = "<div>Yes.</div><div id=\"divRplyFwdMsg\"><b>From:</b> Ana<br><b>Sent:</b> Monday<br><b>To:</b> X<br><b>Subject:</b> s</div><div>Is it?</div>";
        assert_eq!(reply(&to_text(outlook)), "Yes.");
    }

    proptest! {
        #[test]
        fn property_no_html_makes_it_panic(html in "(<(/?(div|p|a href=\"x\"|pre|blockquote|br|li|td)|[^>]{0,5})>|[a-z&;<> \n]{0,6}){0,30}") {
            to_text(&html);
        }
    }
}
