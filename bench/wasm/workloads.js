// What `lazyoc bench wasm --js` runs in QuickJS, here and on V8. Each function takes a size and returns a checksum.

var podLists = {};

// A list of pods as an API server prints it, of about `bytes` bytes.
function podList(bytes) {
  if (podLists[bytes]) return podLists[bytes];
  const items = [];
  for (let i = 0, length = 0; length < bytes; i++) {
    const pod = {
      apiVersion: "v1", kind: "Pod",
      metadata: {
        name: `catalog-6c7f9d8b5-${i.toString(36)}`, namespace: `team-${i % 7}`, uid: `5f0c-${i * 7919}`, resourceVersion: `${100000 + i}`,
        labels: { app: "catalog", tier: i % 3 ? "backend" : "frontend", "pod-template-hash": "6c7f9d8b5" },
        annotations: { "openshift.io/scc": "restricted-v2", note: "line one\nline \"two\"\tünï" },
      },
      spec: {
        nodeName: `worker-${i % 5}`, restartPolicy: "Always", priority: i % 4,
        containers: [{ name: "main", image: `registry.example/catalog:${i % 11}`, ports: [{ containerPort: 8080 }], resources: { requests: { cpu: "100m", memory: "128Mi" } } }],
      },
      status: { phase: i % 9 ? "Running" : "Pending", podIP: `10.0.${i % 256}.${(i * 7) % 256}`, startTime: "2026-01-01T00:00:00Z", containerStatuses: [{ ready: i % 9 !== 0, restartCount: i % 13, ratio: i / 7 }] },
    };
    items.push(pod);
    length += JSON.stringify(pod).length;
  }
  return podLists[bytes] = JSON.stringify({ apiVersion: "v1", kind: "PodList", metadata: { resourceVersion: "1" }, items });
}

function parse(bytes) {
  const list = JSON.parse(podList(bytes));
  return list.items.length + ":" + list.items[list.items.length - 1].status.podIP;
}

var parsedLists = {};

function stringify(bytes) {
  parsedLists[bytes] ??= JSON.parse(podList(bytes));
  return JSON.stringify(parsedLists[bytes]).length;
}

var logs = {};

function logLines(count) {
  return logs[count] ??= Array.from({ length: count }, (_, i) =>
    `2026-01-01T00:00:${String(i % 60).padStart(2, "0")}.${i}Z ${["INFO", "WARN", "ERROR", "DEBUG"][i % 4]} [worker-${i % 8}] GET /api/v1/items/${i * 31}?page=${i % 10} ${200 + (i % 5) * 100} ${i % 977}ms`);
}

function regex(lines) {
  const line = /^(\S+)Z\s+(ERROR|WARN)\s+\[([\w-]+)\]\s+(GET|POST)\s+(\/[^\s?]*)(?:\?(\S+))?\s+(\d{3})\s+(\d+)ms$/;
  let matches = 0, time = 0, paths = 0;
  for (const text of logLines(lines)) {
    const match = line.exec(text);
    if (!match) continue;
    matches++;
    time += Number(match[8]);
    paths += match[5].length;
  }
  return `${matches}:${time}:${paths}`;
}

function sort(count) {
  const rows = [];
  for (let i = 0, seed = 1; i < count; i++) {
    seed = (seed * 1103515245 + 12345) & 0x7fffffff;
    rows.push({ name: `pod-${seed % 10007}`, age: seed % 1009 });
  }
  rows.sort((a, b) => a.age - b.age || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return rows[0].name + rows[count >> 1].name + rows[count - 1].name;
}

function strings(count) {
  let text = "", length = 0;
  for (let i = 0; i < count; i++) {
    text += `${i},`;
    if (text.length > 4000) {
      length += text.split(",").map(s => s.padStart(6, "0")).join(";").length;
      text = text.slice(3990);
    }
  }
  return length + text.length;
}

class Node {
  constructor(key, value) {
    this.key = key;
    this.value = value;
    this.left = null;
    this.right = null;
  }
}

class Tree {
  #size = 0;
  root = null;

  set(key, value) {
    let at = this.root;
    if (!at) { this.root = new Node(key, value); this.#size++; return; }
    for (;;) {
      if (key === at.key) { at.value += value; return; }
      const side = key < at.key ? "left" : "right";
      if (!at[side]) { at[side] = new Node(key, value); this.#size++; return; }
      at = at[side];
    }
  }

  get size() { return this.#size; }

  *[Symbol.iterator]() {
    const path = [];
    for (let at = this.root; at || path.length; at = at.right) {
      for (; at; at = at.left) path.push(at);
      at = path.pop();
      yield at;
    }
  }
}

function objects(count) {
  const tree = new Tree();
  const groups = new Map();
  for (let i = 0, seed = 7; i < count; i++) {
    seed = (seed * 1103515245 + 12345) & 0x7fffffff;
    tree.set(seed % 5003, 1);
    const group = `group-${seed % 97}`;
    groups.set(group, { ...(groups.get(group) ?? { count: 0 }), last: i });
    groups.get(group).count++;
  }
  let sum = 0;
  for (const { key, value } of tree) sum = (sum * 31 + key * value) % 1000003;
  return `${tree.size}:${sum}:${groups.size}:${[...groups.values()].reduce((all, { count }) => all + count, 0)}`;
}

function loop(count) {
  let sum = 0;
  for (let i = 0; i < count; i++) sum = (sum + i * 3) % 1000003;
  return sum;
}

function fib(n) {
  return n < 2 ? n : fib(n - 1) + fib(n - 2);
}
