//! Real flows: who asks whom, whether it arrives, and whether the answer comes back.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    process::{Child, Command, Stdio},
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

/// Answers whatever arrives, and says on standard output which datagrams did.
const SERVER: &str = r#"
import os, socket, sys, threading
def tcp(port):
    s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(("0.0.0.0", port)); s.listen(256)
    while True:
        c, _ = s.accept(); c.sendall(b"ok"); c.close()
def udp(port):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.setsockopt(socket.IPPROTO_IP, 8, 1); s.bind(("0.0.0.0", port))
    while True:
        data, extra, _, peer = s.recvmsg(64, 256)
        os.write(1, data + b"\n")
        info = [d for l, t, d in extra if t == 8]
        s.sendmsg([data], [(socket.IPPROTO_IP, 8, b"\0\0\0\0" + info[0][4:8] + b"\0\0\0\0")] if info else [], 0, peer)
for port in map(int, sys.argv[1:]):
    for it in (tcp, udp): threading.Thread(target=it, args=(port,), daemon=True).start()
print("ready", flush=True)
sys.stdin.read()
"#;

/// Asks each line's flow: `TOKEN KIND SOURCE SOURCE_PORT TO PORT`; prints the tokens that are answered.
const CLIENT: &str = r#"
import socket, sys, threading
answered = []
def ask(token, kind, source, source_port, to, port):
    s = socket.socket(socket.AF_INET, socket.SOCK_STREAM if kind == "tcp" else socket.SOCK_DGRAM); s.settimeout(1.2)
    try:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.bind((source, int(source_port))); s.connect((to, int(port)))
        if kind == "tcp": ok = s.recv(2) == b"ok"
        else:
            s.send(token.encode()); ok = s.recv(64) == token.encode()
    except OSError: ok = False
    s.close()
    if ok: answered.append(token)
all = [threading.Thread(target=ask, args=line.split()) for line in sys.stdin]
for it in all: it.start()
for it in all: it.join()
print("\n".join(answered))
"#;

struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Tries every flow at once.
pub(crate) fn outcomes(namespaces: &Namespaces, servers: &[String], ports: &[u16], flows: &[Flow]) -> Vec<Outcome> {
    let ports: Vec<_> = ports.iter().map(ToString::to_string).collect();
    let mut running: Vec<(Server, BufReader<std::process::ChildStdout>)> = Vec::new();
    for server in servers {
        let mut child = python(namespaces, server, SERVER, &ports);
        let mut out = BufReader::new(child.stdout.take().expect("it is piped"));
        let mut line = String::new();
        out.read_line(&mut line).expect("the server says that it is ready");
        running.push((Server(child), out));
    }
    let mut by_source: Vec<(&str, Vec<usize>)> = Vec::new();
    for (at, flow) in flows.iter().enumerate() {
        match by_source.iter_mut().find(|(from, _)| *from == flow.from) {
            Some((_, all)) => all.push(at),
            None => by_source.push((&flow.from, vec![at])),
        }
    }
    let clients: Vec<Child> = by_source.iter().map(|(from, all)| client(namespaces, from, all, flows)).collect();
    let mut answered = vec![false; flows.len()];
    for client in clients {
        let output = client.wait_with_output().expect("the client ends");
        for token in String::from_utf8_lossy(&output.stdout).lines().filter_map(|it| it.parse::<usize>().ok()) {
            answered[token] = true;
        }
    }
    let mut arrived = vec![false; flows.len()];
    for (mut server, out) in running {
        drop(server.0.stdin.take());
        let _ = server.0.wait();
        for token in out.lines().map_while(Result::ok).filter_map(|it| it.parse::<usize>().ok()) {
            arrived[token] = true;
        }
    }
    let of =
        |(at, flow): (usize, &Flow)| Outcome { arrived: (!flow.is_tcp).then_some(arrived[at]), answered: answered[at] };
    flows.iter().enumerate().map(of).collect()
}

fn client(namespaces: &Namespaces, from: &str, all: &[usize], flows: &[Flow]) -> Child {
    let mut child = python(namespaces, from, CLIENT, &[]);
    let mut stdin = child.stdin.take().expect("it is piped");
    for &at in all {
        let flow = &flows[at];
        let kind = if flow.is_tcp { "tcp" } else { "udp" };
        let source = flow.source.as_deref().unwrap_or("0.0.0.0");
        writeln!(stdin, "{at} {kind} {source} {} {} {}", flow.source_port, flow.to, flow.port).expect("it listens");
    }
    child
}

fn python(namespaces: &Namespaces, name: &str, program: &str, arguments: &[String]) -> Child {
    Command::new("ip")
        .args(["netns", "exec", &namespaces.name(name), "python3", "-c", program])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("ip and python3 are there")
}
