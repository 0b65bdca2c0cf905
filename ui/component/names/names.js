// Names in the code lead to what they mean. A name is a word of a line that is
// no comment, string or keyword; the server knows it by its line and column, in
// bytes. The name that the reader is at, the cursor, is a link while it is.

import { load } from './load.js';

const main = document.querySelector('main.file');
const code = document.getElementById('code');
const pop = document.getElementById('name-pop');
const panel = document.getElementById('name-panel');
const said = document.getElementById('said');
const word = /[\p{L}_$][\p{L}\p{N}_$]*/gu;
const rest = 350; // milliseconds on a name before its card shows
const again = 220; // milliseconds that a click waits for a second one

// keys says what each key does, those of two letters one after the other. They
// work in the code, and where nothing has the focus.
export const keys = {
  w: () => step(1), b: () => step(-1), j: () => climb(1), k: () => climb(-1),
  'g d': () => define(here(), true), 'g r': () => see('/references'), 'g i': implementations,
  'g t': () => see('/hierarchy', '&kind=types'), 'g c': () => see('/hierarchy', '&kind=calls'), 'g h': () => card(here(), true),
};
const arrows = { ArrowRight: 'w', ArrowLeft: 'b', ArrowDown: 'j', ArrowUp: 'k' }; // at the cursor

let cursor = null; // the link
let at = null; // its name: { line, col, node, start, end }

const bytes = (text) => new TextEncoder().encode(text).length;
const lineOf = (n) => document.getElementById(`L${n}`);

