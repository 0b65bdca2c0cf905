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

export function activate(range) {
  const distance = (g) => Math.abs(g.dataset.first - range.first) + Math.abs(g.dataset.last - range.last);
  let nearest = Infinity;
  active = -1;
  groups.forEach((group, i) => {
    const touched = range !== null && group.dataset.first <= range.last && range.first <= group.dataset.last && group.dataset.first > 0;
    group.classList.toggle('active', touched);
    group.classList.remove('open');
    if (touched && distance(group) < nearest) {
      nearest = distance(group);
      active = i;
    }
  });
  if (active >= 0) start = beside = Math.max(groups[active].dataset.first, range.first);
  if (active >= 0 && !groups[active].querySelector('details[open]')) groups[active].querySelector('details').open = true;
  align();
}

// showCard brings a group into view: beside its lines, or where there is no
// room beside them, over the foot of the page.
export function showCard(group) {
  group.classList.toggle('open', !wide.matches);
  group.querySelector('details').open = true;
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

function align() {
  rail.classList.toggle('aligned', wide.matches);
  if (!wide.matches || !code.querySelector('.l')) {
    for (const group of groups) group.style.transform = '';
    rail.style.minBlockSize = '';
    return;
  }
  const style = getComputedStyle(code); // a line may be out of view, and not laid out
  const line = parseFloat(style.lineHeight);
  const top = code.getBoundingClientRect().top - rail.getBoundingClientRect().top + parseFloat(style.paddingTop);
  const heights = groups.map((group) => group.offsetHeight);
  const lines = groups.map((group, i) => (i === active ? beside : Number(group.dataset.first)));
  const wanted = lines.map((first) => top + Math.max(first - 1, 0) * line);
  const tops = place(wanted, heights, active);
  groups.forEach((group, i) => {
    group.style.transform = `translateY(${Math.round(tops[i])}px)`;
  });
  rail.style.minBlockSize = groups.length > 0 ? `${tops.at(-1) + heights.at(-1) + gap}px` : '';
}

// place returns where each box goes: at or below where it is wanted, none over
// another. The one at index fixed is where it is wanted, if those above it have
// room; they move up for it.
export function place(wanted, heights, fixed) {
  const tops = [];
  let free = 0;
  const down = (from) => {
    for (let i = from; i < wanted.length; i++) {
      tops[i] = Math.max(tops[i] ?? wanted[i], free);
      free = tops[i] + heights[i] + gap;
    }
  };
  down(0);
  if (fixed < 0) return tops;
  tops[fixed] = wanted[fixed];
  for (let i = fixed - 1; i >= 0; i--) tops[i] = Math.min(tops[i], tops[i + 1] - heights[i] - gap);
  for (let i = fixed + 1; i < wanted.length; i++) tops[i] = wanted[i];
  free = 0;
  down(0);
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
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') for (const group of groups) group.classList.remove('open');
});
document.addEventListener('click', (event) => {
  if (event.target.closest('.group, a.m')) return;
  for (const group of groups) group.classList.remove('open');
});
