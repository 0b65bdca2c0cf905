// The palette: type a few letters, pick a symbol, file or lesson, go there.
// It follows the ARIA combobox pattern: focus stays in the field while
// aria-activedescendant walks the options.

const dialog = document.getElementById('palette');
const input = document.getElementById('palette-input');
const list = document.getElementById('palette-results');
const said = document.getElementById('said');
const words = list.dataset;

const kinds = [['symbol', 14], ['file', 6], ['lesson', 4]];
const pause = 40; // milliseconds without a key before a search starts

let options = []; // elements, in order
let chosen = -1;
let running = new AbortController();
let timer = 0;
let shownFor = ''; // the query that the options answer

export function open() {
  if (dialog.open) return;
  dialog.showModal();
  input.select();
}

dialog.addEventListener('click', (event) => {
  if (event.target === dialog) dialog.close();
});

input.addEventListener('input', () => {
  clearTimeout(timer);
  timer = setTimeout(search, pause);
});

input.addEventListener('keydown', (event) => {
  if (event.isComposing) return;
  const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
  if (event.key in moves) {
    event.preventDefault();
    move(moves[event.key]);
  } else if (event.key === 'Enter') {
    event.preventDefault();
    go(event.ctrlKey || event.metaKey);
  }
});

list.addEventListener('mousedown', (event) => event.preventDefault()); // the field keeps the focus
list.addEventListener('click', (event) => {
  const at = options.indexOf(event.target.closest('[role=option]'));
  if (at < 0) return;
  choose(at);
  go(event.ctrlKey || event.metaKey);
});

async function search() {
  clearTimeout(timer);
  running.abort();
  const query = input.value.trim();
  if (!query) {
    show([], query);
    return;
  }
  const { signal } = (running = new AbortController());
  const groups = await Promise.all(kinds.map(([kind, limit]) => ask(kind, limit, query, signal)));
  if (!signal.aborted) show(groups, query);
}

async function ask(kind, limit, query, signal) {
  const parameters = new URLSearchParams({ kind, limit, q: query });
  try {
    const answer = await fetch(`/api/v1/search?${parameters}`, { signal });
    if (!answer.ok) return { kind, results: [], failed: true };
    return { kind, results: (await answer.json()).results };
  } catch {
    return { kind, results: [], failed: !signal.aborted };
  }
}

function show(groups, query) {
  options = [];
  list.replaceChildren();
  shownFor = query;
  for (const { kind, results } of groups) {
    if (results.length === 0) continue;
    const title = element('span', '', words[kind]);
    title.id = `palette-${kind}`;
    const group = element('div', '', title, ...results.map((result) => option(kind, result, query)));
    group.setAttribute('role', 'group');
    group.setAttribute('aria-labelledby', title.id);
    list.append(group);
  }
  const found = options.length;
  if (query) {
    if (found === 0) {
      list.append(element('p', 'note', groups.some((g) => g.failed) ? words.failed : words.none));
    }
    const all = element('div', '', element('span', '', ''), element('span', '', words.everything.replace('%s', query)));
    all.dataset.address = `/search?${new URLSearchParams({ q: query })}`;
    list.append(asOption(all));
  }
  input.setAttribute('aria-expanded', String(options.length > 0));
  said.textContent = query ? words.found.replace('%s', found) : '';
  choose(options.length > 0 ? 0 : -1);
}

function option(kind, result, query) {
  const makers = {
    symbol: () => [element('span', 'is-code', ...marked(result.qualified, query)),
      element('span', 'what', result.definition ? result.kind : `${result.kind} (decl.)`),
      element('span', 'where', `${result.source}/${result.path}:${result.line}`)],
    file: () => [element('span', 'is-code', ...marked(result.path, query)), element('span', 'what', result.source)],
    lesson: () => [element('span', '', result.title), element('span', 'what', result.module),
      element('span', 'where', result.section)],
  };
  const row = element('div', '', element('i', 'kind'), ...makers[kind]());
  row.dataset.address = result.url;
  row.dataset.kind = kind === 'symbol' ? result.kind : `(${kind})`;
  if (kind === 'lesson') row.lang = 'es';
  return asOption(row);
}

function asOption(row) {
  row.setAttribute('role', 'option');
  row.setAttribute('aria-selected', 'false');
  row.id = `palette-option-${options.length}`;
  options.push(row);
  return row;
}

// marked cuts text where the query stands in it, letter case aside.
function marked(text, query) {
  const last = query.split(/\s+/).filter((word) => !word.includes(':') || word.includes('::')).pop() ?? '';
  const at = last ? text.toLowerCase().lastIndexOf(last.toLowerCase()) : -1;
  if (at < 0) return [text];
  return [text.slice(0, at), element('mark', '', text.slice(at, at + last.length)), text.slice(at + last.length)];
}

function move(by) {
  if (options.length === 0) return;
  const last = options.length - 1;
  let to = chosen + by;
  if (Math.abs(by) === 1) to = (to + options.length) % options.length;
  choose(Math.min(Math.max(to, 0), last));
}

function choose(at) {
  options[chosen]?.setAttribute('aria-selected', 'false');
  chosen = at;
  if (at < 0) {
    input.removeAttribute('aria-activedescendant');
    return;
  }
  options[at].setAttribute('aria-selected', 'true');
  options[at].scrollIntoView({ block: 'nearest' });
  input.setAttribute('aria-activedescendant', options[at].id);
}

// go opens what is chosen, once the answers are those of what was typed.
async function go(elsewhere) {
  if (input.value.trim() !== shownFor) await search();
  const address = options[chosen]?.dataset.address;
  if (!address) return;
  if (elsewhere) {
    window.open(address, '_blank', 'noopener');
    return;
  }
  dialog.close();
  location.assign(address);
}

function element(name, className, ...children) {
  const e = document.createElement(name);
  if (className) e.className = className;
  e.append(...children);
  return e;
}
