//! Expressions of every function and operator, with inputs that are not known and inputs that are: nothing that is known
//! without an input is otherwise with it.
#![no_main]

mod expression;
mod monotone;
mod run;

use arbitrary::Unstructured;
use expression::{INPUTS, Kind, Writer};
use iac_check::files::Memory;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut bytes = Unstructured::new(bytes);
    let world: [u8; INPUTS.len()] = bytes.arbitrary().unwrap_or_default();
    let is_written = bytes.ratio(1, 16).unwrap_or(false);
    let code = code(&mut Writer::of(bytes));
    let files = Memory::of([("main.tf", code.as_str())]);
    let given = INPUTS.iter().zip(world).filter_map(|(input, at)| {
        // One more than there are values: it stays unknown.
        let value = input.values.get(usize::from(at) % (input.values.len() + 1))?;
        Some((input.name.to_owned(), (*value).to_owned()))
    });
    let given: Vec<_> = given.collect();
    let (general, world) = (monotone::evaluate(&files, &[]), monotone::evaluate(&files, &given));
    if let Some(trouble) = monotone::disagreement(&general, &world) {
        panic!("{trouble}\nwith {given:?}\n{code}");
    }
    if is_written {
        run::run(&files, &["inspect", ".", "--format", "json"]);
    }
});

/// A root module whose resources are made of expressions.
fn code(writer: &mut Writer) -> String {
    let mut text = String::new();
    for input in INPUTS {
        text.push_str(&format!("variable \"{}\" {{\n  type = {}\n}}\n", input.name, input.r#type));
    }
    let local = writer.expression(Kind::Any);
    text.push_str(&format!("locals {{\n  a = {local}\n}}\n"));
    writer.has_local = true;
    let (any, words, is_so) = (writer.expression(Kind::Any), writer.expression(Kind::Text), writer.expression(Kind::Bool));
    text.push_str(&format!(
        "resource \"aws_vpc\" \"a\" {{\n  cidr_block = {words}\n  enable_dns_support = {is_so}\n  tags = {{ a = {any} }}\n}}\n"
    ));
    if writer.flip() {
        let each = writer.expression(Kind::Map);
        let value = writer.expression(Kind::Text);
        text.push_str(&format!(
            "resource \"aws_vpc\" \"each\" {{\n  for_each = {each}\n  tags = {{ k = each.key, v = each.value, w = {value} }}\n}}\n"
        ));
    }
    if writer.flip() {
        let (count, many) = (writer.expression(Kind::Small), writer.expression(Kind::Texts));
        text.push_str(&format!(
            "resource \"aws_route_table\" \"many\" {{\n  count = {count}\n  dynamic \"route\" {{\n    for_each = {many}\n    content {{\n      cidr_block = route.value\n    }}\n  }}\n}}\n"
        ));
        text.push_str("resource \"aws_subnet\" \"b\" {\n  vpc_id = aws_vpc.a.id\n  tags = aws_route_table.many[*].route\n}\n");
    } else {
        text.push_str("resource \"aws_subnet\" \"b\" {\n  vpc_id = aws_vpc.a.id\n}\n");
    }
    text
}
