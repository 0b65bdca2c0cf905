// Writing notes: what leads to it. The rest is fetched when it is first needed.

const use = (what, ...args) => import('./note.js').then((module) => module[what](...args));
const annotate = () => document.getElementById('annotate');
const plain = (event) => !event.ctrlKey && !event.metaKey && !event.altKey;

document.addEventListener('click', (event) => {
  const link = event.target.closest('#annotate, .note-edit');
  if (!link || !plain(event) || event.shiftKey) return;
  event.preventDefault();
  use('open', link);
});
document.addEventListener('keydown', (event) => {
  if (event.key !== 'a' || !annotate() || !plain(event) || event.target.closest?.('input, textarea, select, dialog')) return;
  event.preventDefault();
  use('open', annotate());
});
document.addEventListener('submit', (event) => {
  if (!event.target.matches('.note-tools')) return;
  event.preventDefault();
  use('remove', event.target);
});
