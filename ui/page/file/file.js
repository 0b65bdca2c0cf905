// The lines that are selected, which the address names (#L394-L420), and what
// follows from them: what is copied, where upstream and the editor open, which
// cards are active.

import './outline.js';
import { activate, align, showCard } from './rail.js';

const main = document.querySelector('main.file');
const code = document.getElementById('code');
const said = document.getElementById('said');
const form = /^#L(\d+)(?:-L?(\d+))?$/;

const outline = document.querySelector('.outline');
outline.open = !matchMedia('(width < 64rem)').matches;
outline.classList.add('settled');

let selected = null; // { first, last }

export function parse(hash) {
  const match = form.exec(hash);
  if (!match) return null;
  const from = Number(match[1]);
  const to = Number(match[2] ?? from);
  return { first: Math.min(from, to), last: Math.max(from, to) };
}

function name({ first, last }, prefix = '') {
  return first === last ? `${prefix}${first}` : `${prefix}${first}-${prefix}${last}`;
}

// select marks a range, and scrolls to it where that is asked for.
export function select(range, show) {
  for (const line of code.querySelectorAll('.l.w')) line.classList.remove('w');
  selected = range;
  if (range) {
    for (let n = range.first; n <= range.last; n++) {
      const line = document.getElementById(`L${n}`);
      if (!line) break;
      line.classList.add('w');
    }
  }
  retarget();
  activate(range);
  if (range && show) reveal(range);
  align();
}

// retarget brings the tools in line with what is selected.
function retarget() {
  const { path, upstream, editor } = main.dataset;
  const citation = document.getElementById('citation');
  if (!citation) return; // no file shows
  citation.dataset.citation = selected ? `${path}:${name(selected)}` : path;
  citation.textContent = citation.dataset.citation.split('/').at(-1);
  const up = document.getElementById('upstream');
  if (up) up.href = selected ? `${upstream}#${name(selected, 'L')}` : upstream;
  const edit = document.getElementById('editor');
  if (edit) edit.href = editor.replaceAll('{line}', selected?.first ?? 1);
}

// settle makes the address that of a range, without a step in the history.
function settle(range) {
  const address = new URL(location.href);
  for (const name of ['lines', 'col']) address.searchParams.delete(name);
  address.hash = range ? name(range, 'L') : '';
  history.replaceState(history.state, '', address);
}

function reveal({ first, last }) {
  const line = document.getElementById(`L${first}`);
  if (!line) return;
  const { top } = line.getBoundingClientRect();
  const height = line.offsetHeight * (last - first + 1);
  const room = document.querySelector('.bar').getBoundingClientRect().bottom;
  if (top < room || top + Math.min(height, innerHeight / 2) > innerHeight) line.scrollIntoView();
}

code.addEventListener('click', (event) => {
  const number = event.target.closest('a.n');
  if (number) {
    event.preventDefault();
    const n = Number(number.textContent);
    const from = event.shiftKey && selected ? selected : { first: n, last: n };
    const range = { first: Math.min(from.first, n), last: Math.max(n, event.shiftKey ? from.first : n) };
    settle(range);
    select(range);
    if (event.shiftKey) getSelection().removeAllRanges();
  }
});

main.addEventListener('click', (event) => {
  const mark = event.target.closest('a.m, .strip a');
  if (mark) {
    event.preventDefault();
    delete main.dataset.cards; // or it would not show
    open(document.getElementById(mark.getAttribute('href').slice(1)));
  }
  const choice = event.target.closest('.filter a');
  if (choice) {
    event.preventDefault();
    filter(new URL(choice.href).searchParams);
  }
});

// filter shows the annotations that the parameters of an address ask for.
async function filter(params) {
  const url = new URL(location.href);
  for (const name of ['of', 'kind', 'cards']) {
    if (params.has(name)) url.searchParams.set(name, params.get(name));
    else url.searchParams.delete(name);
  }
  if (main.dispatchEvent(new CustomEvent('leave', { cancelable: true, detail: url }))) {
    history.replaceState(history.state, '', url);
    const { show } = await import('./pane.js');
    await show(url.pathname + url.search);
    select(selected);
  }
}

// again shows the page as it is by now, once a note has gone.
export async function again() {
  (await import('./pane.js')).forget();
  await filter(new URL(location.href).searchParams);
}

// open selects the lines of a group of cards and shows the cards.
function open(group) {
  const range = { first: Number(group.dataset.first), last: Number(group.dataset.last) };
  settle(range);
  select(range, true);
  showCard(group);
}

document.getElementById('notes').addEventListener('click', (event) => {
  const group = event.target.closest('.group');
  const link = event.target.closest('a, summary, form');
  if (!group || group.dataset.first === '0' || link && !link.matches('.range')) return;
  if (getSelection().toString()) return;
  event.preventDefault();
  open(group);
});

main.addEventListener('click', async (event) => {
  const button = event.target.closest('#copy');
  if (!button) return;
  const citation = document.getElementById('citation');
  try {
    await navigator.clipboard.writeText(citation.dataset.citation);
    said.textContent = button.dataset.said;
    button.classList.add('done');
    setTimeout(() => button.classList.remove('done'), 1500);
  } catch {
    citation.textContent = citation.dataset.citation;
    getSelection().selectAllChildren(citation); // for the reader to copy
  }
});

function arrive() {
  const range = parse(location.hash);
  if (!range && location.hash) return;
  select(range, true);
}

addEventListener('hashchange', arrive);

const { searchParams } = new URL(location.href);
const asked = searchParams.get('lines');
if (asked !== null) settle(parse(`#L${asked.replace(/^L/, '')}`));
arrive();

// Names lead to what they mean. What follows them is fetched when it is first
// needed.
let names = null;
const withNames = (use) => names ? use(names) : import('../../component/names/names.js').then((module) => use(names = module));
for (const [target, ...kinds] of [[code, 'click', 'pointermove', 'pointerleave'], [document, 'keydown']]) {
  for (const kind of kinds) target.addEventListener(kind, (event) => withNames((module) => module[kind](event)));
}
if (searchParams.has('col')) withNames(({ put }) => put({ line: selected.first, col: Number(searchParams.get('col')) }));
if (history.state?.y !== undefined) withNames(({ arrive: arriveAgain }) => arriveAgain());
