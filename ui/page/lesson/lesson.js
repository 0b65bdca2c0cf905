// The table of contents follows the reader.

import '../../component/compare/compare.js';
import '../../component/prose/prose.js';
import '../../component/study/study.js';
import { keepInView, onScroll } from '../../component/scroll/scroll.js';

const contents = document.querySelector('.contents');
contents.open = !matchMedia('(width < 52rem)').matches;
contents.classList.add('settled');

const entries = new Map();
for (const link of contents.querySelectorAll('a')) {
  const heading = document.getElementById(decodeURIComponent(link.hash.slice(1)));
  if (heading) entries.set(heading, link);
}

const headings = [...entries.keys()];
let current = null;

onScroll(() => {
  const above = headings.findLast((heading) => heading.getBoundingClientRect().top < innerHeight * 0.3);
  const link = entries.get(above) ?? null;
  if (link === current) return;
  current?.removeAttribute('aria-current');
  current = link;
  link?.setAttribute('aria-current', 'true');
  if (link) keepInView(contents, link);
});

// While the course is being checked, wait for the end and say so.
const checking = document.getElementById('checking');
async function waitForCheck() {
  const answer = await fetch(location.href, { cache: 'no-cache' });
  if ((await answer.text()).includes('id="checking"')) return setTimeout(waitForCheck, 1000);
  checking.textContent = checking.dataset.done;
}
if (checking) setTimeout(waitForCheck, 1000);
