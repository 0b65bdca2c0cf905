// The outline, its filter, and the scopes of the first line in view.

import { keepInView, onScroll } from '../../component/scroll/scroll.js';

const outline = document.querySelector('.outline');
const list = document.getElementById('outline');
const filter = document.getElementById('outline-filter');
const code = document.getElementById('code');
const band = document.getElementById('scopes');

const wraps = new Set(['namespace', 'module', 'package', 'class', 'struct', 'union', 'enum', 'trait', 'message',
  'service', 'function', 'method', 'constructor', 'destructor', 'test', 'macro']);
const most = 3; // rows of scopes

let symbols;
let scopes;

function read() {
  symbols = [...list.children].map((item) => {
    const link = item.firstElementChild;
    return { item, link, kind: item.dataset.kind, name: link.textContent, first: Number(link.hash.slice(2)), last: Number(item.dataset.end) };
  });
  scopes = symbols.filter((s) => wraps.has(s.kind) && s.last > s.first + 1);
}

filter?.addEventListener('input', () => {
  const words = filter.value.toLowerCase().split(/\s+/);
  for (const { item, link } of symbols) {
    const title = link.title.toLowerCase();
    item.hidden = !words.every((word) => title.includes(word));
  }
});

// rowsAt returns the scopes around a line, the namespaces among them as one row.
function rowsAt(line) {
  const around = scopes.filter((s) => s.first < line && line <= s.last);
  const spaces = around.filter((s) => s.kind === 'namespace' || s.kind === 'module');
  const rows = around.filter((s) => !spaces.includes(s)).map((s) => [s]);
  if (spaces.length > 0) rows.unshift(spaces);
  return rows.length > most ? [...rows.slice(0, 1), ...rows.slice(1 - most)] : rows;
}

let shown = '';
let current = null;

function follow() {
  if (!code.firstElementChild) return;
  const height = parseFloat(getComputedStyle(code).lineHeight);
  const top = Math.floor((band.getBoundingClientRect().top - code.getBoundingClientRect().top) / height) + 1;
  let rows = [];
  for (let covered = 0; covered <= most; covered++) {
    rows = top < 1 ? [] : rowsAt(top + covered);
    if (rows.length <= covered) break;
  }
  const key = rows.map((row) => row.map((s) => s.first).join()).join(';');
  if (key !== shown) {
    shown = key;
    show(rows);
  }
  const middle = top + Math.floor(innerHeight / height / 4);
  const at = symbols.findLast((s) => s.first <= middle && middle <= s.last)?.link ?? null;
  if (at === current) return;
  current?.removeAttribute('aria-current');
  current = at;
  at?.setAttribute('aria-current', 'true');
  if (at && !outline.matches(':hover, :focus-within')) keepInView(outline, at);
}

function show(rows) {
  const box = document.createElement('div');
  box.className = 'code';
  for (const row of rows) {
    const scope = row.at(-1);
    const link = document.createElement('a');
    link.href = `#L${scope.first}`;
    link.tabIndex = -1;
    const number = document.createElement('span');
    number.className = 'number';
    number.textContent = scope.first;
    link.append(number, ...(row.length > 1 ? [row.map((s) => s.name).join('::')] : copyOf(scope.first)));
    box.append(link);
  }
  band.replaceChildren(...rows.length > 0 ? [box] : []);
}

// copyOf returns what a line shows, its number and mark aside.
function copyOf(n) {
  const line = document.getElementById(`L${n}`);
  return line ? [...line.cloneNode(true).childNodes].filter((node) => !node.matches?.('a.n, a.m')) : [];
}

document.querySelector('main.file').addEventListener('filechange', () => {
  read();
  shown = null;
  requestAnimationFrame(follow); // once what is asked for is in view
});
read();
onScroll(follow);
