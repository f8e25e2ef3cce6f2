/* The desk's one script: counts while you type, marks what is over, keys, copying, tabs. All of it is extra. */
(() => {
  'use strict';
  const all = (css, from = document) => [...from.querySelectorAll(css)];
  const one = (css, from = document) => from.querySelector(css);
  const on = (what, act, where = document) => where.addEventListener(what, act);
  const say = (words) => { one('#say').textContent = words; };
  document.documentElement.classList.add('js');

  /* Counting as X does (config v3). The server's number follows at once and decides. */
  const LINK = /https?:\/\/[!-~\u00c0-\u024f\u0400-\u04ff]+/gi;
  const LIGHT = /[\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]/;
  const EMOJI = /\p{Extended_Pictographic}|\p{Regional_Indicator}/u;
  const pieces = (text) => Array.from(new Intl.Segmenter('ko').segment(text), (each) => each.segment);
  const weigh = (piece) => (piece > '\u00ff' && EMOJI.test(piece) ? 2
    : [...piece].reduce((sum, c) => sum + (LIGHT.test(c) ? 1 : 2), 0));
  function* weights(text, unit) {
    if (unit !== 'x') { for (const c of text) yield [c.length, 1]; return; }
    let past = 0;
    for (const link of [...text.matchAll(LINK), { 0: '', index: text.length }]) {
      for (const piece of pieces(text.slice(past, link.index))) yield [piece.length, weigh(piece)];
      if (link[0]) yield [link[0].length, 23];
      past = link.index + link[0].length;
    }
  }
  let late;
  function count(field, speak) {
    const { unit, beside } = field.dataset;
    const limit = Number(field.dataset.limit);
    const title = unit === 'kakao' ? [...one('[name=words-kakao-title]').value].length + 1 : 0;
    const room = limit - (unit === 'x' ? beside : title);
    let [sum, at, cut] = [0, 0, -1];
    for (const [length, weight] of weights(field.value, unit)) {
      sum += weight;
      if (sum > room && cut < 0) cut = at;
      at += length;
    }
    const mirror = field.previousElementSibling;
    if (cut >= 0) {
      const over = document.createElement('mark');
      over.textContent = field.value.slice(cut);
      mirror.replaceChildren(field.value.slice(0, cut), over, '\n');
    } else mirror.textContent = `${field.value}\n`;
    if (!speak) return;
    const number = one(`#count-${field.name.split('-')[1]} b`);
    if (number) number.textContent = sum + limit - room;
    clearTimeout(late);
    if (room - sum <= 20) late = setTimeout(() => say(`${field.getAttribute('aria-label')}: ${room - sum}`), 1000);
  }
  function typed(field, speak) {
    if (field.dataset.limit) count(field, speak);
    else field.previousElementSibling.textContent = `${field.value}\n`;
    for (const twin of all(`[data-twin="${field.name}"]`)) twin.textContent = field.value;
    if (field.name === 'words-kakao-title') count(one('[name=words-kakao-description]'), speak);
  }
  function measure() {
    const cut = all('.twin .said').some((each) => each.scrollHeight > each.clientHeight + 1);
    for (const note of all('[data-cut]')) note.hidden = !cut || !note.parentElement.querySelector('[data-fits]');
    for (const note of all('[data-fits]')) if (note.closest('#notes-kakao')) note.hidden = cut;
  }
  const start = () => { for (const field of all('.grow textarea')) typed(field); measure(); };
  on('input', (e) => { if (e.target.matches('.grow textarea')) { typed(e.target, true); measure(); } });

  /* Keys, by their place: with Hangul input on, F says ㄹ. An Enter that ends a syllable never sends. */
  let composing = false;
  on('compositionstart', () => { composing = true; });
  on('compositionend', () => { composing = false; });
  on('focusout', () => { composing = false; });
  const PLACE = { KeyH: '/', KeyQ: '/queue', KeyA: '/articles', KeyC: '/accounts' };
  const OUTPUT = { KeyF: 'facebook', KeyX: 'x', KeyK: 'kakao', KeyM: 'mail', KeyL: 'link' };
  let went = 0;
  function single(e) {
    const digit = /^(?:Digit|Numpad)([123])$/.exec(e.code)?.[1];
    const going = Date.now() - went < 1500;
    went = e.code === 'KeyG' ? Date.now() : 0;
    if (going && PLACE[e.code]) location.href = PLACE[e.code];
    else if (digit && one('#wording')) one(`[data-wording="${digit}"]`).click();
    else if (one('#columns') && OUTPUT[e.code]) {
      choose(one(`#tab-${OUTPUT[e.code]}`));
      one(`#col-${OUTPUT[e.code]} :is(textarea, .btn:enabled, a)`)?.focus();
    } else if (e.code === 'KeyN') location.href = '/compose';
    else if (e.code === 'Slash' && e.shiftKey) location.href = '/settings/me';
    else if (e.code === 'Slash') { if (one('[data-find]')) one('[data-find]').focus(); else location.href = '/articles'; }
    else if (e.code === 'KeyJ' || e.code === 'KeyK') {
      const rows = all('.rows a, .table a.strong');
      rows[Math.max(0, rows.indexOf(document.activeElement) + (e.code === 'KeyJ' ? 1 : -1))]?.focus();
    } else return;
    e.preventDefault();
  }
  on('keydown', (e) => {
    if (composing || e.isComposing || e.keyCode === 229) return;
    const { target } = e;
    const send = one('#send');
    if (e.key === 'Enter' && (e.ctrlKey || e.metaKey) && send) {
      e.preventDefault();
      if (e.shiftKey) one('#when-schedule')?.click();
      else if (!send.disabled) send.form.requestSubmit(send);
    } else if (e.key === 'Enter' && target.matches('[data-one-line]')) e.preventDefault();
    else if (e.key === 'Enter' && !e.shiftKey && target.matches('[data-paste]')) {
      e.preventDefault();
      target.form.requestSubmit();
    } else if (/^Arrow(Left|Right)$/.test(e.key) && target.matches('[role=tab]')) {
      const tabs = all('[role=tab]');
      choose(tabs.at((tabs.indexOf(target) + (e.key === 'ArrowRight' ? 1 : -1)) % tabs.length)).focus();
    } else if (target.matches('input:not([type=checkbox], [type=radio]), textarea, select')) {
      if (e.key === 'Escape') target.blur();
    } else if (!e.ctrlKey && !e.metaKey && !e.altKey && localStorage.keys !== 'off') single(e);
  });
  on('paste', (e) => {
    const text = e.clipboardData.getData('text/plain').trim();
    if (e.target.closest('input, textarea') || !text || !one('.top')) return;
    const field = one('[data-paste]');
    if (field) { field.value = text; typed(field); field.focus(); }
    else if (/^https?:\/\/\S+$/.test(text)) location.href = `/compose?url=${encodeURIComponent(text)}`;
  });

  /* Tabs on the phone; wider windows show every column. */
  const narrow = matchMedia('(max-width: 719.98px)');
  function choose(tab) {
    for (const each of all('[role=tab]')) {
      each.setAttribute('aria-selected', each === tab);
      each.tabIndex = each === tab ? 0 : -1;
      one(`#${each.getAttribute('aria-controls')}`).toggleAttribute('data-off-tab', each !== tab);
    }
    return tab;
  }
  function panels() {
    for (const col of all('#columns > .col')) {
      if (narrow.matches) col.setAttribute('role', 'tabpanel'); else col.removeAttribute('role');
    }
    choose(one('[role=tab][aria-selected=true]'));
  }
  on('change', panels, narrow);

  /* Clicks: tabs, copying (said in place), showing a password. */
  async function copy(button) {
    const words = one('span', button);
    const before = words.textContent;
    try { await navigator.clipboard.writeText(button.dataset.copy); } catch {
      const field = document.body.appendChild(document.createElement('textarea'));
      field.value = button.dataset.copy;
      field.select();
      document.execCommand('copy');
      field.remove();
      button.focus();
    }
    words.textContent = one('#words').dataset.copied;
    say(words.textContent);
    setTimeout(() => { words.textContent = before; }, 1600);
    const told = button.closest('.col')?.querySelector('[data-copied]');
    if (!told) return;
    const headers = { 'X-CSRFToken': one('[name=csrfmiddlewaretoken]').value };
    await fetch(told.dataset.copied, { method: 'POST', headers });
    look();
  }
  on('click', (e) => {
    const button = e.target.closest('button');
    if (button?.matches('[role=tab]')) choose(button);
    if (button?.dataset.copy) copy(button);
    if (button?.dataset.show) {
      const field = one(`#${button.dataset.show}`);
      field.type = field.type === 'text' ? 'password' : 'text';
      button.setAttribute('aria-pressed', field.type === 'text');
      field.focus();
    }
  });
  for (const button of all('button[data-show]')) button.hidden = false;
  for (const radio of all('[name=screen], [name=reader]')) {
    radio.checked ||= localStorage[radio.name] === radio.value;
    on('change', () => { localStorage[radio.name] = radio.value; }, radio);
  }
  for (const box of all('[data-keys]')) {
    box.checked = localStorage.keys !== 'off';
    on('change', () => { localStorage.keys = box.checked ? 'on' : 'off'; }, box);
  }
  setInterval(() => {
    for (const each of all('[data-until]')) {
      const left = Math.max(0, Math.round((Date.parse(each.dataset.until) - Date.now()) / 1000));
      each.textContent = `(${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')})`;
    }
  }, 1000);

  /* htmx: a field in use is never replaced; a session that is over and a lost connection say so. */
  const alarm = (what) => { const box = one('#alert'); if (box) { box.hidden = !what; box.dataset.show = what; } };
  const look = () => htmx.ajax('GET', one('#poller').dataset.live, { source: '#poller', swap: 'none' });
  let missed = false;
  on('htmx:oobBeforeSwap', (e) => {
    const field = document.activeElement;
    if (!field.matches('input, textarea') || !e.detail.target.contains(field)) return;
    e.detail.shouldSwap = false;
    missed = true;
  });
  on('focusout', (e) => { if (missed && !e.target.form.contains(e.relatedTarget)) location.reload(); });
  on('htmx:afterRequest', (e) => { if (e.detail.xhr.status === 401) alarm('session'); else if (e.detail.successful) alarm(''); });
  on('htmx:sendError', () => alarm('offline'));
  on('htmx:afterSettle', () => { start(); panels(); });
  start();
  panels();
})();
