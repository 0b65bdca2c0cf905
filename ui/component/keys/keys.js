// The keys that the page knows, over the page.

import { load } from '../names/load.js';

let dialog;

export async function open() {
  if (!dialog) {
    const page = await load('/keys');
    const keys = page.getElementById('keys');
    for (const section of keys.querySelectorAll('section')) {
      if (!document.querySelector(section.dataset.where)) section.remove();
    }
    const form = document.createElement('form');
    form.method = 'dialog';
    form.append(Object.assign(document.createElement('button'), { textContent: keys.dataset.close }));
    dialog = document.createElement('dialog');
    dialog.className = 'keys-dialog';
    const title = page.querySelector('main h1');
    title.id = 'keys-title';
    dialog.setAttribute('aria-labelledby', title.id);
    dialog.append(form, title, keys);
    document.body.append(dialog);
  }
  if (!dialog.open) dialog.showModal();
}
