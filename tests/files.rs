//! The two kinds of [`Files`] answer alike, and the disk's keeps its promises.
#![cfg(unix)]
#![expect(clippy::disallowed_methods, reason = "what is on the disk is made and looked at without the door to it")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    collections::BTreeSet,
    fs,
    os::unix::fs::{PermissionsExt as _, symlink},
    path::{Path, PathBuf},
};

use iac_check::{
    files::{Disk, FileKind, Files, Memory},
    project::{self, Request},
    source::SourceMap,
    terraform::{self, Inputs},
};

const TREE: &[&str] = &[
    "b.tf",
    "a/z.tf",
    "a/.hidden.tf",
    "a-b/c.tf",
    ".git/x.tf",
    "a/.terraform/x.tf",
    "a/node_modules/x.tf",
    ".terragrunt-cache/x.tf",
];

/// A folder of its own for one test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("files").join(name);
        if path.exists() {
            fs::remove_dir_all(&path).unwrap();
        }
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn path(&self, inner: &str) -> String {
        self.0.join(inner).to_str().unwrap().replace('\\', "/")
    }
}

/// What both kinds of files must answer alike.
fn answers(files: &dyn Files, root: &str) -> Vec<String> {
    let at = |path: &str| format!("{root}/{path}");
    let strip = |text: String| text.replace(&format!("{root}/"), "");
    let mut answers = vec![format!("{:?}", files.walk(root)), format!("{:?}", files.walk(&at("a")))];
    for path in ["b.tf", "a", "a/", "./a/z.tf", "a/../b.tf", "none", "a/none", "device", "b.tf/below"] {
        answers.push(format!("{path}: {:?} {:?}", files.kind(&at(path)), files.read(&at(path))));
    }
    answers.push(format!("{:?}", files.write(&at("out.json"), b"one")));
    answers.push(format!("{:?}", files.write(&at("out.json"), b"two")));
    answers.push(format!("{:?}", files.read(&at("out.json"))));
    answers.push(format!("{:?}", files.write(&at("a"), b"")));
    answers.push(format!("{:?}", files.walk(root)));
    answers.into_iter().map(strip).collect()
}

#[test]
fn disk_and_memory_answer_alike() {
    let folder = Folder::new("alike");
    for path in TREE {
        let path = folder.0.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, "text").unwrap();
    }
    symlink("/dev/null", folder.0.join("device")).unwrap();
    let root = folder.path("").trim_end_matches('/').to_owned();
    let paths: Vec<_> = TREE.iter().map(|path| format!("{root}/{path}")).collect();
    let memory = Memory::of(paths.iter().map(|path| (path.as_str(), "text"))).with_other(&format!("{root}/device"));

    let on_disk = answers(&Disk, &root);
    assert_eq!(on_disk, answers(&memory, &root));
    assert_eq!(on_disk[0], r#"["a-b/c.tf", "a/.hidden.tf", "a/z.tf", "b.tf"]"#);
}

#[test]
fn links_do_not_lead_out() {
    let (inside, outside) = (Folder::new("links"), Folder::new("elsewhere"));
    Disk.write(&outside.path("secret.tf"), b"").unwrap();
    Disk.write(&inside.path("own.tf"), b"").unwrap();
    symlink(outside.path("secret.tf"), inside.path("out.tf")).unwrap();
    symlink(outside.path(""), inside.path("folder")).unwrap();
    symlink("own.tf", inside.path("in.tf")).unwrap();
    assert_eq!(Disk.walk(&inside.path("")), [inside.path("in.tf"), inside.path("own.tf")]);
}

