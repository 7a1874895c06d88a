//! Paths that lead to pipes, devices, themselves, and out of the project.

use std::{fmt::Write as _, fs, os::unix::fs::symlink, path::Path, process::Command};

use super::{folder, run};

const CODE: &[u8] = b"resource \"aws_vpc\" \"a\" {\n  cidr_block = \"10.0.0.0/16\"\n}\n";

fn make_pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[test]
fn pipes_and_devices_are_refused_wherever_they_are_named() {
    let folder = folder("pipes", &[("main.tf", CODE), ("it.yaml", b"Resources: {A: {Type: 'AWS::EC2::VPC'}}\n")]);
    make_pipe(&folder.join("pipe"));
    for path in ["pipe", "/dev/zero", "/dev/full", "/dev/null"] {
        for arguments in [
            &["check", path][..],
            &["inspect", path],
            &["routes", path],
            &["egress", path],
            &["graph", path],
            &["changes", path],
            &["changes", path, path],
            &["trace", path, "--from", "10.0.0.1", "--to", "internet"],
            &["check", "--baseline", path],
            &["check", "--config", path],
            &["check", "--var-file", path],
            &["check", "it.yaml", "--parameters", path],
            &["check", "it.yaml", "--source", path],
        ] {
            let ended = run(&folder, arguments);
            let is_passed_over = arguments.contains(&"--source");
            assert!(ended.status == 2 || is_passed_over, "{arguments:?}: {}", ended.all());
            assert!(ended.stderr.lines().count() <= 2, "{arguments:?}: {}", ended.stderr);
        }
    }
}

#[test]
fn pipes_in_a_folder_are_passed_over() {
    let folder = folder(
        "pipes_within",
        &[(
            "main.tf",
            b"resource \"aws_vpc\" \"a\" {\n  tags = { a = file(\"pipe\"), b = templatefile(\"pipe\", {}) }\n}\n",
        )],
    );
    fs::create_dir_all(folder.join(".terraform/modules")).unwrap();
    for name in [
        "pipe",
        "a.tf",
        "a.tf.json",
        "a.json",
        "a.yaml",
        "terraform.tfvars",
        "a.auto.tfvars",
        ".iac-check.toml",
        ".terraform/modules/modules.json",
        "manifest.json",
        "cdk.json",
    ] {
        make_pipe(&folder.join(name));
    }
    for arguments in [&["check"][..], &["inspect"], &["graph"], &["egress", "."]] {
        let ended = run(&folder, arguments);
        assert!(ended.status != 2, "{arguments:?}: {}", ended.all());
    }
}

#[test]
fn links_in_circles_end() {
    let folder = folder("links", &[("main.tf", CODE), ("sub/main.tf", CODE)]);
    symlink("b.tf", folder.join("a.tf")).unwrap();
    symlink("a.tf", folder.join("b.tf")).unwrap();
    symlink(".", folder.join("here")).unwrap();
    symlink("..", folder.join("sub/above")).unwrap();
    symlink("a.json", folder.join("a.json")).unwrap();
    let ended = run(&folder, &["check"]);
    assert!(ended.status != 2 && ended.all().contains("2 projects"), "{}", ended.all());
    for path in ["a.tf", "a.json", "here/here/here", "sub/above/sub/above"] {
        run(&folder, &["check", path]);
        run(&folder, &["check", "--config", path]);
    }
}

#[test]
fn what_lies_outside_of_the_repository_is_not_read() {
    const OUTSIDE: &str = "what lies outside";
    const CALLS: &[&str] = &[
        "file(\"../outside/text\")",
        "file(\"sub/../../outside/text\")",
        "file(\"link\")",
        "file(abspath(\"../outside/text\"))",
        "templatefile(\"../outside/text\", {})",
        "filebase64(\"../outside/text\")",
        "filesha256(\"../outside/text\")",
        "join(\",\", fileset(\"../outside\", \"**\"))",
        "join(\",\", fileset(\".\", \"../outside/**\"))",
        "join(\",\", fileset(\"/\", \"*\"))",
        "tostring(fileexists(\"../outside/text\"))",
        "file(\"/etc/hostname\")",
        "file(\"/dev/zero\")",
        "file(\"~/x\")",
    ];
    let mut main = "module \"above\" {\n  source = \"../outside\"\n}\nmodule \"far\" {\n  source = \"../../../../../../../../../../etc\"\n}\n\
                    resource \"aws_vpc\" \"a\" {\n  tags = {\n"
        .to_owned();
    for (at, call) in CALLS.iter().enumerate() {
        writeln!(main, "    t{at} = {call}").unwrap();
    }
    main.push_str("  }\n}\n");
    let around = folder(
        "outside",
        &[
            ("in/main.tf", main.as_bytes()),
            ("outside/text", OUTSIDE.as_bytes()),
            ("outside/main.tf", b"resource \"aws_vpc\" \"of_outside\" {}\n"),
            ("in/.git/HEAD", b""),
        ],
    );
    symlink("../outside/text", around.join("in/link")).unwrap();
    symlink("../outside/main.tf", around.join("in/linked.tf")).unwrap();
    symlink("../outside", around.join("in/linked")).unwrap();
    for arguments in [&["inspect"][..], &["inspect", "--format", "json"], &["check", "--possible", "--verbose"]] {
        let told = run(&around.join("in"), arguments).all();
        assert!(!told.contains(OUTSIDE) && !told.contains("of_outside"), "{told}");
        // "what lies outside", in base 64 and as a hash.
        assert!(!told.contains("d2hhdCBsaWVzIG91dHNpZGU") && !told.contains("main.tf,text"), "{told}");
        assert!(arguments[0] != "check" || told.contains("outside of the repository"), "{told}");
    }
}

#[test]
fn a_file_without_end_is_refused() {
    let folder = folder("endless", &[("main.tf", CODE)]);
    let huge = fs::File::create(folder.join("huge.tf")).unwrap();
    // A hole, which takes no room on the disk.
    if huge.set_len(1 << 43).is_err() {
        return;
    }
    let ended = run(&folder, &["check", "--possible"]);
    assert!(ended.status == 1 && ended.stdout.contains("huge.tf"), "{}", ended.all());
    for name in ["huge.json", "huge.yaml", "huge.tfplan"] {
        fs::rename(folder.join(if name == "huge.json" { "huge.tf" } else { "huge" }), folder.join(name)).unwrap();
        let ended = run(&folder, &["check", name]);
        assert!(ended.status == 2 && ended.stderr.contains(name), "{}", ended.all());
        fs::rename(folder.join(name), folder.join("huge")).unwrap();
    }
    fs::remove_dir_all(folder).unwrap();
}
