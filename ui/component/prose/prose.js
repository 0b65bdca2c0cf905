// What is wider than the column scrolls; the keyboard must reach it.
for (const box of document.querySelectorAll('.prose :is(pre, table)')) {
  if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
}
