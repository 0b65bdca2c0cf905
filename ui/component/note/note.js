// The form in which a note is written, beside its lines; and what brings a
// deleted note back. What is typed is kept in the tab until it is saved.

import { load } from '../names/load.js';

const page = document.querySelector('.note-page'); // which is all form
const here = document.createElement('div'); // where the form stands on others
here.className = 'note-here';
let opener = null;
let line = null; // that the form stands beside

const ask = async (...what) => (await load(...what))?.querySelector('.note');

// selected returns the lines of the text that is selected, else of those that
// are marked.
function selected() {
  const text = getSelection();
  let ends = [...document.querySelectorAll('#code .l.w')];
  if (!text.isCollapsed) {
    const { startContainer, endContainer, endOffset } = text.getRangeAt(0);
    const over = [startContainer, endContainer].map((node) => (node.closest ? node : node.parentElement).closest('#code .l'));
    if (endOffset === 0 && over[0] !== over[1]) over[1] = over[1]?.previousElementSibling;
    if (over[0] && over[1]) ends = over;
  }
  line = ends[0];
  return [...new Set([ends[0], ends.at(-1)])].map((l) => l?.id.slice(1)).join('-');
}

export async function open(link) {
  if (here.isConnected) return here.querySelector('textarea, a').focus();
  opener = document.activeElement;
  line = document.getElementById(`L${link.closest('.group')?.dataset.first}`);
  const address = new URL(link.href);
  if (link.id) address.searchParams.set('lines', selected());
  const note = await ask(address).catch(() => null);
  if (note) show(note);
  else location.assign(address);
}

function show(note) {
  if (page) {
    page.querySelector('.note').replaceWith(document.adoptNode(note));
  } else {
    here.replaceChildren(document.adoptNode(note));
    document.querySelector('main').append(here);
  }
  start(note);
}

function start(note) {
  const close = note.text ? wire(note) : leave;
  note.querySelector('.note-cancel').addEventListener('click', close);
  note.addEventListener('keydown', (event) => event.key === 'Escape' && close(event));
  place();
  note.querySelector('.note-problem, textarea, a').focus();
}

// leave goes back to where the form was opened.
function leave(event) {
  event.preventDefault();
  event.stopPropagation();
  if (page) location.assign(page.querySelector('.note-cancel').href);
  here.remove();
  opener?.focus();
}

// place puts the form into the rail beside its line, where there is a rail.
function place() {
  const [rail, code, bar] = ['.rail', '#code', '.bar'].map((what) => document.querySelector(what)?.getBoundingClientRect());
  const beside = rail?.width > 200 && rail.left >= code.right - 1;
  here.classList.toggle('beside', beside);
  if (!beside) return here.removeAttribute('style');
  const top = Math.min(line?.getBoundingClientRect().top ?? 0, innerHeight - here.offsetHeight - 8);
  Object.assign(here.style, { left: `${rail.left + 8}px`, width: `${rail.width - 16}px`, top: `${Math.max(bar.bottom + 8, top)}px` });
}
addEventListener('resize', place);

// wire has a form previewed, kept and saved, and returns what leaves it.
function wire(form) {
  const { text, lines, lesson, version, note } = form;
  const key = `note ${form.file.value} ${form.cites.value}`;
  const unsaved = 'unsaved' in form.dataset;
  const keep = () => sessionStorage.setItem(key, JSON.stringify([lines.value, lesson.value, text.value, version.value]));
  let timer = 0;
  let busy = false;
  const preview = async () => {
    const fresh = await ask('/notes/preview', form).catch(() => null);
    if (fresh) form.querySelector('.preview').replaceWith(fresh.querySelector('.preview'));
    place();
  };
  const done = () => {
    sessionStorage.removeItem(key);
    if (page) return location.assign(form.back.value);
    const ends = lines.value.match(/\d+/g);
    if (ends) history.replaceState(history.state, '', `#${ends.map((end) => `L${end}`).join('-')}`); // whose card will show
    location.reload();
  };
  form.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  form.addEventListener('input', () => {
    keep();
    clearTimeout(timer);
    timer = setTimeout(preview, 200);
  });
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const button = event.submitter;
    if (busy) return;
    busy = true;
    try {
      const again = await ask(button?.formAction ?? form.action, form, button);
      if (again) show(again);
      else done();
    } catch {
      busy = false;
      text.setCustomValidity(text.dataset.failed);
      text.reportValidity();
      text.setCustomValidity(''); // or it could not be sent again
    }
  });
  const kept = JSON.parse(sessionStorage.getItem(key));
  if (unsaved) {
    keep();
  } else if (kept) {
    lines.value ||= kept[0];
    [, lesson.value, text.value] = kept;
    if (note.value >= 0) version.value = kept[3]; // who changed it meanwhile is not overwritten
  }
  if (text.value) preview();
  return (event) => {
    event.preventDefault();
    if (text.value === text.defaultValue && !unsaved || confirm(text.dataset.ask)) {
      sessionStorage.removeItem(key);
      leave(event);
    }
  };
}

// remove deletes a note, shows the page without it, and offers to bring it back.
export async function remove(form) {
  const undo = await ask(form.action, form).catch(() => form.submit());
  if (!undo?.matches('.note-undo')) return undo && show(undo);
  if (form.closest('.group')) await (await import('../../page/file/file.js')).again();
  else form.closest('.lesson-note').remove();
  const toast = document.createElement('div');
  toast.className = 'note-toast';
  toast.append(document.adoptNode(undo));
  document.body.append(toast);
  undo.querySelector('button').focus();
  undo.addEventListener('submit', async (event) => {
    event.preventDefault();
    try {
      const refused = await ask(undo.action, undo);
      if (!refused) return location.reload();
      toast.remove();
      show(refused);
    } catch {
      undo.querySelector('p').textContent = undo.dataset.failed;
    }
  });
  const close = undo.querySelector('a');
  close.textContent = undo.dataset.close;
  close.addEventListener('click', (event) => {
    event.preventDefault();
    toast.remove();
    document.getElementById('code')?.focus({ preventScroll: true });
  });
}

const form = page?.querySelector('form[action="/notes"]');
if (form) start(form);