#[test]
fn a_write_keeps_links_and_permissions_and_leaves_nothing_beside() {
    let folder = Folder::new("write");
    Disk.write(&folder.path("real"), b"old").unwrap();
    fs::set_permissions(folder.path("real"), fs::Permissions::from_mode(0o600)).unwrap();
    symlink("real", folder.path("link")).unwrap();
    Disk.write(&folder.path("link"), b"changed").unwrap();
    assert!(fs::symlink_metadata(folder.path("link")).unwrap().is_symlink());
    assert_eq!(Disk.read(&folder.path("real")).unwrap(), b"changed");
    assert_eq!(fs::metadata(folder.path("real")).unwrap().permissions().mode() & 0o777, 0o600);
    let names = fs::read_dir(&folder.0).unwrap().map(|it| it.unwrap().file_name().into_string().unwrap());
    assert_eq!(names.collect::<BTreeSet<_>>(), ["link", "real"].map(str::to_owned).into());
    Disk.write("/dev/null", b"gone").unwrap();
    assert_eq!(Disk.kind("/dev/null"), Some(FileKind::Other));
}

#[test]
fn a_template_that_is_no_text_is_told() {
    let folder = Folder::new("latin");
    let template = b"Resources:\n  A: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: 10.0.0.0/16}}\n".to_vec();
    fs::write(folder.path("good.yaml"), &template).unwrap();
    fs::write(folder.path("latin.yaml"), [b"# caf\xe9\n".to_vec(), template].concat()).unwrap();
    fs::write(folder.path("other.yaml"), b"# caf\xe9: Resources of A::B\n").unwrap();
    let plan = b"{\"format_version\": \"1.2\", \"planned_values\": {}, \"name\": \"caf\xe9\"}";
    fs::write(folder.path("plan.json"), plan).unwrap();
    let projects = project::load(&Disk, &mut SourceMap::default(), &[folder.path("")], &Request::default()).unwrap();
    let told: Vec<_> = projects.iter().flat_map(|it| &it.findings).map(|it| (it.rule, it.message.as_str())).collect();
    let message = |at: usize| format!("this file is not UTF-8 text: the byte at offset {at} belongs to no character");
    assert_eq!(told, [("syntax_error", message(5).as_str()), ("syntax_error", message(60).as_str())]);
    assert_eq!(projects.len(), 3, "the rest is read");
}

#[test]
fn what_cannot_be_read_keeps_nobody_from_the_rest() {
    let folder = Folder::new("endless");
    let load = || project::load(&Disk, &mut SourceMap::default(), &[folder.path("")], &Request::default());
    // Of no size on the disk, and too large to be read by anybody.
    fs::File::create(folder.path("endless.json")).unwrap().set_len(5 << 30).unwrap();
    let refused = load().unwrap_err().to_string();
    assert!(refused.contains("endless.json: is larger than 4 GiB"), "{refused}");
    let template = b"Resources:\n  A: {Type: 'AWS::EC2::VPC', Properties: {CidrBlock: 10.0.0.0/16}}\n";
    fs::write(folder.path("good.yaml"), template).unwrap();
    let projects = load().unwrap();
    let notices: Vec<_> = projects.iter().flat_map(|it| &it.notices).collect();
    assert!(
        matches!(notices.as_slice(), [it] if it.contains("is larger than 4 GiB") && it.ends_with(": it is left out")),
        "{notices:?}"
    );
    assert_eq!(projects.len(), 1);
}

#[test]
fn what_a_link_that_is_not_followed_may_declare_is_no_error() {
    let folder = Folder::new("links-out");
    let root = folder.0.join("root");
    fs::create_dir_all(&root).unwrap();
    fs::write(root.join("main.tf"), "resource \"aws_vpc\" \"a\" {\n  cidr_block = var.name\n}\n").unwrap();
    let load = || terraform::load(&Disk, &mut SourceMap::default(), root.to_str().unwrap(), &Inputs::default());
    assert_eq!(load().findings.len(), 1);
    symlink("../nowhere.tf", root.join("common.tf")).unwrap();
    let loaded = load();
    assert!(loaded.findings.is_empty(), "{:?}", loaded.findings);
    assert_eq!(loaded.unfollowed.len(), 1);
}