// namesOf returns the names of a line.
function namesOf(line) {
  const names = [];
  let col = 1;
  const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
  const included = /^\s*(#\s*(include|import)|import)\b/.test(line.textContent.replace(/^\d+/, ''));
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.parentNode.matches('a.n, a.m')) continue;
    const token = node.parentNode.closest('i')?.className;
    const found = !token ? node.data.matchAll(word) : included && token === 's' ? node.data.matchAll(/[^"<>]+/g) : [];
    for (const m of found) {
      const start = m.index;
      names.push({ line: Number(line.id.slice(1)), col: col + bytes(node.data.slice(0, start)), node, start, end: start + m[0].length });
    }
    col += bytes(node.data);
  }
  return names;
}

function rangeOf({ node, start, end }) {
  const range = document.createRange();
  range.setStart(node, start);
  range.setEnd(node, end);
  return range;
}

// under returns the name below the pointer.
function under(event) {
  const line = event.target.closest?.('.l');
  if (!line || main.dataset.language === 'text' || event.target.closest('a.n, a.m')) return null;
  return namesOf(line).find((name) => {
    const r = rangeOf(name).getBoundingClientRect();
    return r.left <= event.clientX && event.clientX < r.right && r.top <= event.clientY && event.clientY < r.bottom;
  }) ?? null;
}

function address(page, { line, col }) {
  return `${page}?${new URLSearchParams({ source: main.dataset.source, path: main.dataset.path, line, col })}`;
}

// put makes a name the cursor.
export function put({ line, col }) {
  if (at?.line !== line || at.col !== col) {
    const parent = cursor?.parentNode;
    cursor?.replaceWith(...cursor.childNodes);
    parent?.normalize();
    at = lineOf(line) && namesOf(lineOf(line)).find((name) => col < name.col + name.end - name.start);
    cursor = null;
    if (!at) return;
    cursor = document.createElement('a');
    cursor.className = 'cursor';
    cursor.href = address('/definition', at);
    rangeOf(at).surroundContents(cursor);
    Object.assign(at, { node: cursor.firstChild, start: 0, end: cursor.textContent.length });
  }
  cursor.focus({ preventScroll: true });
  cursor.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

// first returns where the cursor starts: at the selected lines, or the first in
// view.
function first() {
  const height = code.querySelector('.l')?.offsetHeight;
  const bars = [...document.querySelectorAll('.top, .bar')].map((bar) => bar.getBoundingClientRect().bottom);
  const above = Math.max(...bars) - code.getBoundingClientRect().top;
  const top = Math.max(1, Math.ceil(above / height) + 1);
  const chosen = code.querySelector('.l.w');
  const n = Number(chosen?.id.slice(1));
  return top <= n && n < top + innerHeight / height ? chosen : lineOf(top);
}

// here returns the name of the cursor, which it puts down where there is none.
function here() {
  if (!at) step(1);
  return at;
}

function step(by) {
  let line = at ? lineOf(at.line) : first();
  let names = line ? namesOf(line) : [];
  if (at) names = names.filter(({ col }) => by > 0 ? col > at.col : col < at.col);
  for (let n = Number(line?.id.slice(1)); names.length === 0 && line; names = line ? namesOf(line) : []) line = lineOf(n += by);
  if (names.length > 0) put(names.at(by > 0 ? 0 : -1));
}

// climb goes to the name below or above that is nearest sideways.
function climb(by) {
  if (!at) return step(1);
  const x = cursor.getBoundingClientRect().left;
  let names = [];
  for (let n = at.line + by; names.length === 0 && lineOf(n); n += by) names = namesOf(lineOf(n));
  const far = (name) => Math.abs(rangeOf(name).getBoundingClientRect().left - x);
  if (names.length > 0) put(names.reduce((a, b) => far(b) < far(a) ? b : a));
}

async function ask(page, name, more = '') {
  const answer = await fetch(address(`/api/v1${page}`, name) + more);
  return answer.json();
}

// define goes to what a name means, or shows what it may mean. From its own
// definition it goes on to the declaration only when it is asked to.
async function define(name, asked, elsewhere) {
  if (!name) return;
  const { follow, answers } = await ask('/definition', name);
  const [best] = answers;
  const sure = ['sure', 'precise'].includes(best?.confidence) && best.reason !== 'itself';
  const to = follow || (asked && sure && best.url);
  if (!to) return card(name, true);
  if (elsewhere) return window.open(to, '_blank', 'noopener');
  leave(to);
}

async function implementations() {
  const name = here();
  if (!name) return;
  const { types } = await ask('/hierarchy', name, '&kind=types');
  if (types.below.length === 1) leave(types.below[0].url);
  else see('/hierarchy', '&kind=types');
}

async function see(page, more = '') {
  if (here()) show(address(page, at) + more);
}

async function show(to) {
  pop.hidePopover();
  (await import('./panel.js')).open(to, () => (cursor ?? code).focus({ preventScroll: true }), leave);
  cursor?.scrollIntoView({ block: 'nearest' });
}

// leave goes to an address so that going back leads to this very place.
export function leave(to) {
  const next = new URL(to, location);
  const open = panel.hidden ? undefined : panel.dataset.address;
  history.replaceState({ ...history.state, name: at && { line: at.line, col: at.col }, y: scrollY, x: code.scrollLeft, panel: open }, '');
  pop.hidePopover();
  if (!main.dispatchEvent(new CustomEvent('leave', { cancelable: true, detail: next }))) return;
  if (next.pathname !== location.pathname || !next.hash) return location.assign(next);
  if (next.hash === location.hash) history.pushState(null, '');
  location.hash = next.hash;
  put({ line: Number(next.hash.slice(2)), col: Number(next.searchParams.get('col') ?? 1) });
}

// arrive puts the cursor and all else where they were when the reader left.
export function arrive() {
  const { name, x, y, panel: open } = history.state ?? {};
  if (y === undefined) return;
  if (name) put(name);
  scrollTo(scrollX, y);
  code.scrollLeft = x;
  if (open) show(open);
}

addEventListener('popstate', () => setTimeout(arrive));
main.addEventListener('filechange', () => {
  cursor = at = null;
  light(null);
});

// The card of a name: beside it while the pointer rests there, or until it is
// closed when it was asked for.

let waiting = 0;
let over = null; // the name below the pointer
let pinned = false;

async function card(name, pin) {
  if (!name) return;
  let content;
  try {
    content = (await load(address('/definition', name))).getElementById('name-card');
  } catch (error) {
    if (pin) said.textContent = error.status === 404 ? panel.dataset.none : panel.dataset.failed;
    return;
  }
  if (!pin && (over !== name || pinned && pop.matches(':popover-open'))) return;
  pinned = pin;
  pop.replaceChildren(content);
  const r = (name.node.isConnected ? rangeOf(name) : cursor ?? code).getBoundingClientRect();
  pop.showPopover();
  const box = pop.getBoundingClientRect();
  const below = r.bottom + box.height + 8 < innerHeight || r.top < innerHeight / 2;
  pop.style.setProperty('--x', `${Math.max(8, Math.min(r.left, innerWidth - box.width - 8))}px`);
  pop.style.setProperty('--y', `${below ? r.bottom + 4 : Math.max(8, r.top - box.height - 4)}px`);
  pop.style.setProperty('--room', `${below ? innerHeight - r.bottom - 12 : r.top - 12}px`);
  if (pin) pop.querySelector('a')?.focus();
}

function light(name) {
  over = name;
  code.classList.toggle('on-name', name !== null);
  if (name) CSS.highlights?.set('name', new Highlight(rangeOf(name)));
  else CSS.highlights?.delete('name');
}

export function pointermove(event) {
  if (event.pointerType !== 'mouse' || event.buttons) return;
  const name = under(event);
  if (name?.line === over?.line && name?.col === over?.col) return;
  light(name);
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    if (over) card(over, false);
    else if (!pinned && !pop.matches(':hover')) pop.hidePopover();
  }, rest);
}

