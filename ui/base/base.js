// What every page does beyond reading: preferences without a reload, and the
// palette, which is fetched when it is first asked for.

const opener = document.querySelector('.opens-palette');
opener.addEventListener('click', openPalette);

// What is typed while the palette is on its way to here: it is kept for it.
let early = null;

document.addEventListener('keydown', (event) => {
  const { key, target, ctrlKey, metaKey, altKey } = event;
  const held = ctrlKey || metaKey;
  if (early !== null && key.length === 1 && !held && !altKey) {
    event.preventDefault();
    event.stopImmediatePropagation();
    early += key;
    return;
  }
  const typing = target.closest?.('input, textarea, select, [contenteditable]');
  const slash = key === '/' && !typing && !held && !altKey;
  const ctrlK = key.toLowerCase() === 'k' && held && !altKey;
  if (slash || ctrlK) {
    event.preventDefault();
    openPalette();
  }
  if (key === '?' && !typing && !held) import('../component/keys/keys.js').then(({ open }) => open());
}, true);

async function openPalette() {
  early ??= '';
  try {
    const { open } = await import('../component/palette/palette.js');
    open(early);
  } finally {
    early = null;
  }
}

const preferences = document.querySelector('.preferences');
preferences.addEventListener('click', (event) => {
  const chosen = event.target.closest('[data-set-theme]');
  if (!chosen) return;
  event.preventDefault();
  const theme = chosen.dataset.setTheme;
  document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=lax`;
  if (theme === 'auto') {
    delete document.documentElement.dataset.theme;
  } else {
    document.documentElement.dataset.theme = theme;
  }
  preferences.querySelector('[data-set-theme][aria-current]')?.removeAttribute('aria-current');
  chosen.setAttribute('aria-current', 'true');
  document.dispatchEvent(new Event('themechange'));
});
document.addEventListener('click', (event) => {
  if (!preferences.contains(event.target)) preferences.open = false;
});
preferences.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  preferences.open = false;
  preferences.querySelector('summary').focus();
});
