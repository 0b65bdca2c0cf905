// What every page does beyond reading: preferences without a reload, and the
// palette, which is fetched when it is first asked for.

const opener = document.querySelector('.opens-palette');
opener.addEventListener('click', openPalette);

document.addEventListener('keydown', (event) => {
  const typing = event.target.closest?.('input, textarea, select, [contenteditable]');
  const slash = event.key === '/' && !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
  const ctrlK = event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey) && !event.altKey;
  if (slash || ctrlK) {
    event.preventDefault();
    openPalette();
  }
  if (event.key === '?' && !typing && !event.ctrlKey && !event.metaKey) import('../component/keys/keys.js').then(({ open }) => open());
});

async function openPalette() {
  const { open } = await import('../component/palette/palette.js');
  open();
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
  for (const other of preferences.querySelectorAll('[data-set-theme]')) {
    other.toggleAttribute('aria-current', false);
  }
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

// A preference in the address was remembered by the server; the address need
// not keep it.
const address = new URL(location.href);
if (address.searchParams.has('lang') && address.pathname !== '/search' || address.searchParams.has('theme')) {
  address.searchParams.delete('theme');
  if (address.pathname !== '/search') address.searchParams.delete('lang');
  history.replaceState(history.state, '', address);
}