export function pointerleave() {
  light(null);
  clearTimeout(waiting);
  waiting = setTimeout(() => !pinned && !pop.matches(':hover') && pop.hidePopover(), rest);
}

pop.addEventListener('pointerleave', () => !pinned && pop.hidePopover());
pop.addEventListener('toggle', (event) => {
  if (event.newState === 'closed') pinned = false;
});
pop.addEventListener('click', (event) => {
  const link = event.target.closest('a');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (link.matches('[data-panel]')) show(link.href);
  else if (link.pathname.startsWith('/src/')) leave(link.href);
  else return;
  event.preventDefault();
});

// A second click selects the word instead.
export function click(event) {
  clearTimeout(following);
  if (event.detail > 1 || event.target.closest('a:not(.cursor)') || event.shiftKey || event.altKey || !getSelection().isCollapsed) return;
  const name = event.detail === 0 ? at : under(event);
  if (!name) return;
  event.preventDefault();
  clearTimeout(waiting);
  const elsewhere = event.ctrlKey || event.metaKey;
  const go = () => {
    put(name);
    if (event.pointerType === 'touch') card(at, true);
    else define(at, false, elsewhere);
  };
  if (event.detail === 0 || elsewhere) go();
  else following = setTimeout(go, again);
}

let following = 0;
let before = ''; // the first of two letters
let since = 0;

export function keydown(event) {
  if (event.altKey && ['ArrowLeft', 'ArrowRight'].includes(event.key) && !event.target.matches('input, textarea, select')) {
    event.preventDefault();
    return event.key === 'ArrowLeft' ? history.back() : history.forward();
  }
  const idle = event.target === document.body || code.contains(event.target);
  if (!idle || event.ctrlKey || event.metaKey || event.altKey || main.dataset.language === 'text') return;
  if (event.key === 'Escape' && !pop.matches(':popover-open')) panel.querySelector('.close').click();
  const key = event.target === cursor && arrows[event.key] || event.key;
  const both = event.timeStamp - since < 1500 ? `${before} ${key}` : key;
  const act = keys[both] ?? keys[key];
  [before, since] = [key, event.timeStamp];
  if (!act) return;
  event.preventDefault();
  before = '';
  act();
}
