// The lesson beside the code. Its citations are the stops of a tour; each stop,
// and each other place that the code pane shows, is an address.

import '../../component/compare/compare.js';
import '../../component/prose/prose.js';
import { keepInView } from '../../component/scroll/scroll.js';
import { parse, select } from '../file/file.js';
import { begin, prepare, show } from '../file/pane.js';

const main = document.querySelector('main.desk');
const lesson = document.getElementById('lesson');
const said = document.getElementById('said');
const stops = [...document.querySelectorAll('#stops a')];
const id = main.dataset.lesson;
const store = `stop ${id}`;

let current = null; // link of the stop
let address = ''; // of what shows, without its fragment

const stopAt = (url) => stops[url.searchParams.get('stop') - 1];
const bare = (url) => url.pathname + url.search;

// paneOf returns the page that the code pane shows at an address, and the lines
// of it.
function paneOf(url) {
  let to;
  if (stopAt(url)) {
    to = new URL(stopAt(url).dataset.pane, location);
  } else {
    const [, path, lines] = /^(.*?)(?::([-\d]+))?$/.exec(url.searchParams.get('at') ?? '');
    to = new URL(`/src/${path.split('/').map(encodeURIComponent).join('/')}`, location);
    if (lines) to.searchParams.set('lines', lines);
  }
  const range = parse(`#L${to.searchParams.get('lines')}`);
  to.searchParams.delete('lines');
  return { page: bare(keep(to, url)), range };
}

// keep gives an address the choice of annotations that another has.
function keep(to, from = new URL(location.href)) {
  for (const name of ['of', 'kind', 'cards']) {
    if (from.searchParams.has(name)) to.searchParams.set(name, from.searchParams.get(name));
  }
  return to;
}

// go shows what an address names. The lesson keeps its place, but for a
// citation that is out of sight.
async function go(to, push = true) {
  const url = new URL(to, location);
  const { page, range } = paneOf(url);
  const lines = push ? null : parse(url.hash);
  url.hash = lines ? url.hash : '';
  address = bare(url);
  if (push) history.pushState({ stop: stops.indexOf(current) }, '', url);
  view(url.searchParams.get('view') ?? 'code');
  const cite = mark(stopAt(url));
  if (url.searchParams.has('at')) entitle(url.searchParams.get('at').split('/').at(-1));
  try {
    const changed = await show(page);
    if (address !== bare(url)) return;
    if (changed && !(lines ?? range)) scrollTo(0, 0);
    select(lines ?? range, true);
    if (cite) keepInView(lesson, cite);
  } catch {
    location.assign(url);
  }
  prepareNext(address);
}

// prepareNext fetches the pages of the stops around, one at a time and while
// there is nothing else to do.
async function prepareNext(from) {
  const at = stops.indexOf(current);
  for (const by of [1, 2, -1, 3]) {
    await new Promise(window.requestIdleCallback ?? setTimeout);
    if (address !== from) return;
    if (stops[at + by]) await prepare(paneOf(keep(new URL(stops[at + by].href))).page).catch(() => {});
  }
}

// mark says in the bar, in the list and in the lesson where the tour stands: at
// a stop, or beside the one that was left last. It returns the citation.
function mark(stop) {
  for (const old of main.querySelectorAll('#stops [aria-current], .beside [aria-current], .beside .at')) {
    old.removeAttribute('aria-current');
    old.classList.remove('at');
  }
  current = stop ?? stops[history.state?.stop];
  const at = stops.indexOf(current);
  const text = (link, part) => link?.querySelector(part)?.textContent ?? '';
  main.querySelector('.tour progress').value = at + 1;
  document.getElementById('stop-at').textContent = at + 1 || '–';
  document.getElementById('stop-name').textContent = text(current, '.name');
  for (const [name, other] of [['previous', stops[at - 1]], ['next', stops[at + 1]]]) {
    const link = document.getElementById(`stop-${name}`);
    for (const part of ['.name', '.section']) link.querySelector(part).textContent = text(other, part);
    if (other) link.href = other.href;
    else link.removeAttribute('href');
  }
  if (!stop) return null;
  stop.setAttribute('aria-current', 'step');
  stop.closest('details').open = false;
  said.textContent = [`${at + 1}/${stops.length}`, ...['.name', '.section', '.why'].map((part) => text(stop, part))].filter(Boolean).join(' · ');
  entitle(text(stop, '.name'));
  const cite = document.getElementById(stop.dataset.cite);
  if (cite) {
    cite.setAttribute('aria-current', 'true');
    cite.closest('p, li, tr, pre, h2, h3, h4')?.classList.add('at');
  }
  remember(store, at + 1);
  return cite;
}

function entitle(name) {
  document.title = `${name} · ${lesson.querySelector('h1').textContent} · Navigator`;
}

function remember(key, value) {
  try {
    localStorage[key] = value;
  } catch { /* it is not remembered */ }
}

function recall(key) {
  try {
    return localStorage[key];
  } catch {
    return undefined;
  }
}

