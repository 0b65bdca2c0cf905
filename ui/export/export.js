// What exported pages do beyond reading: the theme, the desk, the lines that an
// address names, the cards beside their lines, the diagrams, and the search.
(() => {
  'use strict';
  const root = document.documentElement;
  const base = document.currentScript.dataset.root;
  const { pane } = root.dataset; // of a desk that this page lies in
  const wide = matchMedia(`(width >= ${pane ? 46 : 64}rem)`);

  // The theme. A browser may keep nothing of pages that are read from disk.
  function remember(theme) {
    try { localStorage.setItem('theme', theme); } catch { /* for this page alone */ }
  }
  function dress(theme) {
    if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
    else delete root.dataset.theme;
    for (const choice of document.querySelectorAll('[data-set-theme]')) {
      if (choice.dataset.setTheme === (root.dataset.theme ?? 'auto')) choice.setAttribute('aria-current', 'true');
      else choice.removeAttribute('aria-current');
    }
  }
  dress(root.dataset.theme);
  addEventListener('storage', ({ key, newValue }) => {
    if (key !== 'theme') return;
    dress(newValue);
    redraw();
  });
  document.addEventListener('click', (event) => {
    const choice = event.target.closest('[data-set-theme]');
    const menu = document.querySelector('.preferences');
    if (choice) {
      event.preventDefault();
      dress(choice.dataset.setTheme);
      remember(choice.dataset.setTheme);
      redraw();
    } else if (menu && !menu.contains(event.target)) {
      menu.open = false;
    }
  });
  document.addEventListener('keydown', (event) => {
    const typing = event.target.closest?.('input, textarea, select');
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === '/') {
      event.preventDefault();
      if (pane) tellDesk({ find: true });
      else document.getElementById('find')?.focus();
    } else if (event.key === 'n' || event.key === 'p') {
      if (pane) tellDesk({ by: event.key === 'n' ? 1 : -1 });
      else walk(event.key === 'n' ? 1 : -1);
    }
  });

  // The desk: the lesson and the code in two frames. Pages from disk may not
  // look into each other, so those in the frames say what was pressed.
  const desk = document.querySelector('.still');
  const stops = desk ? [...desk.querySelectorAll('#stops > li > :first-child')] : [];
  let at = 0; // number of the stop, 0 for none
  function tellDesk(message) {
    parent.postMessage({ desk: true, ...message }, '*');
  }
  if (pane) {
    document.addEventListener('click', (event) => {
      const link = event.target.closest('a[href]');
      if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
      const here = link.href.split('#')[0] === location.href.split('#')[0];
      if (here || pane === 'desk-code' && !link.href.includes('/lessons/')) return;
      event.preventDefault();
      tellDesk({ href: link.href, cite: link.matches('.citation') ? link.id : '' });
    });
  }
  function view(which) {
    desk.dataset.view = which;
    for (const tab of desk.querySelectorAll('.panes a')) tab.setAttribute('aria-current', tab.hash === `#pane-${which}`);
  }
  function lead(name, address) {
    document.getElementById(`pane-${name}`).contentWindow.location.replace(address);
  }
  function stand(n, show) {
    at = n;
    desk.querySelector('progress').value = n;
    document.getElementById('stop-at').textContent = n;
    document.getElementById('stop-name').textContent = stops[n - 1].querySelector('.name').textContent;
    for (const [i, stop] of stops.entries()) stop.toggleAttribute('aria-current', i === n - 1);
    neighbour('previous', n - 1);
    neighbour('next', n + 1);
    if (stops[n - 1].href) lead('code', stops[n - 1].href);
    lead('lesson', `${document.getElementById('pane-lesson').src.split('#')[0]}#${stops[n - 1].dataset.cite}`);
    if (show) view('code');
  }
  function neighbour(which, n) {
    const link = document.getElementById(`stop-${which}`);
    const stop = stops[n - 1];
    for (const part of ['.name', '.section']) link.querySelector(part).textContent = stop?.querySelector(part).textContent ?? '';
    if (stop) link.href = `#stop-${n}`;
    else link.removeAttribute('href');
  }
  function walk(by) {
    if (stops[at + by - 1]) location.hash = `stop-${at + by}`;
  }
  if (stops.length > 0) {
    const arrive = (event) => {
      const n = Number(/^#stop-(\d+)$/.exec(location.hash)?.[1] ?? 0);
      if (stops[n - 1]) stand(n, Boolean(event));
      else if (!at) stand(1, false);
    };
    view(location.hash ? 'code' : 'lesson');
    addEventListener('hashchange', arrive);
    addEventListener('load', () => arrive());
    desk.addEventListener('click', (event) => {
      const link = event.target.closest('a');
      if (link?.closest('.panes')) {
        event.preventDefault();
        view(link.hash.slice('#pane-'.length));
      } else if (stops.includes(link)) {
        event.preventDefault();
        desk.querySelector('.stops').open = false;
        location.hash = `stop-${stops.indexOf(link) + 1}`;
      }
    });
    addEventListener('message', ({ source, data }) => {
      const from = [...desk.querySelectorAll('iframe')].find((frame) => frame.contentWindow === source);
      if (!from || !data.desk) return;
      if (data.by) return walk(data.by);
      if (data.find) return document.getElementById('find').focus();
      const to = new URL(data.href);
      if (to.protocol !== location.protocol && !/^https?:$/.test(to.protocol)) return;
      const own = to.pathname === new URL(document.getElementById('pane-lesson').src).pathname;
      const stop = stops.findIndex(({ dataset }) => dataset.cite === (own ? to.hash.slice(1) : data.cite));
      if (stop >= 0) location.hash = `stop-${stop + 1}`;
      if (own) {
        lead('lesson', to.href);
        view('lesson');
      } else if (stop < 0 && /\/(lessons|desk|print)\//.test(to.pathname) || to.host !== location.host) {
        location.href = to.href;
      } else if (stop < 0) {
        document.getElementById('pane-code').contentWindow.location.href = to.href;
        view('code');
      }
    });
  }

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
      group.style.insetBlockStart = beside ? `${Math.round(top)}px` : '';
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
  const images = []; // by diagram
  const failures = []; // by diagram
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
      startOnLoad: false, suppressErrorRendering: true, securityLevel: 'strict', theme: dark ? 'dark' : 'neutral', fontFamily: 'system-ui, sans-serif', htmlLabels: false, flowchart: { htmlLabels: false },
    });
    for (const [i, pre] of sources.entries()) {
      try {
        const { svg } = await window.mermaid.render(`diagram-${i}`, pre.textContent);
        show(i, pre, svg, dark);
      } catch ({ message }) {
        failures[i] ??= tell(pre, message); // its source stays
      }
    }
  }
  function tell(pre, message) {
    const figure = document.createElement('figure');
    figure.className = 'diagram';
    pre.replaceWith(figure);
    figure.append(pre, element('p', `${prose.dataset.diagramFailed} ${message}`, 'failure'));
    return figure;
  }
  function show(i, pre, svg, dark) {
    const picture = new DOMParser().parseFromString(svg, 'text/html').querySelector('svg');
    const { width, height } = picture.viewBox.baseVal;
    picture.setAttribute('width', Math.ceil(width));
    picture.setAttribute('height', Math.ceil(height));
    if (!images[i]) {
      const figure = document.createElement('figure');
      const details = document.createElement('details');
      const button = element('button', '', 'enlarge');
      figure.className = 'diagram';
      const image = document.createElement('img');
      images[i] = image;
      image.alt = prose.dataset.diagramTitle;
      button.append(image);
      button.onclick = () => window.enlarge(image);
      pre.replaceWith(figure);
      details.append(element('summary', prose.dataset.diagramSource), pre);
      figure.append(button, details);
    }
    images[i].classList.toggle('dark', dark);
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
    }, { rootMargin: document.querySelector('.live') ? '999999px' : '800px' }); // what is to be printed is drawn at once
    for (const pre of sources) near.observe(pre);
  }

  // The search: what has every word of the query, accents and case aside.
  const found = document.getElementById('found');
  const plain = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const most = 60; // results of a kind
  const small = new Set('a al como con cual de del el en es la las lo los o para por que se sin su un una y'.split(' '));
  // A word of the course is known by its beginning: balanceo, balanceadores.
  const beginning = (word) => (word.length > 5 ? word.replace(/(?:amientos?|imientos?|aciones|adores|adora|ador|ando|eos?|[oae]s|[oaes])$/, '') : word);
  let lessons, notes, terms, symbols, files, passages;
  function read({ lessons: told, files: shown, terms: defined, passages: said }) {
    const documents = (note) => told.filter((d) => Boolean(d.note) === note).flatMap(({ title, address, sections }) => sections.map(([name, anchor, text]) => (
      { title: name ? `${title} · ${name}` : title, address: address + (anchor && `#${anchor}`), text, key: plain(`${title} ${name} ${text}`), head: plain(name || title) })));
    lessons = documents(false);
    notes = documents(true);
    terms = defined.map(([name, text, key]) => ({ title: name, address: `glossary.html#${key}`, text, key: plain(`${name} ${text}`), head: plain(name) }));
    passages = said.map(({ lesson, section, text, subjects }) => (
      { lesson: told[lesson].title, section, text, subjects, key: plain(text), head: plain(`${told[lesson].title} ${section}`) }));
    files = shown.map(({ path, address }) => ({ title: path, address, key: plain(path), head: plain(path.split('/').at(-1)) }));
    symbols = shown.flatMap(({ path, address, symbols: own }) => own.map(([name, container, kind, line]) => (
      { title: container ? `${container}::${name}` : name, where: `${path}:${line}`, kind, address: `${address}#L${line}`, key: plain(`${container}::${name}`), head: plain(name) })));
  }
  function pick(from, query, words) {
    const rank = (entry) => (entry.head === query ? 0 : entry.head.startsWith(query) ? 1 : words.every((w) => entry.head.includes(w)) ? 2 : 3);
    return from.filter((entry) => words.every((w) => entry.key.includes(w)))
      .map((entry) => ({ ...entry, rank: rank(entry) })).sort((a, b) => a.rank - b.rank || a.head.length - b.head.length).slice(0, most);
  }
  // explained finds the symbols that lessons speak of in words of the query: the
  // more of the words, the more of a passage a symbol is, and the nearer its
  // heading to the query, the better.
  function explained(words) {
    const best = new Map();
    for (const passage of passages) {
      const share = words.filter((w) => passage.key.includes(w) || passage.head.includes(w)).length / words.length;
      if (share < 0.5) continue;
      const near = 1 + 3 * words.filter((w) => passage.head.includes(w)).length / words.length;
      for (const [file, symbol, percent] of passage.subjects) {
        const { path, address, symbols: own } = window.navigatorIndex.files[file];
        const [name, container, kind, line] = own[symbol];
        const title = container ? `${container}::${name}` : name;
        const entry = best.get(title) ?? { title, kind, address: `${address}#L${line}`, where: `${path}:${line} · ${passage.lesson}`, text: passage.text, score: 0, top: 0 };
        const score = near * percent * share ** 3;
        entry.score += score;
        if (score > entry.top) Object.assign(entry, { top: score, text: passage.text, where: `${path}:${line} · ${passage.lesson}` });
        best.set(title, entry);
      }
    }
    return [...best.values()].sort((a, b) => b.score - a.score).slice(0, 8);
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
      if (entry.text) item.append(snippet(entry.text, words));
      items.append(item);
    }
    section.append(element('h2', title), items);
    found.append(section);
  }
  // snippet is the part of a text that has the first word, with all words marked.
  function snippet(text, words) {
    const whole = text.normalize('NFC');
    const at = Math.max(0, plain(whole).indexOf(words.find((w) => plain(whole).includes(w)) ?? '') - 60);
    const part = (at > 0 ? '…' : '') + whole.slice(at, at + 200) + (at + 200 < whole.length ? '…' : '');
    const made = element('span', '', 'snippet');
    const sought = new RegExp(words.map((w) => w.replace(/[^\p{L}\p{N}]/gu, '\\$&')).join('|'), 'gu');
    let done = 0;
    for (const { 0: { length }, index } of plain(part).matchAll(sought)) {
      made.append(part.slice(done, index), element('mark', part.slice(index, index + length)));
      done = index + length;
    }
    made.append(part.slice(done));
    return made;
  }
  function search() {
    const typed = document.getElementById('find').value.trim();
    const query = plain(typed);
    const words = query.split(/\s+/).filter(Boolean);
    const told = words.filter((w) => !small.has(w)).map(beginning);
    try { history.replaceState(null, '', `?q=${encodeURIComponent(typed)}`); } catch { /* the address stays */ }
    found.replaceChildren();
    if (words.length === 0) return;
    const named = pick(symbols, query, words);
    list(found.dataset.symbol, named, words);
    if (told.length > 0) {
      list(found.dataset.explained, explained(told).filter(({ title }) => !named.some((n) => n.title === title)), told);
      list(found.dataset.lesson, pick(lessons, query, told), told);
      list(found.dataset.note, pick(notes, query, told), told);
      list(found.dataset.term, pick(terms, query, told), told);
    }
    list(found.dataset.file, pick(files, query, words), words);
    if (!found.firstChild) found.append(element('p', found.dataset.none, 'nothing'));
  }
  if (found) {
    read(window.navigatorIndex);
    const field = document.getElementById('find');
    field.value = new URLSearchParams(location.search).get('q') ?? '';
    field.addEventListener('input', search);
    field.form.addEventListener('submit', (event) => {
      event.preventDefault();
      found.querySelector('a')?.click();
    });
    // The arrows go from the field through the results and back.
    document.querySelector('body').addEventListener('keydown', (event) => {
      const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const stations = [field, ...found.querySelectorAll('a')];
      const at = stations.indexOf(document.activeElement);
      if (!by || at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      stations[Math.min(Math.max(at + by, 0), stations.length - 1)].focus();
    });
    field.focus();
    search();
  }
})();
