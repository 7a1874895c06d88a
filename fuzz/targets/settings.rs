//! What stands beside code, and is read of bytes: settings, values and parameters, baselines, binary plans, code in other
//! encodings. Each is read as it comes; where it is text, its errors lie in it, between characters.
#![no_main]

mod run;

use iac_check::{
    config::{Config, Text},
    files::{Memory, decode},
    plan::archive,
    secret::{redacted, secrets_in},
};
use libfuzzer_sys::fuzz_target;

const CODE: &str = "variable \"a\" {\n  type = any\n}\nresource \"aws_vpc\" \"a\" {\n  cidr_block = var.a\n  tags = var.a\n}\nresource \"aws_instance\" \"b\" {\n  ami = \"ami-1\"\n  user_data = var.a\n  associate_public_ip_address = true\n}\n";

const TEMPLATE: &str = "Parameters:\n  A: {Type: CommaDelimitedList}\n  B: {Type: String, NoEcho: true}\nResources:\n  V: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: !Select [0, !Ref A], Tags: [{Key: !Ref B, Value: x}]}}\n";

fuzz_target!(|bytes: &[u8]| {
    let Some((kind, bytes)) = bytes.split_first() else { return };
    if kind % 8 == 0 {
        if let Ok(files) = archive::configuration(bytes) {
            run::run(&files, &["check", "."]);
        }
        return;
    }
    let Ok(text) = decode(bytes.to_vec()) else { return };
    let beside = |name: &str, arguments: &[&str]| {
        let files = Memory::of([("main.tf", CODE), ("main.yaml", TEMPLATE), (name, text.as_str())]);
        run::run(&files, arguments);
    };
    match kind % 8 {
        1 | 2 => {
            if let Err(trouble) = Config::read(Text { path: ".iac-check.toml", text: &text, source: None }) {
                assert!(text.get(trouble.bytes.clone()).is_some(), "{trouble:?}");
            }
            beside(".iac-check.toml", &["check", "main.tf", "main.yaml", "--possible", "--verbose"]);
        }
        3 => beside("terraform.tfvars", &["inspect", "main.tf", "--format", "json"]),
        4 => beside("it.auto.tfvars.json", &["check", "main.tf", "--possible", "--format", "json"]),
        5 => beside("given.json", &["inspect", "main.yaml", "--parameters", "given.json", "--format", "json"]),
        6 => beside("base.json", &["check", ".", "--baseline", "base.json", "--format", "sarif"]),
        _ => {
            for part in secrets_in(&text, 0..text.len()) {
                assert!(text.get(part.clone()).is_some(), "{part:?}");
            }
            let _ = redacted(&text);
            beside("main.tf.json", &["check", ".", "--possible", "--verbose"]);
        }
    }
});
