//! What holds for the places of every tree.

use iac_check::{
    source::Span,
    syntax::{Body, Expression, ExpressionKind as Kind, ObjectKey, Parsed, TemplatePart},
};

/// Every place lies in the text, on whole characters, and in the place of what it is a part of.
pub(crate) fn check(text: &str, parsed: &Parsed) {
    let whole = 0..u32::try_from(text.len()).unwrap();
    let walk = Walk { text };
    for span in parsed.comments.iter().map(|it| it.span).chain(parsed.errors.iter().map(|it| it.span)) {
        walk.within(span, whole.start, whole.end);
    }
    walk.body(&parsed.body, whole.start, whole.end);
}

struct Walk<'a> {
    text: &'a str,
}

impl Walk<'_> {
    fn within(&self, span: Span, start: u32, end: u32) {
        let bytes = span.bytes();
        assert!(start <= span.start && span.start <= span.end && span.end <= end, "{bytes:?} in {start}..{end}");
        assert!(self.text.get(bytes.clone()).is_some(), "{bytes:?} cuts a character");
    }

    fn body(&self, body: &Body, start: u32, end: u32) {
        for attribute in &body.attributes {
            self.within(attribute.name_span, start, end);
            assert_eq!(&self.text[attribute.name_span.bytes()], attribute.name);
            self.expression(&attribute.value, attribute.name_span.end, end);
        }
        for block in &body.blocks {
            self.within(block.span, start, end);
            self.within(block.header, block.span.start, block.span.end);
            for label in &block.labels {
                self.within(label.span, block.header.start, block.header.end);
            }
            assert!(self.text[block.span.bytes()].ends_with('}'));
            self.body(&block.body, block.header.end, block.span.end);
        }
    }

    fn expression(&self, it: &Expression, start: u32, end: u32) {
        self.within(it.span, start, end);
        let (start, end) = (it.span.start, it.span.end);
        let all = |parts: &[&Expression]| parts.iter().for_each(|it| self.expression(it, start, end));
        match &it.kind {
            Kind::Number(word) | Kind::Variable(word) => assert_eq!(&self.text[it.span.bytes()], word),
            Kind::Null | Kind::Bool(_) | Kind::Text(_) | Kind::SplatItem => {}
            Kind::Template(parts) => self.parts(parts, start, end),
            Kind::Tuple(items) | Kind::Call { arguments: items, .. } => items.iter().for_each(|it| all(&[it])),
            Kind::Object(items) => {
                for item in items {
                    match &item.key {
                        ObjectKey::Name { span, .. } => self.within(*span, start, end),
                        ObjectKey::Expression(key) => all(&[key]),
                    }
                    all(&[&item.value]);
                }
            }
            Kind::Attribute { of, .. } | Kind::Unary { of, .. } | Kind::Parenthesis(of) => all(&[of]),
            Kind::Index { of, key } => all(&[of, key]),
            Kind::Splat { of, each } => all(&[of, each]),
            Kind::Binary { left, right, .. } => all(&[left, right]),
            Kind::Conditional { condition, yes, no } => all(&[condition, yes, no]),
            Kind::For { over, key, value, condition, .. } => {
                all(&[over, value]);
                key.iter().chain(condition).for_each(|it| all(&[it]));
            }
        }
    }

    fn parts(&self, parts: &[TemplatePart], start: u32, end: u32) {
        for part in parts {
            match part {
                TemplatePart::Text(_) => {}
                TemplatePart::Interpolation(it) => self.expression(it, start, end),
                TemplatePart::If { condition, yes, no } => {
                    self.expression(condition, start, end);
                    self.parts(yes, start, end);
                    self.parts(no, start, end);
                }
                TemplatePart::For { over, body, .. } => {
                    self.expression(over, start, end);
                    self.parts(body, start, end);
                }
            }
        }
    }
}
