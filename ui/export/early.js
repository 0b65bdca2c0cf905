// Before the first paint: the theme that was chosen, and whether the page lies
// on a desk. A browser may keep nothing of pages that are read from disk.
'use strict';

{
  const { dataset } = document.documentElement;
  let theme = null;
  try { theme = localStorage.getItem('theme'); } catch { /* for this page alone */ }
  if (theme === 'light' || theme === 'dark') dataset.theme = theme;
  else delete dataset.theme;
  if (parent !== window && /^desk-(lesson|code)$/.test(window.name)) dataset.pane = window.name;
}
