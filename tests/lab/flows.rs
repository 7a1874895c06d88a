//! Real flows: who asks whom, whether it arrives, and whether the answer comes back.

use std::{
    io::Write as _,
    process::{Command, Stdio},
};

use crate::{namespaces::Namespaces, walk::Packet};

/// A flow to try.
#[derive(Clone, Debug)]
pub(crate) struct Flow {
    /// The namespace that asks.
    pub(crate) from: String,
    /// As it leaves there.
    pub(crate) packet: Packet,
    /// What the one that is asked asks itself, before it answers.
    pub(crate) onward: Option<Packet>,
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
/// Reads lines `server NAMESPACE PORT` and `ask TOKEN NAMESPACE KIND SOURCE SOURCE_PORT TO PORT ONWARD`, where ONWARD is
/// what the one that is asked asks in turn, as `SOURCE,SOURCE_PORT,TO,PORT`, or `-`. Prints `answered TOKEN` for what was answered and
/// heard of the answer, and of UDP `arrived TOKEN` for what a server was asked.
const PROBE: &str = r#"
import ctypes, os, select, socket, sys, time
libc = ctypes.CDLL(None, use_errno=True)
def enter(name):
    fd = os.open("/run/netns/" + name, os.O_RDONLY)
    if libc.setns(fd, 0x40000000): raise OSError(ctypes.get_errno(), "setns " + name)
    os.close(fd)
def make(kind, is_v6):
    family = socket.AF_INET6 if is_v6 else socket.AF_INET
    s = socket.socket(family, socket.SOCK_STREAM if kind == "tcp" else socket.SOCK_DGRAM)
    if is_v6: s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.setblocking(False)
    return s
poll, roles, keep, seen, inside, onward = select.epoll(), {}, [], set(), None, {}
def watch(s, role, *rest):
    roles[s.fileno()] = (role, s) + rest; keep.append(s)
    poll.register(s.fileno(), select.EPOLLIN)
def say(word, token):
    if (word, token) not in seen: seen.add((word, token)); print(word, token)
def forget(fd):
    poll.unregister(fd)
lines = [line.split() for line in sys.stdin]
for _, name, port in (line for line in lines if line[0] == "server"):
    enter(name)
    for kind in ("tcp", "udp"):
        for is_v6 in (False, True):
            s = make(kind, is_v6)
            if kind == "udp": s.setsockopt(*((socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO) if is_v6 else (socket.IPPROTO_IP, 8)), 1)
            s.bind(("::" if is_v6 else "0.0.0.0", int(port)))
            if kind == "tcp": s.listen(512)
            watch(s, kind + " server", name, is_v6, int(port))
for _, token, name, kind, source, source_port, to, port, then in (line for line in lines if line[0] == "ask"):
    if then != "-": onward[int(source_port)] = then
for _, token, name, kind, source, source_port, to, port, then in (line for line in lines if line[0] == "ask"):
    if name != inside: enter(name); inside = name
    s = make(kind, ":" in source)
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
                name, is_v6, port = rest
                c, peer = s.accept(); last = time.monotonic()
                if peer[1] not in onward: c.sendall(b"ok"); c.close(); continue
                source, source_port, to, to_port = onward[peer[1]].split(",")
                enter(name); t = make("tcp", ":" in to); t.bind((source, int(source_port))); keep.append(c)
                try: t.connect((to, int(to_port)))
                except BlockingIOError: pass
                watch(t, "onward", c)
            elif role == "onward":
                data = s.recv(64); last = time.monotonic()
                if data: rest[0].sendall(data); rest[0].close()
                forget(fd)
            elif role == "udp server":
                name, is_v6, port = rest
                data, extra, _, peer = s.recvmsg(64, 256); last = time.monotonic()
                say("arrived", data.decode().rstrip("!"))
                own = [(l, t, d) for l, t, d in extra if t in (8, socket.IPV6_PKTINFO)]
                if own and not is_v6: own = [(socket.IPPROTO_IP, 8, b"\0\0\0\0" + own[0][2][4:8] + b"\0\0\0\0")]
                if own and is_v6: own = [(socket.IPPROTO_IPV6, socket.IPV6_PKTINFO, own[0][2][:16] + b"\0\0\0\0")]
                s.sendmsg([data], own, 0, peer)
            else:
                token, kind = rest
                data = s.recv(64); last = time.monotonic()
                if kind == "udp" and data == token.encode(): s.send(data + b"!"); continue
                if data == (b"ok" if kind == "tcp" else token.encode() + b"!"): say("answered", token)
                forget(fd)
        except OSError:
            if role in ("client", "onward"): forget(fd)
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
        let kind = if flow.packet.is_tcp { "tcp" } else { "udp" };
        let Packet { source, source_port, destination, port, .. } = flow.packet;
        let then = |it: Packet| format!("{},{},{},{}", it.source, it.source_port, it.destination, it.port);
        let onward = flow.onward.map_or_else(|| "-".to_owned(), then);
        let name = namespaces.name(&flow.from);
        lines.push(format!("ask {at} {name} {kind} {source} {source_port} {destination} {port} {onward}\n"));
    }
    let mut stdin = probe.stdin.take().expect("it is piped");
    stdin.write_all(lines.concat().as_bytes()).expect("it listens");
    drop(stdin);
    let output = probe.wait_with_output().expect("the probe ends");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut outcomes: Vec<_> =
        flows.iter().map(|flow| Outcome { arrived: (!flow.packet.is_tcp).then_some(false), answered: false }).collect();
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
