// The drift page by keyboard, and the range drawn over the lines.

const item = document.getElementById('item');
const to = document.getElementById('to');
const rows = document.getElementById('rows');
const said = document.getElementById('said');
const keys = { a: 'accept', x: 'reject', u: 'undo', n: 'next', p: 'previous' };

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.target.closest('input, textarea, select')) {
    if (event.key === 'Escape') event.target.blur();
    return;
  }
  const target = event.key === 'e' ? to : document.getElementById(keys[event.key]);
  if (!target || event.repeat) return;
  event.preventDefault();
  if (target === to) {
    addEventListener('keyup', edit, { once: true }); // or the letter would go into the field
  } else {
    target.click();
  }
});

function edit() {
  to.focus();
  to.setSelectionRange(to.value.lastIndexOf(':') + 1, to.value.length);
}

// A second press while the first is on its way decides nothing.
document.addEventListener('submit', ({ target }) => {
  if (target.dataset.sent) event.preventDefault();
  target.dataset.sent = 'yes';
});
addEventListener('pageshow', () => {
  for (const form of document.forms) delete form.dataset.sent;
});

const lines = [...(rows?.querySelectorAll('[data-line]') ?? [])];
const numberOf = (row) => Number(row.dataset.line);

function show(first, last) {
  for (const row of lines) row.classList.toggle('in', first <= numberOf(row) && numberOf(row) <= last);
}

function draw(a, b) {
  const [first, last] = [Math.min(a, b), Math.max(a, b)];
  show(first, last);
  to.value = `${item.dataset.path}:${first === last ? first : `${first}-${last}`}`;
  said.textContent = to.value;
}

// Dragging over the numbers of lines draws the range.
let from = 0;
const under = ({ clientX, clientY }) => document.elementFromPoint(clientX, clientY)?.closest('#rows [data-line]');
if (to) {
  rows?.addEventListener('pointerdown', (event) => {
    const row = event.button === 0 && event.target.closest('.to')?.closest('[data-line]');
    if (!row) return;
    event.preventDefault();
    from = numberOf(row);
    draw(from, from);
  });
  rows?.addEventListener('pointermove', (event) => {
    const row = from && under(event);
    if (row) draw(from, numberOf(row));
  });
  addEventListener('pointerup', () => {
    if (from) to.focus();
    from = 0;
  });
  to.addEventListener('input', () => {
    const [, path, first, last = first] = /^(.*):L?(\d+)(?:-L?(\d+))?\s*$/.exec(to.value) ?? [];
    if (path === item.dataset.path) show(Number(first), Number(last));
  });
}

// The list is scrolled to the item, and the page is not.
const list = document.querySelector('.drift-list');
const current = list?.querySelector('[aria-current]');
if (current) list.scrollTop += current.getBoundingClientRect().top - list.getBoundingClientRect().top - list.clientHeight / 2;
