// The page of another file, or of what has no file, in place of the one that
// shows. Pages that were shown or may come next are kept.

import { load } from '../../component/names/load.js';

const main = document.querySelector('main.file');
const code = document.getElementById('code');
const parts = ['.bar', '#outline', '#code', '#notes', '#strip', '#elsewhere'].map((part) => main.querySelector(part)).filter(Boolean);
const most = 6; // pages that are kept
const kept = new Map(); // promises of pages by address, the last used last

const empty = () => ({ data: {}, nodes: parts.map(() => document.createDocumentFragment()) });

let shown = ''; // address of the page that shows
let asked = ''; // the last one asked for

// begin says what the page that the server sent is the page of.
export function begin(address) {
  shown = asked = address;
  kept.set(address, Promise.resolve(empty()));
}

// forget has the page that shows fetched again when it is asked for.
export function forget() {
  kept.clear();
  shown = '';
}

// prepare fetches a page that may be shown next.
export function prepare(address) {
  const page = kept.get(address) ?? load(address).then(read);
  kept.delete(address);
  kept.set(address, page);
  page.catch(() => kept.delete(address));
  for (const old of kept.keys()) {
    if (kept.size <= most) break;
    if (old !== shown && old !== asked) kept.delete(old);
  }
  return page;
}

function read(answer) {
  const page = empty();
  const from = answer.querySelector('main');
  if (from.matches('.file')) {
    page.data = { ...from.dataset };
    page.label = from.querySelector('#code')?.ariaLabel;
    parts.forEach((part, i) => {
      const twin = from.querySelector(part.id ? `#${part.id}` : '.bar');
      if (twin) page.nodes[i].append(...twin.childNodes);
    });
  } else {
    page.data.elsewhere = from.className;
    page.nodes.at(-1).append(...from.childNodes);
  }
  return page;
}

// show shows a page, unless another one is asked for meanwhile. It says whether
// it changed anything.
export async function show(address) {
  asked = address;
  if (address === shown) return false;
  const page = await prepare(address);
  if (asked !== address) return false;
  const old = await kept.get(shown) ?? empty();
  const choosing = document.activeElement.closest('.filter');
  shown = address;
  old.data = {};
  for (const name of ['source', 'path', 'language', 'upstream', 'editor', 'cards', 'elsewhere', 'notes']) {
    if (name in main.dataset) old.data[name] = main.dataset[name];
    delete main.dataset[name];
  }
  Object.assign(main.dataset, page.data);
  old.label = code.ariaLabel;
  code.ariaLabel = page.label ?? '';
  parts.forEach((part, i) => {
    old.nodes[i].append(...part.childNodes);
    part.append(page.nodes[i]);
  });
  if (parts.at(-1).matches('.elsewhere')) parts.at(-1).className = `elsewhere ${page.data.elsewhere ?? ''}`;
  if (choosing) main.querySelector('.filter summary')?.focus();
  main.dispatchEvent(new Event('filechange'));
  return true;
}