function step(by) {
  const next = stops[Math.max(0, stops.indexOf(current) + by)];
  if (next && next !== current) go(keep(new URL(next.href)));
}

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest('input, textarea, select, [contenteditable], dialog')) return;
  const by = { n: 1, p: -1 }[event.key];
  if (!by || event.defaultPrevented) return;
  event.preventDefault();
  step(by);
});

// Links to code, to citations of the lesson and into the lesson stay here.
main.addEventListener('click', (event) => {
  const link = event.target.closest('a[href]');
  if (!link || link.role === 'tab' || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const to = here(new URL(link.href));
  if (!to) return;
  event.preventDefault();
  if (to.matches) into(to);
  else go(keep(new URL(to)));
});

main.addEventListener('leave', (event) => {
  const to = event.detail.pathname === location.pathname ? event.detail : here(event.detail);
  if (!to) return;
  event.preventDefault();
  go(event.detail === to ? to : keep(new URL(to)));
});

// here returns the address on the desk of what a link leads to, or the element
// of the lesson; undefined when it leads away.
function here(url) {
  if (url.origin !== location.origin) return undefined;
  if (url.pathname === location.pathname && url.searchParams.has('stop')) return url;
  const at = decodeURIComponent(url.pathname);
  let cite = '';
  if (at === `/lessons/${id}`) cite = decodeURIComponent(url.hash.slice(1));
  if (at === '/citation' && url.searchParams.get('lesson') === id) cite = `cite-${url.searchParams.get('n')}`;
  if (cite) return stops.find((stop) => stop.dataset.cite === cite)?.href ?? document.getElementById(cite) ?? undefined;
  const file = /^\/src\/(.*[^/])$/.exec(at);
  if (!file) return undefined;
  const range = parse(url.hash) ?? parse(`#L${url.searchParams.get('lines')}`);
  const to = new URL(location.pathname, location);
  to.searchParams.set('at', file[1] + (range ? `:${range.first}${range.last > range.first ? `-${range.last}` : ''}` : ''));
  return to;
}

function into(element) {
  view('lesson');
  element.scrollIntoView({ block: 'center' });
}

// On a narrow screen the lesson and the code are two tabs.
const tabs = [...main.querySelectorAll('[role=tab]')];

function view(name) {
  if (name === 'lesson') main.dataset.view = 'lesson';
  else delete main.dataset.view;
  tabs.forEach((tab, i) => {
    tab.ariaSelected = (i === 0) === (name === 'lesson');
    tab.tabIndex = tab.ariaSelected === 'true' ? 0 : -1;
  });
}

function choose(tab) {
  view(tab === tabs[0] ? 'lesson' : 'code');
  const url = new URL(location.href);
  url.searchParams.set('view', main.dataset.view ?? 'code');
  address = bare(url);
  history.replaceState(history.state, '', url);
  tab.focus();
}

for (const tab of tabs) {
  tab.addEventListener('click', (event) => {
    event.preventDefault();
    choose(tab);
  });
  tab.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowLeft') choose(tabs[0]);
    if (event.key === 'ArrowRight') choose(tabs[1]);
  });
}

// The divider moves by the pointer and by the keyboard, and stays where it was
// put.
const divider = main.querySelector('.divider');

function divide(percent) {
  const split = Math.round(Math.min(70, Math.max(20, percent)));
  document.documentElement.style.setProperty('--split', split);
  divider.ariaValueNow = split;
  remember('split', split);
}

divider.addEventListener('pointerdown', (event) => {
  divider.setPointerCapture(event.pointerId);
  event.preventDefault();
});
divider.addEventListener('pointermove', (event) => {
  if (divider.hasPointerCapture(event.pointerId)) divide(event.clientX / document.documentElement.clientWidth * 100);
});
divider.addEventListener('dblclick', () => divide(32));
divider.addEventListener('keydown', (event) => {
  const now = Number(divider.ariaValueNow);
  const to = { ArrowLeft: now - 2, ArrowRight: now + 2, Home: 20, End: 70 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  divide(to);
});
divider.ariaValueNow = recall('split') ?? 32;

addEventListener('popstate', () => {
  const url = new URL(location.href);
  if (bare(url) !== address) go(url, false);
});

// Where the reader was in the lesson survives a reload.
const place = `lesson ${id}`;
addEventListener('pagehide', () => {
  try {
    sessionStorage[place] = lesson.scrollTop;
  } catch { /* it begins at its citation */ }
});

function arrive() {
  const url = new URL(location.href);
  const resumed = !url.searchParams.has('at') && !url.searchParams.has('stop');
  if (resumed) url.searchParams.set('stop', 1);
  begin(paneOf(url).page);
  const [navigation] = performance.getEntriesByType('navigation');
  if (navigation?.type !== 'navigate') lesson.scrollTop = sessionStorage[place] ?? 0;
  if (resumed) {
    const stop = stops[recall(store) - 1];
    if (stop && stop !== stops[0]) url.searchParams.set('stop', stops.indexOf(stop) + 1);
    url.searchParams.set('view', 'lesson');
  }
  // Without JavaScript the fragment is what shows the lines.
  if (parse(url.hash)?.last === paneOf(url).range?.first) url.hash = '';
  if (stops.length === 0) return;
  history.replaceState(history.state, '', url);
  go(url, false);
}

arrive();
