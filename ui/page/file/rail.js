// The cards stand beside the lines that they speak of, one below the other
// where there is not room. The active ones stand exactly beside theirs.

import { onScroll } from '../../component/scroll/scroll.js';

const rail = document.getElementById('notes');
const code = document.getElementById('code');
const main = document.querySelector('main.file');
const wide = matchMedia(`(width >= ${main.matches('.desk') ? 84 : 64}rem)`);
const gap = 10; // pixels between cards

let groups = [];
let active = -1; // index of the group that stands exactly
let start = 0; // the line that it is wanted at: its first, or the first selected one of it
let beside = 0; // the line that it stands at: start, or further down while that is out of view
let tops = []; // where the groups stand, in pixels

// activate marks the groups of a range; what selects it aligns them.
export function activate(range) {
  const distance = (g) => Math.abs(g.dataset.first - range.first) + Math.abs(g.dataset.last - range.last);
  let nearest = Infinity;
  active = -1;
  groups.forEach((group, i) => {
    const touched = range !== null && group.dataset.first <= range.last && range.first <= group.dataset.last && group.dataset.first > 0;
    group.classList.toggle('active', touched);
    if (touched && distance(group) < nearest) {
      nearest = distance(group);
      active = i;
    }
  });
  if (active >= 0) start = beside = Math.max(groups[active].dataset.first, range.first);
  if (groups[active] && !groups[active].querySelector('details[open]')) unfold(groups[active]);
  makeRoom();
  fold();
}

// makeRoom folds the cards above the active ones where they leave these no room
// beside their lines.
function makeRoom() {
  const above = groups.slice(0, Math.max(active, 0));
  const taken = above.reduce((sum, group) => sum + group.offsetHeight + gap, 0);
  if (!wide.matches || taken < start * parseFloat(getComputedStyle(code).lineHeight)) return;
  for (const group of above) for (const card of group.querySelectorAll('.card')) card.open = false;
}

// unfold opens the first card of a group, and what readers noted themselves.
function unfold(group) {
  for (const card of group.querySelectorAll('.card:first-of-type, .card.from-note')) card.open = true;
}

// showCard brings a group into view: beside its lines, or where there is no
// room beside them, over the foot of the page.
export function showCard(group) {
  group.classList.toggle('open', !wide.matches);
  unfold(group);
}

// The active card stays in view while its lines do.
function follow() {
  if (active < 0 || !wide.matches) return;
  const line = parseFloat(getComputedStyle(code).lineHeight);
  const covered = document.querySelector('.bar').getBoundingClientRect().bottom + 4 * line - code.getBoundingClientRect().top;
  const last = groups[active].dataset.last - Math.ceil(groups[active].offsetHeight / line);
  const to = Math.max(start, Math.min(Math.floor(covered / line), last));
  if (to === beside) return;
  beside = to;
  align();
}

export function align() {
  const style = getComputedStyle(code); // a line may be out of view, and not laid out
  const line = parseFloat(style.lineHeight);
  const top = code.getBoundingClientRect().top - rail.getBoundingClientRect().top + parseFloat(style.paddingTop);
  const near = groups.map((group, i) => Math.round(top + Math.max((i === active ? beside : group.dataset.first) - 1, 0) * line));
  rail.classList.toggle('aligned', wide.matches);
  const heights = groups.map((group) => group.offsetHeight);
  put(place(near, heights, active));
  rail.style.minBlockSize = wide.matches && tops.length > 0 ? `${tops.at(-1) + heights.at(-1) + gap}px` : '';
}

function put(to) {
  groups.forEach((group, i) => {
    if (to[i] !== tops[i]) group.style.transform = `translateY(${to[i]}px)`;
  });
  tops = to;
}

// place returns where each box goes: at or below where it is wanted, none over
// another. The one at index fixed is where it is wanted, if those above it have
// room; they move up for it.
export function place(wanted, heights, fixed) {
  const tops = [];
  let free = 0;
  const down = () => {
    for (let i = 0; i < wanted.length; i++) {
      tops[i] = Math.max(tops[i] ?? wanted[i], free);
      free = tops[i] + heights[i] + gap;
    }
  };
  down();
  if (fixed < 0) return tops;
  tops[fixed] = wanted[fixed];
  for (let i = fixed - 1; i >= 0; i--) tops[i] = Math.min(tops[i], tops[i + 1] - heights[i] - gap);
  for (let i = fixed + 1; i < wanted.length; i++) tops[i] = wanted[i];
  free = 0;
  down();
  return tops;
}

// Resting on a card lights its lines.
function light(group, on) {
  const { first, last } = group.dataset;
  for (let n = Number(first); n > 0 && n <= Number(last); n++) {
    document.getElementById(`L${n}`)?.classList.toggle('lit', on);
  }
}

const sizes = new ResizeObserver(() => align());

function read() {
  sizes.disconnect();
  active = -1;
  tops = [];
  groups = [...rail.querySelectorAll('.group')].sort((a, b) => a.dataset.first - b.dataset.first || a.dataset.last - b.dataset.last);
  for (const group of groups) sizes.observe(group); // which aligns them
}

for (const [kind, on] of [['pointerover', true], ['pointerout', false]]) {
  rail.addEventListener(kind, (event) => {
    const group = event.target.closest('.group');
    if (group && !group.contains(event.relatedTarget)) light(group, on);
  });
}
main.addEventListener('filechange', read);
read();
onScroll(follow);
wide.addEventListener('change', align);
const fold = () => rail.querySelector('.group.open')?.classList.remove('open');
document.addEventListener('keydown', (event) => event.key === 'Escape' && fold());
document.addEventListener('click', (event) => event.target.closest('.group, a.m') || fold());
