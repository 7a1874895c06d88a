//! Our trees, as one line each.

use iac_check::syntax::{Body, Expression, ExpressionKind as Kind, ObjectItem, ObjectKey, TemplatePart, Unary};

fn all(expressions: &[Expression]) -> String {
    expressions.iter().map(expression).collect::<Vec<_>>().join(" ")
}

pub(crate) fn expression(it: &Expression) -> String {
    match &it.kind {
        Kind::Null => "null".to_owned(),
        Kind::Bool(it) => it.to_string(),
        Kind::Number(it) | Kind::Variable(it) => it.clone(),
        Kind::Text(it) => format!("{it:?}"),
        Kind::Template(parts) => format!("t({})", show_parts(parts)),
        Kind::Tuple(items) => format!("[{}]", all(items)),
        Kind::Object(items) => {
            let show_item = |item: &ObjectItem| match &item.key {
                ObjectKey::Name { name, .. } => format!("{name}={}", expression(&item.value)),
                ObjectKey::Expression(key) => format!("<{}>={}", expression(key), expression(&item.value)),
            };
            format!("{{{}}}", items.iter().map(show_item).collect::<Vec<_>>().join(" "))
        }
        Kind::Attribute { of, name } => format!("{}.{name}", expression(of)),
        Kind::Index { of, key } => format!("{}[{}]", expression(of), expression(key)),
        Kind::Splat { of, each } => format!("{}*({})", expression(of), expression(each)),
        Kind::SplatItem => "@".to_owned(),
        Kind::Call { name, arguments, is_expanded } => {
            format!("{name}({}{})", all(arguments), if *is_expanded { "..." } else { "" })
        }
        Kind::Unary { operator: Unary::Minus, of } => format!("(- {})", expression(of)),
        Kind::Unary { operator: Unary::Not, of } => format!("(! {})", expression(of)),
        Kind::Binary { operator, left, right } => format!("({operator:?} {} {})", expression(left), expression(right)),
        Kind::Conditional { condition, yes, no } => {
            format!("(if {} {} {})", expression(condition), expression(yes), expression(no))
        }
        Kind::For { key_name, value_name, over, key, value, is_grouped, condition } => format!(
            "for({}{value_name} in {}: {}{}{}{})",
            key_name.as_ref().map_or(String::new(), |it| format!("{it},")),
            expression(over),
            key.as_ref().map_or(String::new(), |it| format!("{} => ", expression(it))),
            expression(value),
            if *is_grouped { "..." } else { "" },
            condition.as_ref().map_or(String::new(), |it| format!(" if {}", expression(it))),
        ),
        Kind::Parenthesis(it) => format!("({})", expression(it)),
    }
}

fn show_parts(parts: &[TemplatePart]) -> String {
    let show_part = |part: &TemplatePart| match part {
        TemplatePart::Text(it) => format!("{it:?}"),
        TemplatePart::Interpolation(it) => expression(it),
        TemplatePart::If { condition, yes, no } => {
            format!("if({} {} | {})", expression(condition), show_parts(yes), show_parts(no))
        }
        TemplatePart::For { key_name, value_name, over, body } => format!(
            "for({}{value_name} in {} {})",
            key_name.as_ref().map_or(String::new(), |it| format!("{it},")),
            expression(over),
            show_parts(body)
        ),
    };
    parts.iter().map(show_part).collect::<Vec<_>>().join(" ")
}

/// A body: its arguments, then its blocks.
pub(crate) fn body(it: &Body) -> String {
    let arguments = it.attributes.iter().map(|it| format!("{} = {}", it.name, expression(&it.value)));
    let blocks = it.blocks.iter().map(|block| {
        let labels: Vec<_> = block.labels.iter().map(|label| format!("{:?} ", label.text)).collect();
        format!("{} {}{{{}}}", block.kind, labels.concat(), body(&block.body))
    });
    arguments.chain(blocks).collect::<Vec<_>>().join("; ")
}

/// Without blanks, and without texts that are nothing else: where two readers trim templates at different times.
pub(crate) fn loose(shown: &str) -> String {
    let mut loose: String = shown.chars().filter(|it| !it.is_whitespace()).collect();
    for blank in ["\\n", "\\r", "\\t", "\\u{a0}", "\"\""] {
        loose = loose.replace(blank, "");
    }
    loose
}
