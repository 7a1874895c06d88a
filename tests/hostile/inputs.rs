//! Files beside the code and plans that are made to break their reader: settings, values, baselines, manifests, archives.

use std::{
    fs,
    io::{Cursor, Write as _},
    os::unix::fs::symlink,
    process::{Command, Stdio},
};

use zip::{ZipWriter, write::SimpleFileOptions};

use super::{
    folder,
    names::{KEY, harmless},
    run,
};

const CODE: &str = "resource \"aws_vpc\" \"a\" {\n  cidr_block = \"10.0.0.0/16\"\n}\n";
const TEMPLATE: &str = "Resources:\n  A: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: 10.0.0.0/16}}\n";

/// Every kind of file that is read beside what is checked, and the question by which it is.
const BESIDE: &[(&str, &[&str])] = &[
    (".iac-check.toml", &["check"]),
    ("it.toml", &["check", "--config", "it.toml"]),
    ("terraform.tfvars", &["check"]),
    ("terraform.tfvars.json", &["check"]),
    ("it.txt", &["check", "--var-file", "it.txt"]),
    ("it.txt", &["check", "--baseline", "it.txt"]),
    ("it.json", &["check", "it.yaml", "--parameters", "it.json"]),
    ("it.toml", &["check", "it.yaml", "--parameters", "it.toml"]),
    ("manifest.json", &["check"]),
    ("cdk.out/manifest.json", &["check", "cdk.out"]),
    (".terraform/modules/modules.json", &["check"]),
];

#[test]
fn what_is_nested_beside_the_code_is_answered() {
    let million = |open: &str| open.repeat(1_000_000);
    let texts = [
        million("["),
        million("{\"a\":"),
        million("a = ["),
        format!("a = {}", million("[")),
        format!("a = {}", million("{a=")),
        format!("{}b = 1\n", million("a.")),
        format!("[{}b]\n", million("a.")),
        format!("{{\"artifacts\": {}", million("[")),
        format!("{{\"Modules\": {}", million("[")),
        format!("{{\"schema_version\": \"1\", \"findings\": {}", million("[")),
    ];
    for (at, text) in texts.iter().enumerate() {
        for (file, question) in BESIDE {
            let folder = folder(
                "beside",
                &[("main.tf", CODE.as_bytes()), ("it.yaml", TEMPLATE.as_bytes()), (file, text.as_bytes())],
            );
            let ended = run(&folder, question);
            assert!(ended.stderr.lines().count() <= 3, "{file} {at}: {}", ended.stderr);
        }
    }
}

#[test]
fn hostile_words_beside_the_code_do_nothing() {
    let key: String = serde_json::from_str(&format!("\"{KEY}\"")).unwrap();
    let json = serde_json::to_string(&key).unwrap();
    let texts = [
        format!("{json} = {json}\n[rules]\n{json} = \"off\"\n"),
        format!("exclude = [{json}]\n[variables]\n{json} = {json}\n"),
        format!("{{{json}: {json}}}"),
        format!("a = {json} {json}\n{key}\n"),
        format!("{{\"schema_version\": {json}, \"findings\": []}}"),
        format!("[{{\"ParameterKey\": {json}, \"ParameterValue\": {json}}}]"),
        format!(
            "{{\"artifacts\": {{{json}: {{\"type\": \"aws:cloudformation:stack\", \"displayName\": {json}, \
             \"properties\": {{\"templateFile\": {json}, \"stackName\": {json}}}}}}}}}"
        ),
    ];
    for (at, text) in texts.iter().enumerate() {
        for (file, question) in BESIDE {
            let allowed = format!("# iac-check: allow({}) because {}\n{CODE}", one_line(&key), one_line(&key));
            let folder = folder(
                "words_beside",
                &[("main.tf", allowed.as_bytes()), ("it.yaml", TEMPLATE.as_bytes()), (file, text.as_bytes())],
            );
            for format in ["text", "json", "sarif", "github", "gitlab", "junit", "markdown", "html"] {
                let arguments = [question, &["--possible", "--verbose", "--format", format][..]].concat();
                let ended = run(&folder, &arguments);
                harmless(&arguments, &ended);
                assert!(ended.status != 2 || ended.stderr.lines().count() <= 2, "{at} {file}: {}", ended.stderr);
            }
        }
    }
}

fn one_line(text: &str) -> String {
    text.replace(['\r', '\n'], " ")
}

#[test]
fn files_that_nobody_writes_by_hand_are_not_read() {
    let folder = folder("large", &[("main.tf", CODE.as_bytes()), ("it.yaml", TEMPLATE.as_bytes())]);
    for (file, question) in BESIDE {
        let path = folder.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        // A hole, which takes no room on the disk.
        fs::File::create(&path).unwrap().set_len((16 << 20) + 1).unwrap();
        let ended = run(&folder, question);
        let is_told = ended.all().contains("larger than 16 MiB");
        let is_passed_over = file.ends_with("manifest.json") || file.ends_with("modules.json");
        assert!(is_told || is_passed_over, "{file}: {}", ended.all());
        fs::remove_file(path).unwrap();
    }
    // A named template; one in a folder; and what code asks for: an archive is as large as it is.
    fs::File::create(folder.join("large.yaml")).unwrap().set_len((16 << 20) + 1).unwrap();
    for path in ["large.yaml", "."] {
        let ended = run(&folder, &["check", path]);
        assert!(ended.stderr.contains("large.yaml: is larger than 16 MiB"), "{}", ended.all());
    }
    fs::write(
        folder.join("main.tf"),
        "locals {\n  a = filesha256(\"large.yaml\")\n}\nresource \"aws_vpc\" \"a\" {\n  cidr_block = local.a\n}\n",
    )
    .unwrap();
    let ended = run(&folder, &["check", "main.tf", "--possible"]);
    assert!(!ended.all().contains("evaluation_error"), "{}", ended.all());
}

