// Before the first paint: how wide the reader made the lesson on the desk. The
// parser waits for this script, and it for the styles, on every page: browsers
// may else lay out thousands of lines bare, and then again as they are to look.
try {
  if (localStorage.split) document.documentElement.style.setProperty('--split', localStorage.split);
} catch { /* nothing is remembered here */ }
