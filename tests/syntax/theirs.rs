//! `hcl-edit`'s trees, shown as ours are.

use hcl_edit::{
    expr::{BinaryOperator, Expression, ObjectKey, TraversalOperator, UnaryOperator},
    structure::Body,
    template::{Directive, Element, Template},
};

/// A whole file, if `hcl-edit` reads it.
pub(crate) fn file(text: &str) -> Option<String> {
    text.parse::<Body>().ok().map(|it| body(&it))
}

fn body(it: &Body) -> String {
    let arguments = it.attributes().map(|it| format!("{} = {}", it.key.as_str(), expression(&it.value)));
    let blocks = it.blocks().map(|block| {
        let labels: Vec<_> = block.labels.iter().map(|label| format!("{:?} ", label.as_str())).collect();
        format!("{} {}{{{}}}", block.ident.as_str(), labels.concat(), body(&block.body))
    });
    arguments.chain(blocks).collect::<Vec<_>>().join("; ")
}

fn all<'a>(expressions: impl Iterator<Item = &'a Expression>) -> String {
    expressions.map(expression).collect::<Vec<_>>().join(" ")
}

fn expression(it: &Expression) -> String {
    match it {
        Expression::Null(_) => "null".to_owned(),
        Expression::Bool(it) => it.value().to_string(),
        Expression::Number(it) => {
            let written = it.as_repr().map_or_else(|| it.value().to_string(), |it| it.to_string());
            // They take a sign before digits into the number.
            written.strip_prefix('-').map(|digits| format!("(- {})", digits.trim())).unwrap_or(written)
        }
        Expression::String(it) => format!("{:?}", it.as_str()),
        Expression::Array(it) => format!("[{}]", all(it.iter())),
        Expression::Object(it) => {
            let items = it.iter().map(|(key, value)| match key {
                ObjectKey::Ident(name) => format!("{}={}", name.as_str(), expression(value.expr())),
                ObjectKey::Expression(Expression::Variable(name)) => {
                    format!("{}={}", name.as_str(), expression(value.expr()))
                }
                ObjectKey::Expression(key @ (Expression::Null(_) | Expression::Bool(_))) => {
                    format!("{}={}", expression(key), expression(value.expr()))
                }
                ObjectKey::Expression(key) => format!("<{}>={}", expression(key), expression(value.expr())),
            });
            format!("{{{}}}", items.collect::<Vec<_>>().join(" "))
        }
        Expression::StringTemplate(it) => template(&it.iter().collect::<Vec<_>>()),
        Expression::HeredocTemplate(it) => template(&it.template.iter().collect::<Vec<_>>()),
        Expression::Parenthesis(it) => format!("({})", expression(it.inner())),
        Expression::Variable(it) => it.as_str().to_owned(),
        Expression::Conditional(it) => {
            format!("(if {} {} {})", expression(&it.cond_expr), expression(&it.true_expr), expression(&it.false_expr))
        }
        Expression::FuncCall(it) => {
            let names = it.name.namespace.iter().map(|it| it.as_str()).chain([it.name.name.as_str()]);
            let expansion = if it.args.expand_final() { "..." } else { "" };
            format!("{}({}{expansion})", names.collect::<Vec<_>>().join("::"), all(it.args.iter()))
        }
        Expression::Traversal(it) => steps(expression(&it.expr), it.operators.iter().map(hcl_edit::Decorated::value)),
        Expression::UnaryOp(it) => {
            let sign = if *it.operator.value() == UnaryOperator::Neg { "-" } else { "!" };
            format!("({sign} {})", expression(&it.expr))
        }
        Expression::BinaryOp(it) => {
            format!("({} {} {})", operator(*it.operator.value()), expression(&it.lhs_expr), expression(&it.rhs_expr))
        }
        Expression::ForExpr(it) => format!(
            "for({}{} in {}: {}{}{}{})",
            it.intro.key_var.as_ref().map_or(String::new(), |it| format!("{},", it.as_str())),
            it.intro.value_var.as_str(),
            expression(&it.intro.collection_expr),
            it.key_expr.as_ref().map_or(String::new(), |it| format!("{} => ", expression(it))),
            expression(&it.value_expr),
            if it.grouping { "..." } else { "" },
            it.cond.as_ref().map_or(String::new(), |it| format!(" if {}", expression(&it.expr))),
        ),
    }
}

/// What a traversal's steps make of `shown`: a splat takes those that are its own.
fn steps<'a>(shown: String, operators: impl Iterator<Item = &'a TraversalOperator>) -> String {
    let mut shown = shown;
    // The splats that are open, and of these how many are of the kind that brackets end.
    let mut open = Vec::new();
    for operator in operators {
        if open.last() == Some(&true)
            && matches!(
                operator,
                TraversalOperator::Index(_) | TraversalOperator::FullSplat(_) | TraversalOperator::AttrSplat(_)
            )
        {
            open.pop();
            shown.push(')');
        }
        match operator {
            TraversalOperator::AttrSplat(_) => {
                shown.push_str("*(@");
                open.push(true);
            }
            TraversalOperator::FullSplat(_) => {
                shown.push_str("*(@");
                open.push(false);
            }
            TraversalOperator::GetAttr(name) => shown = format!("{shown}.{}", name.as_str()),
            TraversalOperator::Index(key) => shown = format!("{shown}[{}]", expression(key)),
            TraversalOperator::LegacyIndex(index) => shown = format!("{shown}[{}]", index.value()),
        }
    }
    shown + &")".repeat(open.len())
}

fn operator(it: BinaryOperator) -> &'static str {
    match it {
        BinaryOperator::Or => "Or",
        BinaryOperator::And => "And",
        BinaryOperator::Eq => "Equal",
        BinaryOperator::NotEq => "NotEqual",
        BinaryOperator::Less => "Less",
        BinaryOperator::LessEq => "LessOrEqual",
        BinaryOperator::Greater => "Greater",
        BinaryOperator::GreaterEq => "GreaterOrEqual",
        BinaryOperator::Plus => "Plus",
        BinaryOperator::Minus => "Minus",
        BinaryOperator::Mul => "Times",
        BinaryOperator::Div => "Divide",
        BinaryOperator::Mod => "Remainder",
    }
}

fn template(elements: &[&Element]) -> String {
    let literals: Option<Vec<_>> = elements.iter().map(|it| it.as_literal().map(|it| it.as_str())).collect();
    match literals {
        Some(literals) => format!("{:?}", literals.concat()),
        None => format!("t({})", parts(elements.iter().copied())),
    }
}

fn parts<'a>(elements: impl Iterator<Item = &'a Element>) -> String {
    let shown = elements.map(|element| match element {
        Element::Literal(it) => format!("{:?}", it.as_str()),
        Element::Interpolation(it) => expression(&it.expr),
        Element::Directive(it) => directive(it),
    });
    shown.collect::<Vec<_>>().join(" ")
}

fn directive(it: &Directive) -> String {
    let inner = |it: &Template| parts(it.iter());
    match it {
        Directive::If(it) => format!(
            "if({} {} | {})",
            expression(&it.if_expr.cond_expr),
            inner(&it.if_expr.template),
            it.else_expr.as_ref().map_or(String::new(), |it| inner(&it.template)),
        ),
        Directive::For(it) => format!(
            "for({}{} in {} {})",
            it.for_expr.key_var.as_ref().map_or(String::new(), |it| format!("{},", it.as_str())),
            it.for_expr.value_var.as_str(),
            expression(&it.for_expr.collection_expr),
            inner(&it.for_expr.template)
        ),
    }
}