#[test]
fn as_many_allowances_as_fit_are_looked_through() {
    let text = "# iac-check: allow(nat_loop) because it may\n".repeat(100_000) + CODE;
    let folder = folder("allowances", &[("main.tf", text.as_bytes())]);
    let ended = run(&folder, &["check", "--severity", "warning"]);
    assert_eq!(ended.status, 0, "{}", ended.all());
}

#[test]
fn what_lies_outside_of_the_repository_is_read_for_nobody() {
    let around = folder(
        "beyond",
        &[
            ("in/.git/HEAD", b""),
            ("in/t.yaml", b"Resources:\n  N: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: ../out/t.yaml}}\n  L: {Type: 'AWS::CloudFormation::Stack', Properties: {TemplateURL: link.yaml}}\n"),
            ("in/main.tf", b"variable \"v\" {}\nresource \"aws_vpc\" \"a\" {\n  tags = { a = var.v }\n}\n"),
            ("in/cdk.out/manifest.json", b"{\"artifacts\": {\"A\": {\"type\": \"aws:cloudformation:stack\", \"properties\": {\"templateFile\": \"../../out/t.yaml\"}}}}"),
            ("out/t.yaml", b"Resources:\n  OfOthers: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: 10.9.0.0/16}}\n"),
            ("out/it.tfvars", b"v = \"OfOthers\"\n"),
        ],
    );
    symlink("../out/t.yaml", around.join("in/link.yaml")).unwrap();
    for path in ["t.yaml", "cdk.out", "."] {
        let told = run(&around.join("in"), &["inspect", path]).all();
        assert!(!told.contains("OfOthers"), "{path}: {told}");
    }
    fs::write(around.join("in/.iac-check.toml"), "var_files = [\"../out/it.tfvars\"]\n").unwrap();
    let ended = run(&around.join("in"), &["inspect", "main.tf"]);
    assert!(ended.status == 2 && ended.stderr.contains("outside of the repository"), "{}", ended.all());
}

/// The names of the files in an archive, and what they hold.
type Entries = Vec<(String, Vec<u8>)>;

/// A binary plan with these files in it.
fn archive(files: impl IntoIterator<Item = (String, Vec<u8>)>) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, contents) in files {
        archive.start_file(name, SimpleFileOptions::default()).unwrap();
        archive.write_all(&contents).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[test]
fn archives_are_unpacked_within_bounds() {
    let scenario = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/scenarios/story_1_before");
    let plan = fs::read(format!("{scenario}/plan.json")).unwrap();
    let modules = |text: &str| ("tfconfig/modules.json".to_owned(), text.as_bytes().to_vec());
    let root = "[{\"Key\": \"\", \"Dir\": \".\"}]";
    let many: Vec<String> = (0..20_000).map(|at| format!("{{\"Key\": \"k{at}\", \"Dir\": \"d{at}\"}}")).collect();
    let many = format!("[{}]", many.join(","));
    let bomb = vec![b'\n'; 80 << 20];
    let bombs: [(&str, Entries, &str); 5] = [
        ("bomb", vec![modules(root), ("tfconfig/m-/main.tf".to_owned(), bomb.clone())], "more than 64 MiB"),
        ("manifest", vec![("tfconfig/modules.json".to_owned(), bomb)], "without the code"),
        (
            "climbing",
            vec![
                modules("[{\"Key\": \"\", \"Dir\": \"../../../../etc\"}, {\"Key\": \"a\", \"Dir\": \"/etc\"}]"),
                ("tfconfig/m-/../../main.tf".to_owned(), CODE.into()),
                ("tfconfig/m-a//etc/main.tf".to_owned(), CODE.into()),
                ("/etc/main.tf".to_owned(), CODE.into()),
            ],
            "",
        ),
        (
            "many",
            std::iter::once(modules(&many))
                .chain((0..20_000).map(|at| (format!("tfconfig/m-k{at}/main.tf"), Vec::new())))
                .collect(),
            "",
        ),
        ("repeated", vec![modules(&format!("[{}]", [&root[1..root.len() - 1]; 10_000].join(",")))], ""),
    ];
    for (name, files, told) in bombs {
        let archive = archive(files);
        let cut = archive.len() - archive.len() / 3;
        let folder =
            folder(&format!("archive_{name}"), &[("plan.json", &plan), ("it", &archive), ("cut", &archive[..cut])]);
        for source in ["it", "cut"] {
            let ended = run(&folder, &["check", "plan.json", "--source", source]);
            assert!(ended.status != 2, "{name}: {}", ended.all());
            assert!(source == "cut" || ended.stderr.contains(told), "{name}: {}", ended.all());
        }
        let ended = run(&folder, &["check", "it"]);
        assert!(ended.status == 2 && ended.stderr.lines().count() == 1, "{name}: {}", ended.all());
    }
}

#[test]
fn a_machine_without_room_is_one_clear_line() {
    let folder = folder("no_room", &[("main.tf", CODE.as_bytes())]);
    let mut command = Command::new("sh");
    command.args([
        "-c",
        "ulimit -v 240000 2> /dev/null || exit 77; exec \"$0\" check",
        env!("CARGO_BIN_EXE_iac-check"),
    ]);
    let output = command.current_dir(&folder).env_clear().stdin(Stdio::null()).output().unwrap();
    if output.status.code() == Some(77) {
        return;
    }
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{told}");
    assert!(told.lines().count() == 1 && told.contains("256 MiB"), "{told}");
}
