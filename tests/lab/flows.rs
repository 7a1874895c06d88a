//! Real flows: who asks whom, whether it arrives, and whether the answer comes back.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use crate::namespaces::Namespaces;

/// A flow to try.
#[derive(Clone, Debug)]
pub(crate) struct Flow {
    /// The namespace that asks, and the address that it asks from, where it has several.
    pub(crate) from: String,
    pub(crate) source: Option<String>,
    pub(crate) source_port: u16,
    pub(crate) to: String,
    pub(crate) port: u16,
    pub(crate) is_tcp: bool,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// Of UDP alone: whether the question arrived.
    pub(crate) arrived: Option<bool>,
    pub(crate) answered: bool,
}

/// Servers and clients of a whole network in one process: a socket stays in the namespace that it was made in.
///
/// Reads lines `server NAMESPACE PORT` and `ask TOKEN NAMESPACE KIND SOURCE SOURCE_PORT TO PORT`; prints `answered TOKEN`
/// for what was answered, and of UDP `arrived TOKEN` for what a server was asked.
const PROBE: &str = r#"
import ctypes, errno, os, select, socket, sys, time
libc = ctypes.CDLL(None, use_errno=True)
def enter(name):
    fd = os.open("/run/netns/" + name, os.O_RDONLY)
    if libc.setns(fd, 0x40000000): raise OSError(ctypes.get_errno(), "setns " + name)
    os.close(fd)
def make(kind):
    s = socket.socket(socket.AF_INET, socket.SOCK_STREAM if kind == "tcp" else socket.SOCK_DGRAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.setblocking(False)
    return s
poll, roles, keep, seen, inside = select.epoll(), {}, [], set(), None
def watch(s, role, *rest):
    roles[s.fileno()] = (role, s) + rest; keep.append(s)
    poll.register(s.fileno(), select.EPOLLIN)
def say(word, token):
    if (word, token) not in seen: seen.add((word, token)); print(word, token)
lines = [line.split() for line in sys.stdin]
for _, name, port in (line for line in lines if line[0] == "server"):
    enter(name)
    for kind in ("tcp", "udp"):
        s = make(kind)
        if kind == "udp": s.setsockopt(socket.IPPROTO_IP, 8, 1)
        s.bind(("0.0.0.0", int(port)))
        if kind == "tcp": s.listen(256)
        watch(s, kind + " server")
last = time.monotonic()
for _, token, name, kind, source, source_port, to, port in (line for line in lines if line[0] == "ask"):
    if name != inside: enter(name); inside = name
    s = make(kind)
    s.bind((source, int(source_port)))
    try:
        s.connect((to, int(port)))
        if kind == "udp": s.send(token.encode())
    except BlockingIOError: pass
    except OSError: continue
    watch(s, "client", token, kind)
# Answers take a moment; so long as any come, others may.
quiet, end = 1.2, time.monotonic() + 15
last = time.monotonic()
while time.monotonic() < min(last + quiet, end):
    for fd, _ in poll.poll(0.1):
        role, s, *rest = roles[fd]
        try:
            if role == "tcp server":
                c, _ = s.accept(); c.sendall(b"ok"); c.close(); last = time.monotonic()
            elif role == "udp server":
                data, extra, _, peer = s.recvmsg(64, 256); last = time.monotonic()
                say("arrived", data.decode())
                info = [d for l, t, d in extra if t == 8]
                s.sendmsg([data], [(socket.IPPROTO_IP, 8, b"\0\0\0\0" + info[0][4:8] + b"\0\0\0\0")] if info else [], 0, peer)
            else:
                token, kind = rest
                if s.recv(64) == (b"ok" if kind == "tcp" else token.encode()):
                    say("answered", token); last = time.monotonic()
                poll.unregister(fd)
        except OSError:
            if role == "client": poll.unregister(fd)
"#;

/// Tries every flow at once.
pub(crate) fn outcomes(namespaces: &Namespaces, servers: &[String], ports: &[u16], flows: &[Flow]) -> Vec<Outcome> {
    let mut probe = Command::new("python3")
        .args(["-c", PROBE])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("python3 is there");
    let mut lines: Vec<_> = servers
        .iter()
        .flat_map(|server| ports.iter().map(|port| format!("server {} {port}\n", namespaces.name(server))))
        .collect();
    for (at, flow) in flows.iter().enumerate() {
        let kind = if flow.is_tcp { "tcp" } else { "udp" };
        let source = flow.source.as_deref().unwrap_or("0.0.0.0");
        let Flow { source_port, to, port, .. } = flow;
        lines.push(format!("ask {at} {} {kind} {source} {source_port} {to} {port}\n", namespaces.name(&flow.from)));
    }
    let mut stdin = probe.stdin.take().expect("it is piped");
    stdin.write_all(lines.concat().as_bytes()).expect("it listens");
    drop(stdin);
    let output = probe.wait_with_output().expect("the probe ends");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut outcomes: Vec<_> =
        flows.iter().map(|flow| Outcome { arrived: (!flow.is_tcp).then_some(false), answered: false }).collect();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let (word, token) = line.split_once(' ').expect("a word and a token");
        let outcome = &mut outcomes[token.parse::<usize>().expect("a flow's number")];
        match word {
            "answered" => outcome.answered = true,
            _ => outcome.arrived = Some(true),
        }
    }
    outcomes
}
