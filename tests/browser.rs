//! The page that draws the network, in a real browser without a window. Where there is none, that is said and nothing is
//! tried.
#![cfg(unix)]
#![expect(clippy::disallowed_methods, reason = "a browser reads files")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::print_stderr, reason = "who runs the tests is told what was not tried")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_iac-check");
const BROWSERS: &[&str] = &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// A name that would do something, were it ever taken for markup.
const HOSTILE: &str =
    "x</script><script>document.title='owned'</script><img src=x onerror=document.title='owned'><b>\u{202e}";

fn browser() -> Option<&'static str> {
    let runs =
        |name: &&&str| Command::new(**name).arg("--version").output().is_ok_and(|output| output.status.success());
    let found = BROWSERS.iter().find(runs).copied();
    if found.is_none() {
        eprintln!("skipped: there is no browser on PATH (looked for {})", BROWSERS.join(", "));
    }
    found
}

/// The folder of one test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("browser").join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// The page of what is in `paths`.
fn page(folder: &Path, paths: &[&str]) -> PathBuf {
    let page = folder.join("network.html");
    let output = format!("html={}", page.display());
    let run = Command::new(PROGRAM).args(["--output", &output, "--fail-on", "never", "--quiet"]).args(paths).output();
    let run = run.unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    page
}

/// What stands in the page once its script has run.
fn shown(browser: &str, page: &Path, hash: &str) -> String {
    let address = format!("file://{}#{hash}", page.display());
    let profile = format!("--user-data-dir={}", page.with_file_name("profile").display());
    let mut command = Command::new(browser);
    command.args(["--headless=new", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=3000", "--dump-dom"]);
    let output = command.arg(profile).arg(address).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("data-ready=\"yes\""), "the script ran to its end: {}\n{text:.2000}", stderr(&output));
    text
}

fn stderr(output: &std::process::Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// What stands in the page's body, without the data.
fn body(text: &str) -> &str {
    text.split("<noscript>").next().unwrap()
}

#[test]
fn a_finding_lights_up_its_way_and_a_subnet_shows_its_next_hops() {
    let Some(browser) = browser() else { return };
    let folder = folder("ways");
    let page = page(&folder, &["testdata/scenarios/story_1_before/plan.json"]);
    let whole = shown(browser, &page, "");
    assert!(body(&whole).contains("1 error, 1 warning in 1 project"), "{whole}");
    for name in ["internet", "aws_vpc.main", "us-east-1a", "us-east-1b", "aws_nat_gateway.out", "aws_lb.front"] {
        assert!(body(&whole).contains(&format!(">{name}</")), "{name} is drawn");
    }
    assert_eq!(body(&whole).matches("<path ").count(), 5, "each way is drawn: {whole}");
    let lit = shown(browser, &page, "finding=1");
    assert_eq!(body(&lit).matches("<button class=\"node").count(), 7, "{lit}");
    // The load balancer, the node that answers wrongly, the way between them, and the way that its answers take.
    assert_eq!(body(&lit).matches(" lit near\" type=\"button\"").count(), 2, "{lit}");
    assert_eq!(body(&lit).matches("<path ").count(), 5);
    assert_eq!(body(&lit).matches("way route lit").count(), 1, "{lit}");
    assert_eq!(body(&lit).matches("way node-way lit").count(), 1, "{lit}");
    let subnet = shown(browser, &page, "node=aws_subnet.b");
    let details = body(&subnet).split("id=\"details\"").nth(1).unwrap();
    assert!(details.contains("<td><code>0.0.0.0/0</code></td><td><span><code>aws_nat_gateway.out</code>"), "{details}");
    assert!(details.contains("Every address, by next hop"), "{details}");
}

#[test]
fn alike_subnets_of_a_large_network_are_folded_until_one_is_wanted() {
    let Some(browser) = browser() else { return };
    let folder = folder("large");
    let code = "resource \"aws_vpc\" \"this\" {\n  cidr_block = \"10.0.0.0/16\"\n}\n\
                resource \"aws_subnet\" \"this\" {\n  count = 200\n  vpc_id = aws_vpc.this.id\n  \
                cidr_block = cidrsubnet(\"10.0.0.0/16\", 8, count.index)\n  availability_zone = \"us-east-1a\"\n}\n";
    fs::write(folder.join("main.tf"), code).unwrap();
    let page = page(&folder, &[folder.to_str().unwrap()]);
    let whole = shown(browser, &page, "");
    assert!(body(&whole).contains("aria-expanded=\"false\">197 more like these</button>"), "{whole:.3000}");
    let wanted = shown(browser, &page, "node=aws_subnet.this[150]");
    assert!(body(&wanted).contains("aria-expanded=\"true\">fold 197 alike</button>"), "it is unfolded");
    let found = shown(browser, &page, "search=this[199]");
    assert!(body(&found).contains("aria-expanded=\"true\">fold 197 alike</button>"), "what is searched for shows");
    // All but it and the two others that are no subnets: the VPC, and nothing else.
    assert_eq!(body(&found).matches(" missed\"").count(), 200, "{found:.2000}");
    assert!(body(&wanted).contains("unknown lit") || body(&wanted).contains("isolated lit"), "and lit");
}

#[test]
fn no_name_is_ever_markup() {
    let Some(browser) = browser() else { return };
    let folder = folder("hostile");
    let name = HOSTILE.replace('"', "\\\"");
    let code = format!(
        "resource \"aws_vpc\" \"this\" {{\n  for_each = toset([\"{name}\"])\n  cidr_block = \"10.0.0.0/16\"\n}}\n\
         resource \"aws_subnet\" \"this\" {{\n  for_each = toset([\"{name}\"])\n  vpc_id = aws_vpc.this[each.key].id\n  \
         cidr_block = \"10.0.0.0/24\"\n  availability_zone = \"{name}\"\n}}\n"
    );
    fs::write(folder.join("main.tf"), code).unwrap();
    let page = page(&folder, &[folder.to_str().unwrap()]);
    let text = shown(browser, &page, "finding=1");
    assert!(!text.contains("<title>owned"), "{text}");
    assert!(!text.contains("<img"), "{text}");
    assert!(body(&text).contains("x&lt;/script&gt;&lt;script&gt;"), "the name is shown as it is: {text}");
}
