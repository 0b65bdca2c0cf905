// Before the first paint: how wide the reader made the lesson.
try {
  if (localStorage.split) document.documentElement.style.setProperty('--split', localStorage.split);
} catch { /* nothing is remembered here */ }
