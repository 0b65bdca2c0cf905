// Comparisons of excerpts with the code open in place, and what mends a lesson
// can be copied.

import { load } from '../names/load.js';

const said = document.getElementById('said');

document.addEventListener('click', async (event) => {
  const button = event.target.closest('button.copy');
  if (button) {
    const { copy } = await import('../study/copy.js');
    await copy(button.parentElement.querySelector('code').textContent);
    said.textContent = button.dataset.said;
    button.classList.add('done');
    return;
  }
  const opener = event.target.closest('a.compares');
  if (!opener || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  toggle(opener);
});

// A link that opens in place is a button to the keyboard, too.
for (const opener of document.querySelectorAll('a.compares')) {
  opener.role = 'button';
  opener.ariaExpanded = 'false';
  opener.addEventListener('keydown', (event) => {
    if (event.key !== ' ') return;
    event.preventDefault();
    toggle(opener);
  });
}

async function toggle(opener) {
  const excerpt = opener.closest('.excerpt');
  let comparison = excerpt.querySelector('.comparison');
  if (!comparison) {
    const page = await load(opener.href).catch(() => null);
    comparison = page?.querySelector('.comparison');
    if (!comparison) return location.assign(opener.href);
    if (excerpt.querySelector('.comparison')) return; // asked for twice
    excerpt.append(comparison);
  }
  document.body.style.overflowAnchor = 'none'; // what is below moves, not what is read
  const open = excerpt.classList.toggle('open');
  setTimeout(() => (document.body.style.overflowAnchor = ''), 100); // once it is laid out
  opener.ariaExpanded = open;
  opener.setAttribute('aria-controls', comparison.id);
}
