// What exported pages do beyond reading: the theme, the lines that an address
// names, the cards beside their lines, the diagrams, and the search.
'use strict';

(() => {
  const root = document.documentElement;
  const base = document.currentScript.dataset.root;
  const wide = matchMedia('(width >= 64rem)');

  // The theme. A browser may keep nothing of pages that are read from disk.
  const remembered = {
    get: () => { try { return localStorage.getItem('theme'); } catch { return null; } },
    set: (theme) => { try { localStorage.setItem('theme', theme); } catch { /* for this page alone */ } },
  };
  function dress(theme) {
    if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
    else delete root.dataset.theme;
    for (const choice of document.querySelectorAll('[data-set-theme]')) {
      if (choice.dataset.setTheme === (root.dataset.theme ?? 'auto')) choice.setAttribute('aria-current', 'true');
      else choice.removeAttribute('aria-current');
    }
  }
  dress(remembered.get());
  document.addEventListener('click', (event) => {
    const choice = event.target.closest('[data-set-theme]');
    const menu = document.querySelector('.preferences');
    if (choice) {
      event.preventDefault();
      dress(choice.dataset.setTheme);
      remembered.set(choice.dataset.setTheme);
      redraw();
    } else if (menu && !menu.contains(event.target)) {
      menu.open = false;
    }
  });
  document.addEventListener('keydown', (event) => {
    const typing = event.target.closest?.('input, textarea, select');
    if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    document.getElementById('find')?.focus();
  });

  // On narrow screens the contents are folded.
  for (const contents of document.querySelectorAll('.contents, .outline')) {
    contents.open = matchMedia(`(width >= ${contents.matches('.outline') ? 64 : 52}rem)`).matches;
    contents.classList.add('settled');
  }

  // The cards stand beside their lines, one below the other where there is not
  // room.
  const rail = document.getElementById('notes');
  const listing = document.getElementById('code');
  const groups = rail ? [...rail.querySelectorAll('.group')].sort((a, b) => a.dataset.first - b.dataset.first) : [];
  function align() {
    const line = listing?.querySelector('.l')?.offsetHeight;
    const beside = wide.matches && Boolean(line) && groups.length > 0;
    rail?.classList.toggle('beside', beside);
    let free = 0;
    const start = beside ? listing.getBoundingClientRect().top - rail.getBoundingClientRect().top + parseFloat(getComputedStyle(listing).paddingTop) : 0;
    for (const group of groups) {
      const top = Math.max(free, start + Math.max(group.dataset.first - 1, 0) * line);
      group.style.transform = beside ? `translateY(${Math.round(top)}px)` : '';
      free = top + group.offsetHeight + 10;
    }
    if (rail) rail.style.minBlockSize = beside ? `${free}px` : '';
  }
  if (groups.length > 0) {
    const sizes = new ResizeObserver(align);
    for (const group of groups) sizes.observe(group);
    wide.addEventListener('change', align);
    align();
  }

  // The lines that the address names are marked: #L60-L72.
  function mark() {
    const named = /^#L(\d+)(?:-L(\d+))?$/.exec(location.hash);
    const first = Number(named?.[1] ?? 0);
    const last = Number(named?.[2] ?? first);
    for (const line of document.querySelectorAll('#code .l.w')) line.classList.remove('w');
    for (let n = first; n > 0 && n <= last; n++) document.getElementById(`L${n}`)?.classList.add('w');
    for (const group of groups) {
      const touched = first > 0 && Number(group.dataset.first) <= last && first <= Number(group.dataset.last);
      group.classList.toggle('active', touched);
      if (touched && Number(group.dataset.first) === first) group.querySelector('details').open = true;
    }
    align();
  }
  if (listing) {
    addEventListener('hashchange', mark);
    mark();
  }

  // Diagrams become pictures when the first comes near the view.
  const prose = document.querySelector('[data-diagrams]');
  const sources = prose ? [...prose.querySelectorAll('pre > code.language-mermaid')].map((code) => code.parentElement) : [];
  const images = [];
  let drawing = null;
  function load() {
    drawing ??= new Promise((resolve, reject) => {
      const script = document.createElement('script');
      script.src = prose.dataset.diagrams;
      script.onload = resolve;
      script.onerror = reject;
      document.head.append(script);
    });
    return drawing;
  }
  async function draw() {
    await load();
    const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
    window.mermaid.initialize({
      startOnLoad: false, securityLevel: 'strict', theme: dark ? 'dark' : 'neutral', fontFamily: 'system-ui, sans-serif', htmlLabels: false, flowchart: { htmlLabels: false },
    });
    for (const [i, pre] of sources.entries()) {
      try {
        const { svg } = await window.mermaid.render(`diagram-${i}`, pre.textContent);
        show(i, pre, svg);
      } catch { /* its source stays */ }
    }
  }
  function show(i, pre, svg) {
    const picture = new DOMParser().parseFromString(svg, 'text/html').querySelector('svg');
    const { width, height } = picture.viewBox.baseVal;
    picture.setAttribute('width', Math.ceil(width));
    picture.setAttribute('height', Math.ceil(height));
    if (!images[i]) {
      const figure = document.createElement('figure');
      const details = document.createElement('details');
      figure.className = 'diagram';
      images[i] = document.createElement('img');
      images[i].alt = prose.dataset.diagramTitle;
      pre.replaceWith(figure);
      details.append(element('summary', prose.dataset.diagramSource), pre);
      figure.append(images[i], details);
    }
    images[i].src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(picture))}`;
  }
  function redraw() {
    if (drawing) draw();
  }
  if (sources.length > 0) {
    const near = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      near.disconnect();
      draw();
    }, { rootMargin: '800px' });
    for (const pre of sources) near.observe(pre);
  }

  // The search: what has every word of the query, accents and case aside.
  const found = document.getElementById('found');
  const plain = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const most = 60; // results of a kind
  let lessons, symbols, files;
  function read({ lessons: told, files: shown }) {
    lessons = told.flatMap(({ title, address, sections }) => sections.map(([name, anchor, text]) => (
      { title: name ? `${title} · ${name}` : title, address: address + (anchor && `#${anchor}`), text, key: plain(`${title} ${name} ${text}`), head: plain(name || title) })));
    files = shown.map(({ path, address }) => ({ title: path, address, key: plain(path), head: plain(path.split('/').at(-1)) }));
    symbols = shown.flatMap(({ path, address, symbols: own }) => own.map(([name, container, kind, line]) => (
      { title: container ? `${container}::${name}` : name, where: `${path}:${line}`, kind, address: `${address}#L${line}`, key: plain(`${container}::${name}`), head: plain(name) })));
  }
  function pick(from, query, words) {
    const rank = (entry) => (entry.head === query ? 0 : entry.head.startsWith(query) ? 1 : words.every((w) => entry.head.includes(w)) ? 2 : 3);
    return from.filter((entry) => words.every((w) => entry.key.includes(w)))
      .map((entry) => ({ ...entry, rank: rank(entry) })).sort((a, b) => a.rank - b.rank || a.head.length - b.head.length).slice(0, most);
  }
  function element(name, text, className = '') {
    const made = document.createElement(name);
    made.textContent = text;
    if (className) made.className = className;
    return made;
  }
  function list(title, entries, words) {
    if (entries.length === 0) return;
    const section = document.createElement('section');
    const items = document.createElement('ol');
    for (const entry of entries) {
      const item = document.createElement('li');
      const link = element('a', entry.title);
      link.href = base + entry.address;
      item.append(link);
      if (entry.kind) item.append(' ', element('span', entry.kind, 'tag'));
      if (entry.where) item.append(element('span', entry.where, 'where'));
      if (entry.text) item.append(element('span', around(entry.text, words), 'snippet'));
      items.append(item);
    }
    section.append(element('h2', title), items);
    found.append(section);
  }
  function around(text, words) {
    const at = Math.max(0, plain(text).indexOf(words[0]) - 60);
    return (at > 0 ? '…' : '') + text.slice(at, at + 200) + (at + 200 < text.length ? '…' : '');
  }
  function search() {
    const query = plain(document.getElementById('find').value.trim());
    const words = query.split(/\s+/).filter(Boolean);
    found.replaceChildren();
    if (words.length === 0) return;
    list(found.dataset.symbol, pick(symbols, query, words), words);
    list(found.dataset.lesson, pick(lessons, query, words), words);
    list(found.dataset.file, pick(files, query, words), words);
    if (!found.firstChild) found.append(element('p', found.dataset.none, 'nothing'));
  }
  if (found) {
    read(window.navigatorIndex);
    const field = document.getElementById('find');
    field.value = new URLSearchParams(location.search).get('q') ?? '';
    field.addEventListener('input', search);
    field.form.addEventListener('submit', (event) => { event.preventDefault(); search(); });
    field.focus();
    search();
  }
})();
