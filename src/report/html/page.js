"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const by = (id) => document.getElementById(id);
  // The only way to make something: what others have written becomes text, never markup.
  const make = (tag, className, ...children) => {
    const it = document.createElement(tag);
    if (className) it.className = className;
    it.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
    return it;
  };
  // A message, in which names stand in backticks.
  const prose = (text) => {
    const parts = text.split("`");
    if (parts.length % 2 === 0) return [text];
    return parts.map((part, at) => (at % 2 ? make("code", "", part) : part));
  };
  const target = (it) => {
    if (it === null || it === undefined) return make("span", "none", "no route");
    return typeof it === "string" ? make("code", "", it) : make("span", "none", "unknown: " + it.$unknown);
  };
  const KINDS = {
    internet_gateway: "internet gateway", egress_only_internet_gateway: "egress-only internet gateway",
    nat_gateway: "NAT gateway", vpn_gateway: "VPN gateway", transit_gateway: "transit gateway",
    vpc_peering_connection: "peering connection", vpc_endpoint: "endpoint", carrier_gateway: "carrier gateway",
    load_balancer: "load balancer", network_interface: "network interface", vpc: "VPC", other: "next hop",
  };
  const GATEWAYS = new Set(["internet_gateway", "egress_only_internet_gateway", "nat_gateway", "vpn_gateway", "transit_gateway", "carrier_gateway"]);
  const ORDER = { public: 0, private: 1, isolated: 2, unknown: 3 };
  const WORST = { error: 3, warning: 2, note: 1 };
  const MOST_WAYS = 150;
  // Of more subnets than these, those that are alike are folded: so many of each are shown, and how many more there are.
  const MOST_SUBNETS = 40;
  const OF_ALIKE = 3;
  // A search that finds no more than these unfolds what they stand in.
  const MOST_UNFOLDED = 20;
  let shown = null;
  let chosen = null;

  const kindOf = (node) => (node.kind === "subnet" ? node.access + " subnet" : KINDS[node.kind] || node.kind);

  const prepare = (project) => {
    const it = { ...project, elements: new Map(), folds: new Map(), names: new Map(), worst: new Map() };
    for (const node of project.nodes) if (!it.names.has(node.name)) it.names.set(node.name, node);
    it.inside = project.nodes.map(() => []);
    for (const node of project.nodes) if (node.within !== undefined) it.inside[node.within].push(node);
    it.found = data.findings.filter((finding) => finding.project === project.project);
    for (const finding of it.found) {
      const node = finding.resource === undefined ? undefined : it.names.get(finding.resource);
      if (!node) continue;
      const before = it.worst.get(node.id) || { severity: "note", count: 0 };
      const worse = WORST[before.severity] < WORST[finding.severity];
      it.worst.set(node.id, { severity: worse ? finding.severity : before.severity, count: before.count + 1 });
    }
    return it;
  };

  // Map ---------------------------------------------------------------------------------------------------------------

  const nodeButton = (node) => {
    const button = make("button", "node " + node.kind + " " + (node.access || ""), make("span", "name", node.name));
    button.type = "button";
    if (GATEWAYS.has(node.kind)) button.classList.add("gateway");
    const words = node.kind === "internet" ? [] : [kindOf(node), ...(node.details || [])];
    if (words.length) button.append(make("span", "words", words.join(" · ")));
    const worst = shown.worst.get(node.id);
    if (worst) {
      button.classList.add("found-" + worst.severity);
      const badge = make("span", "badge " + worst.severity, String(worst.count));
      badge.title = worst.count + (worst.count === 1 ? " finding" : " findings");
      button.append(badge);
    }
    button.addEventListener("click", () => choose({ node }));
    shown.elements.set(node.id, button);
    return button;
  };

  const subnetBox = (node) => {
    const box = make("div", "subnet-box", nodeButton(node));
    const inner = shown.inside[node.id];
    if (inner.length) box.append(make("div", "inner", ...inner.map(nodeButton)));
    return box;
  };

  // What makes subnets alike: nothing stands in them, nothing is found in them, and they lead to the same.
  const likeness = (node) => {
    if (shown.inside[node.id].length || shown.worst.has(node.id)) return "only " + node.id;
    return node.access + " " + JSON.stringify(node.routes ? node.routes.route_table : null);
  };

  const unfold = (fold, isOpen) => {
    fold.rest.hidden = !isOpen;
    fold.toggle.setAttribute("aria-expanded", String(isOpen));
    fold.toggle.textContent = (isOpen ? "fold " : "") + fold.rest.childElementCount + (isOpen ? " alike" : " more like these");
  };

  const foldBox = (nodes) => {
    const fold = { rest: make("div", "", ...nodes.map(subnetBox)), toggle: make("button", "fold") };
    fold.toggle.type = "button";
    fold.toggle.addEventListener("click", () => {
      fold.byHand = true;
      unfold(fold, fold.rest.hidden);
      drawWays();
    });
    unfold(fold, false);
    for (const node of nodes) shown.folds.set(node.id, fold);
    return make("div", "folded", fold.toggle, fold.rest);
  };

  const subnetBoxes = (nodes) => {
    const alike = new Map();
    for (const node of nodes) {
      const key = likeness(node);
      if (!alike.has(key)) alike.set(key, []);
      alike.get(key).push(node);
    }
    const folds = shown.nodes.filter((node) => node.kind === "subnet").length > MOST_SUBNETS;
    return [...alike.values()].flatMap((group) => {
      if (!folds || group.length <= OF_ALIKE + 1) return group.map(subnetBox);
      return [...group.slice(0, OF_ALIKE).map(subnetBox), foldBox(group.slice(OF_ALIKE))];
    });
  };

  const vpcBox = (vpc) => {
    const name = nodeButton(vpc);
    name.className = "node-title " + name.className.replace("node ", "");
    const box = make("section", "vpc", make("h3", "", name));
    shown.elements.set(vpc.id, name);
    const inside = shown.inside[vpc.id];
    const above = inside.filter((node) => node.kind !== "subnet" && node.kind !== "vpc_endpoint");
    if (above.length) box.append(make("div", "row", ...above.map(nodeButton)));
    const zones = new Map();
    for (const node of inside.filter((it) => it.kind === "subnet")) {
      const zone = node.zone || "zone not known";
      if (!zones.has(zone)) zones.set(zone, []);
      zones.get(zone).push(node);
    }
    const columns = [...zones.entries()].sort(([one], [other]) => one.localeCompare(other)).map(([zone, nodes]) => {
      nodes.sort((one, other) => ORDER[one.access] - ORDER[other.access]);
      return make("div", "zone", make("h4", "", zone), ...subnetBoxes(nodes));
    });
    if (columns.length) box.append(make("div", "zones", ...columns));
    const below = inside.filter((node) => node.kind === "vpc_endpoint");
    if (below.length) box.append(make("div", "row", ...below.map(nodeButton)));
    return box;
  };

  const regionOf = (vpc) => vpc.region || shown.inside[vpc.id].map((it) => it.region).find((it) => it) || "";

  const drawMap = () => {
    const canvas = by("canvas");
    canvas.replaceChildren();
    const outer = shown.nodes.filter((node) => node.within === undefined);
    const internet = outer.filter((node) => node.kind === "internet");
    if (internet.length) canvas.append(make("div", "row", ...internet.map(nodeButton)));
    const between = outer.filter((node) => !["internet", "vpc", "subnet"].includes(node.kind));
    if (between.length) canvas.append(make("div", "row", ...between.map(nodeButton)));
    const regions = new Map();
    for (const vpc of outer.filter((node) => node.kind === "vpc")) {
      const region = regionOf(vpc);
      if (!regions.has(region)) regions.set(region, []);
      regions.get(region).push(vpc);
    }
    for (const [region, vpcs] of [...regions.entries()].sort(([one], [other]) => one.localeCompare(other))) {
      const box = make("section", "region", make("h2", "", region || "region not said"));
      box.append(...vpcs.map(vpcBox));
      canvas.append(box);
    }
    const loose = outer.filter((node) => node.kind === "subnet");
    if (loose.length) {
      const box = make("section", "region", make("h2", "", "VPC not known"));
      box.append(make("div", "row", ...loose.map(subnetBox)));
      canvas.append(box);
    }
    if (!shown.nodes.length) canvas.append(make("p", "none", "This project has no network to draw."));
    canvas.append(document.createElementNS("http://www.w3.org/2000/svg", "svg"));
  };

  const lit = () => {
    const result = { nodes: new Set(), near: new Set(), ways: new Set() };
    if (!chosen) return result;
    if (chosen.node) {
      result.nodes.add(chosen.node.id);
      shown.ways.forEach((way, at) => {
        if (way.from !== chosen.node.id && way.to !== chosen.node.id) return;
        result.ways.add(at);
        result.near.add(way.from).add(way.to);
      });
      return result;
    }
    const names = new Set(chosen.finding.steps.map((step) => step.resource).filter((it) => it !== undefined));
    for (const name of names) if (shown.names.has(name)) result.nodes.add(shown.names.get(name).id);
    const subnets = shown.nodes.filter((node) => node.routes && result.nodes.has(node.id));
    shown.ways.forEach((way, at) => {
      const from = shown.nodes[way.from];
      const routes = from.routes ? from.routes.routes : [];
      const to = shown.nodes[way.to].name;
      const written = routes.some((row) => names.has(row.written_by) && row.target === to);
      const onWay = way.kind === "route" && written && (!subnets.length || result.nodes.has(way.from));
      if (!onWay && !(way.kind !== "route" && result.nodes.has(way.from) && result.nodes.has(way.to))) return;
      result.ways.add(at);
      result.near.add(way.from).add(way.to);
    });
    return result;
  };

  const drawWays = () => {
    const canvas = by("canvas");
    const svg = canvas.querySelector(":scope > svg");
    if (!svg) return;
    const { nodes, near, ways } = lit();
    for (const [id, element] of shown.elements) {
      element.classList.toggle("lit", nodes.has(id));
      element.classList.toggle("near", near.has(id));
    }
    canvas.classList.toggle("faded", nodes.size > 0);
    for (const id of nodes) {
      const fold = shown.folds.get(id);
      if (fold && fold.rest.hidden) unfold(fold, true);
    }
    const NS = "http://www.w3.org/2000/svg";
    const frame = canvas.getBoundingClientRect();
    svg.replaceChildren();
    svg.setAttribute("width", canvas.scrollWidth);
    svg.setAttribute("height", canvas.scrollHeight);
    const defs = document.createElementNS(NS, "defs");
    svg.append(defs);
    // What is folded is where it can be unfolded.
    const element = (id) => {
      const fold = shown.folds.get(id);
      return fold && fold.rest.hidden ? fold.toggle : shown.elements.get(id);
    };
    const place = (id) => element(id).getBoundingClientRect();
    const drawn = new Map();
    const every = by("all-ways").checked;
    shown.ways.forEach((way, at) => {
      if (!every && !ways.has(at)) return;
      // Of ways between the same two places one is enough.
      if (!drawn.has(element(way.from))) drawn.set(element(way.from), new Map());
      const known = drawn.get(element(way.from));
      const key = way.kind + (ways.has(at) ? " lit" : "");
      if (!known.has(element(way.to))) known.set(element(way.to), new Set());
      if (known.get(element(way.to)).has(key)) return;
      known.get(element(way.to)).add(key);
      const one = place(way.from);
      const other = place(way.to);
      const down = other.top > one.bottom + 20;
      const up = other.bottom + 20 < one.top;
      const x1 = one.left + one.width / 2 - frame.left;
      const x2 = other.left + other.width / 2 - frame.left;
      const y1 = (down ? one.bottom : up ? one.top : one.top + one.height / 2) - frame.top;
      const y2 = (down ? other.top : up ? other.bottom : other.top + other.height / 2) - frame.top;
      const bend = Math.max(24, Math.abs(y2 - y1) / 2);
      const side = down ? 1 : up ? -1 : 0;
      // Side by side: below both, so that it crosses neither.
      const dip = side === 0 ? Math.max(one.bottom, other.bottom) - frame.top + 26 : 0;
      const path = document.createElementNS(NS, "path");
      path.setAttribute("d", side === 0
        ? `M${x1},${one.bottom - frame.top} C${x1},${dip} ${x2},${dip} ${x2},${other.bottom - frame.top}`
        : `M${x1},${y1} C${x1},${y1 + side * bend} ${x2},${y2 - side * bend} ${x2},${y2}`);
      path.setAttribute("class", "way " + (way.kind === "node" ? "node-way" : way.kind) + (ways.has(at) ? " lit" : ""));
      const words = (way.destinations || []).slice(0, 8).join(", ");
      const title = document.createElementNS(NS, "title");
      title.textContent = shown.nodes[way.from].name + " → " + shown.nodes[way.to].name + (words ? ": " + words : "");
      path.append(title);
      svg.append(path);
      if (way.kind !== "attachment") {
        const tip = document.createElementNS(NS, "circle");
        tip.setAttribute("cx", x2);
        const radius = ways.has(at) ? 5 : 3;
        // Before the box, which would hide it.
        tip.setAttribute("cy", side === 0 ? other.bottom - frame.top + radius : y2 - side * radius);
        tip.setAttribute("r", radius);
        tip.setAttribute("class", "way" + (ways.has(at) ? " lit" : ""));
        svg.append(tip);
      }
    });
  };

  // Panel -------------------------------------------------------------------------------------------------------------

  const location = (node) => (node.location ? node.location.file + ":" + node.location.start.line : "");

  const table = (head, rows) => {
    const row = (tag, cells) => make("tr", "", ...cells.map((cell) => make(tag, "", cell)));
    return make("table", "", make("thead", "", row("th", head)), make("tbody", "", ...rows.map((cells) => row("td", cells))));
  };

  const nodeDetails = (node) => {
    const it = make("div", "", make("h2", "", make("code", "", node.name)));
    const words = [kindOf(node), node.zone, ...(node.details || [])].filter((word) => word);
    it.append(make("p", "", words.join(" · ")));
    if (location(node)) it.append(make("p", "place", location(node)));
    for (const finding of shown.found.filter((finding) => finding.steps.some((step) => step.resource === node.name))) it.append(findingButton(finding));
    const routes = node.routes;
    if (routes) {
      it.append(make("p", "", "Route table ", target(routes.route_table), " (" + routes.association + ")"));
      it.append(table(["Destination", "Next hop", "Written by"], routes.routes.map((row) => [
        make("code", "", row.destination),
        make("span", "", target(row.target), row.state === "active" ? "" : " (" + row.state + ")"),
        row.written_by ? make("code", "", row.written_by) : "",
      ])));
      const exact = make("details", "", make("summary", "", "Every address, by next hop"));
      exact.append(table(["Next hop", "Destinations"], routes.next_hops.map((hop) => [target(hop.target), make("code", "", hop.destinations.join(" "))])));
      it.append(exact);
    }
    const ways = shown.ways.filter((way) => way.from === node.id || way.to === node.id);
    if (ways.length && !routes) {
      const rows = ways.slice(0, 200).map((way) => {
        const other = shown.nodes[way.from === node.id ? way.to : way.from];
        return [(way.from === node.id ? "to " : "from "), nodeLink(other), (way.destinations || []).slice(0, 8).join(", ")];
      });
      it.append(table(["", "Way", "Destinations"], rows));
    }
    return it;
  };

  const nodeLink = (node) => {
    const button = make("button", "", make("code", "", node.name));
    button.type = "button";
    button.addEventListener("click", () => choose({ node }));
    return button;
  };

  const path = (finding) => make("ol", "path", ...finding.steps.map((step) => {
    const node = step.resource === undefined ? undefined : shown.names.get(step.resource);
    const name = step.resource === undefined ? "" : node ? nodeLink(node) : make("code", "", step.resource);
    return make("li", "", name, name && step.message ? ": " : "", ...prose(step.message), make("br"), make("span", "place", step.place));
  }));

  const findingDetails = (finding) => {
    const possibly = finding.certainty === "possible" ? "possibly, " : "";
    const it = make("div", "", make("h2", "", finding.severity + ": " + finding.rule), make("p", "", possibly, ...prose(finding.message)), path(finding));
    if (finding.help) it.append(make("p", "help", ...prose(finding.help)));
    if (finding.page) {
      const link = make("a", "", "About this rule");
      link.href = finding.page;
      link.rel = "noreferrer noopener";
      it.append(make("p", "", link));
    }
    return it;
  };

  const findingButton = (finding) => {
    const possibly = finding.certainty === "possible" ? " (possible)" : "";
    const name = finding.resource === undefined ? "" : make("span", "name", finding.resource);
    const button = make("button", "finding " + finding.severity, make("b", "", finding.severity + possibly), " " + finding.rule, name, make("span", "place", finding.steps[0].place));
    button.type = "button";
    button.setAttribute("aria-pressed", String(Boolean(chosen && chosen.finding === finding)));
    button.addEventListener("click", () => choose({ finding }));
    return button;
  };

  const drawPanel = () => {
    const details = by("details");
    details.replaceChildren();
    if (chosen) {
      const back = make("button", "", "← back");
      back.type = "button";
      back.addEventListener("click", () => choose(null));
      details.append(back, chosen.node ? nodeDetails(chosen.node) : findingDetails(chosen.finding));
    }
    const words = by("search").value.trim().toLowerCase();
    const matches = (finding) => !words || [finding.rule, finding.resource || "", finding.message].some((it) => it.toLowerCase().includes(words));
    const list = by("findings");
    list.replaceChildren();
    if (data.checked) {
      const found = shown.found.filter(matches);
      list.append(make("h2", "", shown.found.length ? "Findings (" + found.length + ")" : "No findings"));
      list.append(...found.slice(0, 500).map(findingButton));
      if (found.length > 500) list.append(make("p", "none", "… and " + (found.length - 500) + " more: search narrows them down"));
    } else if (!chosen) {
      list.append(make("p", "none", "Choose a subnet for its next hops."));
    }
    const hits = [];
    const questions = by("questions");
    questions.replaceChildren();
    const open = data.questions.filter((it) => it.project === shown.project);
    if (open.length) {
      const box = make("details", "", make("summary", "", open.length + (open.length === 1 ? " question" : " questions") + " not answered"));
      box.append(make("ul", "", ...open.slice(0, 500).map((it) => make("li", "", make("code", "", it.resource), ": " + it.rule + ": ", ...prose(it.why)))));
      questions.append(box);
    }
    for (const node of shown.nodes) {
      const element = shown.elements.get(node.id);
      const text = (node.name + " " + kindOf(node) + " " + (node.details || []).join(" ") + " " + (node.zone || "")).toLowerCase();
      const isMissed = Boolean(words) && !text.includes(words);
      element.classList.toggle("missed", isMissed);
      if (words && !isMissed) hits.push(node.id);
    }
    const wanted = new Set(hits.length <= MOST_UNFOLDED ? hits.map((id) => shown.folds.get(id)) : []);
    let moved = false;
    for (const fold of new Set(shown.folds.values())) {
      if (fold.byHand || fold.rest.hidden !== wanted.has(fold)) continue;
      unfold(fold, wanted.has(fold));
      moved = true;
    }
    // Which unfolds again what is lit.
    if (moved) drawWays();
  };

  // For the printer: every finding, whatever is chosen on the screen.
  const drawPrint = () => {
    const print = by("print");
    print.replaceChildren(...shown.found.map((finding) => make("article", "", findingDetails(finding))));
  };

  const choose = (it) => {
    chosen = it;
    const inPanel = by("panel").contains(document.activeElement);
    drawPanel();
    // What was pressed in the panel is not there any more: whoever uses the keyboard goes on from its beginning.
    if (inPanel) (by("panel").querySelector("button") || by("panel")).focus();
    drawWays();
    if (it) {
      by("panel").scrollTop = 0;
      const first = it.node || it.finding.steps.map((step) => shown.names.get(step.resource)).find((node) => node);
      if (first) shown.elements.get(first.id).scrollIntoView({ block: "nearest", inline: "nearest" });
    }
  };

  const show = (at) => {
    shown = prepare(data.projects[at]);
    chosen = null;
    by("all-ways").checked = shown.ways.length <= MOST_WAYS;
    drawMap();
    drawPanel();
    drawPrint();
    drawWays();
  };

  // The whole ---------------------------------------------------------------------------------------------------------

  by("summary").textContent = data.summary;
  const select = by("project");
  data.projects.forEach((project, at) => {
    const count = data.findings.filter((finding) => finding.project === project.project).length;
    const option = make("option", "", project.project + (count ? " (" + count + ")" : ""));
    option.value = String(at);
    select.append(option);
  });
  select.hidden = data.projects.length < 2;
  select.addEventListener("change", () => show(Number(select.value)));
  by("search").addEventListener("input", drawPanel);
  by("all-ways").addEventListener("change", drawWays);
  by("theme").addEventListener("click", () => {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
  });
  const step = (by) => {
    if (!shown.found.length) return;
    const at = chosen && chosen.finding ? shown.found.indexOf(chosen.finding) : by > 0 ? -1 : 0;
    choose({ finding: shown.found[(at + by + shown.found.length) % shown.found.length] });
  };
  document.addEventListener("keydown", (event) => {
    const typing = event.target instanceof HTMLInputElement && event.target.type === "search";
    if (event.key === "Escape") {
      by("search").value = "";
      if (typing) event.target.blur();
      choose(null);
    } else if (typing && event.key === "Enter") {
      const words = by("search").value.trim().toLowerCase();
      const node = shown.nodes.find((it) => words && it.name.toLowerCase().includes(words));
      if (node) choose({ node });
    } else if (typing || event.ctrlKey || event.metaKey || event.altKey || event.target instanceof HTMLSelectElement) {
      return;
    } else if (event.key === "/") {
      event.preventDefault();
      by("search").focus();
    } else if (event.key === "j") {
      step(1);
    } else if (event.key === "k") {
      step(-1);
    }
  });
  addEventListener("resize", drawWays);
  // Paper has a width of its own: the ways are drawn for it before it is printed.
  const print = (isPrinting) => () => {
    document.documentElement.classList.toggle("printing", isPrinting);
    drawWays();
  };
  addEventListener("beforeprint", print(true));
  addEventListener("afterprint", print(false));
  if (data.projects.length) {
    const first = data.projects.findIndex((project) => data.findings.some((finding) => finding.project === project.project));
    select.value = String(Math.max(0, first));
    show(Math.max(0, first));
  } else {
    by("canvas").append(make("p", "none", "There is no network to draw."));
  }
  // For those who want to see one thing at once: `#finding=2`, `#node=aws_subnet.a`, `#search=nat`.
  const wanted = new URLSearchParams(globalThis.location.hash.slice(1));
  if (shown && wanted.has("finding")) {
    const finding = shown.found[Number(wanted.get("finding")) - 1];
    if (finding) choose({ finding });
  }
  if (shown && wanted.has("node") && shown.names.has(wanted.get("node"))) choose({ node: shown.names.get(wanted.get("node")) });
  if (shown && wanted.has("search")) {
    by("search").value = wanted.get("search");
    drawPanel();
  }
  if (wanted.has("theme")) document.documentElement.dataset.theme = wanted.get("theme") === "dark" ? "dark" : "light";
  document.documentElement.dataset.ready = "yes";
})();
