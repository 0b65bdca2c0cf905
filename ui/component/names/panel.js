// The panel below the code: where a name is used, what it descends from, and
// the calls. Its parts are those of the pages that say the same.

import { load } from './load.js';

const panel = document.getElementById('name-panel');
const list = panel.querySelector('.panel-list');
const preview = panel.querySelector('.panel-preview');
const said = document.getElementById('said');
const rows = '.lines a, .answer, summary, .more a';

let back = () => {};
let go = () => {};
let shown = ''; // address of the preview
let waiting = 0;

// open shows the page of a name. goBack returns to the code, goTo leaves for a
// place.
export async function open(address, goBack, goTo) {
  [back, go] = [goBack, goTo];
  let page;
  try {
    page = await load(address);
  } catch (error) {
    said.textContent = error.status === 404 ? panel.dataset.none : panel.dataset.failed;
    return;
  }
  panel.dataset.address = address;
  panel.querySelector('.page').href = address;
  panel.querySelector('.tabs').replaceChildren(page.querySelector('h1 code'), page.querySelector('.name-tabs') ?? '');
  list.replaceChildren(...page.getElementById('name-view').childNodes);
  preview.replaceChildren();
  shown = '';
  panel.hidden = false;
  document.documentElement.classList.add('with-panel');
  list.scrollTop = 0;
  (list.querySelector(rows) ?? panel).focus({ preventScroll: true });
}

function close() {
  if (panel.hidden) return;
  panel.hidden = true;
  document.documentElement.classList.remove('with-panel');
  back();
}

// look shows the lines around a use.
async function look(link) {
  const address = link?.dataset.preview;
  if (!address || address === shown || preview.offsetWidth === 0) return;
  shown = address;
  const page = await load(address).catch(() => null);
  if (shown === address) preview.replaceChildren(...page?.getElementById('preview').childNodes ?? []);
}

// expand shows the relatives of a relative below it, or hides them again.
async function expand(link) {
  const item = link.closest('li');
  const there = item.querySelector(':scope > .tree');
  link.textContent = there && !there.hidden ? '+' : '−';
  if (there) {
    there.hidden = !there.hidden;
    return;
  }
  const { side } = item.closest('[data-side]').dataset;
  const page = await load(link.href).catch(() => null);
  const inner = page?.querySelector(`[data-side=${side}] .tree`);
  if (inner) item.append(inner);
  else link.remove();
}

panel.addEventListener('click', (event) => {
  if (event.target.closest('.close')) return close();
  const link = event.target.closest('a');
  if (!link || link.matches('.page') || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (link.matches('.name-tabs a, [data-panel]')) open(link.href, back, go);
  else if (link.matches('.expand')) expand(link);
  else if (link.pathname.startsWith('/src/')) go(link.href);
  else return;
  event.preventDefault();
});

list.addEventListener('focusin', (event) => look(event.target));
list.addEventListener('pointerover', (event) => {
  clearTimeout(waiting);
  waiting = setTimeout(look, 120, event.target.closest('a'));
});

panel.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') return close();
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!by || !list.contains(event.target)) return;
  const all = [...list.querySelectorAll(rows)].filter((row) => row.checkVisibility());
  const next = all[all.indexOf(event.target.closest(rows)) + by];
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.scrollIntoView({ block: 'nearest' });
});
