/* The desk's one script: counts while you type, marks what is over, keys, copying, tabs. All of it is extra. */
(() => {
  'use strict';
  const root = document.documentElement;
  const all = (css, from = document) => [...from.querySelectorAll(css)];
  const one = (css, from = document) => from.querySelector(css);
  const say = (words) => { const at = one('#say'); if (at) at.textContent = words; };
  const on = (what, act, where = document) => where.addEventListener(what, act);
  root.classList.add('js');

  /* Counting as X does (config v3); the server's number follows and decides. */
  const LINK = /https?:\/\/[^\s<>"]+|(?<![\w@.\-])(?:[a-z0-9-]+\.)+(?:com|org|net|kr|co|io|me|news|tv|info|gov|edu)(?![\w.])(?:\/[^\s<>"]*)?/giu;
  const LIGHT = /[\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]/;
  const parts = (text) => 'Segmenter' in Intl
    ? [...new Intl.Segmenter('ko').segment(text)].map((each) => each.segment) : [...text];
  const weigh = (piece) => /\p{Extended_Pictographic}/u.test(piece) && !/^[\u0000-\u00ff]$/.test(piece)
    ? 2 : [...piece].reduce((sum, c) => sum + (LIGHT.test(c) ? 1 : 2), 0);
  const tokens = (text, unit) => {
    if (unit !== 'x') return [...text].map((c) => [c, 1]);
    const found = [];
    let past = 0;
    for (const link of text.matchAll(LINK)) {
      parts(text.slice(past, link.index)).forEach((each) => found.push([each, weigh(each)]));
      found.push([link[0], 23]);
      past = link.index + link[0].length;
    }
    parts(text.slice(past)).forEach((each) => found.push([each, weigh(each)]));
    return found;
  };
  const beside = (field) => {
    const { unit, beside: link } = field.dataset;
    if (unit === 'x') return link && !field.value.includes(link) ? 24 : 0;
    const title = unit === 'kakao' && one('[name="words-kakao-title"]');
    return title ? [...title.value].length + 1 : 0;
  };
  let spoken = 0;
  function count(field) {
    const limit = Number(field.dataset.limit);
    if (!limit) return;
    const room = limit - beside(field);
    let sum = 0;
    let cut = -1;
    let at = 0;
    for (const [text, weight] of tokens(field.value.normalize('NFC'), field.dataset.unit)) {
      sum += weight;
      if (sum > room && cut < 0) cut = at;
      at += text.length;
    }
    const mirror = field.previousElementSibling;
    mirror.textContent = cut < 0 ? field.value : field.value.slice(0, cut);
    if (cut >= 0) mirror.append(Object.assign(document.createElement('mark'), { textContent: field.value.slice(cut) }));
    mirror.append('\n');
    const number = one('b', one(`#count-${field.name.split('-')[1]}`));
    if (number) number.textContent = sum + limit - room;
    clearTimeout(spoken);
    const left = room - sum;
    if (left <= 20) spoken = setTimeout(() => say(`${field.getAttribute('aria-label')}: ${left}`), 1000);
  }
  function typed(field) {
    if (!field.previousElementSibling?.matches('.mirror')) return;
    if (field.dataset.limit) count(field);
    else field.previousElementSibling.textContent = `${field.value}\n`;
    if (field.name === 'words-kakao-title') { const text = one('[name="words-kakao-description"]'); if (text) count(text); }
    all(`[data-twin="${field.name}"]`).forEach((twin) => { twin.textContent = field.value; });
  }
  const start = () => all('.grow textarea').forEach(typed);

  /* Fields: an Enter that ends a syllable never sends; one-line fields take no line break. */
  let composing = false;
  on('compositionstart', () => { composing = true; });
  on('compositionend', () => { composing = false; });
  on('focusout', () => { composing = false; });
  on('input', (e) => { if (e.target.matches('.grow textarea')) typed(e.target); });
  on('keydown', (e) => {
    if (composing || e.isComposing || e.keyCode === 229) return;
    const field = e.target.closest('input:not([type=checkbox],[type=radio]), textarea, select');
    const form = one('#compose');
    if ((e.ctrlKey || e.metaKey) && e.key === 'Enter' && form) {
      e.preventDefault();
      if (e.shiftKey) one('#when-schedule')?.click();
      else { const send = one('#send'); if (send && !send.disabled) form.requestSubmit(send); }
      return;
    }
    if (e.key === 'Enter' && e.target.matches('[data-one-line]')) e.preventDefault();
    if (e.key === 'Enter' && !e.shiftKey && e.target.matches('[data-paste]')) {
      e.preventDefault();
      e.target.form.requestSubmit();
    }
    if (e.key === 'Escape' && field) field.blur();
    if (!field && !e.ctrlKey && !e.metaKey && !e.altKey && localStorage.keys !== 'off') single(e);
  });
  let went = 0;
  const GO = { KeyH: '/', KeyQ: '/queue', KeyA: '/articles', KeyC: '/accounts' };
  const FIELD = { KeyF: 'facebook', KeyX: 'x', KeyK: 'kakao', KeyM: 'mail', KeyL: 'link' };
  function single(e) {
    const key = e.code;
    if (Date.now() - went < 1200 && GO[key]) { location.href = GO[key]; return; }
    went = key === 'KeyG' ? Date.now() : 0;
    const wording = /^(?:Digit|Numpad)([123])$/.exec(key);
    if (wording && one('#compose')) one(`[data-wording="${wording[1]}"]`)?.click();
    else if (FIELD[key] && one('#columns')) {
      tab(one(`#tab-${FIELD[key]}`));
      one(`#col-${FIELD[key]} :is(textarea, .btn, input)`)?.focus();
    } else if (key === 'KeyN' && !e.shiftKey) location.href = '/compose';
    else if (key === 'Slash' && !e.shiftKey) { const find = one('[data-find]'); if (find) find.focus(); else location.href = '/articles?q='; }
    else if (key === 'Slash') location.href = '/settings/me';
    else if (key === 'KeyJ' || key === 'KeyK') {
      const rows = all('.rows a, .table a.strong');
      const next = rows.indexOf(document.activeElement) + (key === 'KeyJ' ? 1 : -1);
      rows[Math.max(next, 0)]?.focus();
    } else return;
    e.preventDefault();
  }

  /* A page or text pasted outside any field begins a share. */
  on('paste', (e) => {
    if (e.target.closest?.('input, textarea')) return;
    const field = one('[data-paste]');
    const text = e.clipboardData?.getData('text/plain').trim();
    if (field && text) { field.value = text; typed(field); field.focus(); }
    else if (text && /^https?:\/\/\S+$/.test(text) && one('.top')) location.href = `/compose?url=${encodeURIComponent(text)}`;
  });

  /* Tabs on the phone; on wider windows the columns are all there. */
  const narrow = matchMedia('(max-width: 719.98px)');
  function tab(button, focus = false) {
    if (!button) return;
    all('[role="tab"]').forEach((each) => {
      const chosen = each === button;
      each.setAttribute('aria-selected', chosen);
      each.tabIndex = chosen ? 0 : -1;
      one(`#${each.getAttribute('aria-controls')}`)?.toggleAttribute('data-off-tab', !chosen);
    });
    if (focus) button.focus();
  }
  function panels() {
    all('#columns > .col').forEach((col) => {
      if (narrow.matches) { col.setAttribute('role', 'tabpanel'); } else col.removeAttribute('role');
    });
    tab(one('[role="tab"][aria-selected="true"]'));
  }
  narrow.addEventListener('change', panels);
  on('click', (e) => {
    const button = e.target.closest('[role="tab"]');
    if (button) tab(button);
    const copy = e.target.closest('[data-copy]');
    if (copy) take(copy);
    const show = e.target.closest('[data-show]');
    if (show?.matches('button')) {
      const field = one(`#${show.dataset.show}`);
      const hidden = field.type === 'password';
      field.type = hidden ? 'text' : 'password';
      show.setAttribute('aria-pressed', hidden);
      field.focus();
    }
  });
  on('keydown', (e) => {
    if (e.target.getAttribute?.('role') !== 'tab' || !/^Arrow(Left|Right)$/.test(e.key)) return;
    const tabs = all('[role="tab"]');
    tab(tabs[(tabs.indexOf(e.target) + (e.key === 'ArrowRight' ? 1 : tabs.length - 1)) % tabs.length], true);
  });

  /* Copying says so in place. */
  async function take(button) {
    const text = button.dataset.copy;
    try { await navigator.clipboard.writeText(text); } catch {
      const field = document.body.appendChild(Object.assign(document.createElement('textarea'), { value: text, className: 'sr' }));
      field.select();
      document.execCommand('copy');
      field.remove();
      button.focus();
    }
    const words = one('span', button);
    const before = words.textContent;
    words.textContent = one('#words').dataset.copied;
    say(words.textContent);
    setTimeout(() => { words.textContent = before; }, 1600);
    const col = button.closest('.col');
    const told = button.dataset.copied || one('[data-copied]', col || document)?.dataset.copied;
    const token = one('[name="csrfmiddlewaretoken"]');
    if (told && token) fetch(told, { method: 'POST', headers: { 'X-CSRFToken': token.value, 'HX-Request': 'true' } });
  }

  /* Countdowns, beside the time that says the same. */
  setInterval(() => all('[data-until]').forEach((each) => {
    const left = Math.max(0, Math.round((Date.parse(each.dataset.until) - Date.now()) / 1000));
    each.textContent = `(${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')})`;
  }), 1000);

  /* What the person chose for this device. */
  all('[name="screen"], [name="reader"]').forEach((radio) => {
    if (localStorage[radio.name] === radio.value) radio.checked = true;
    on('change', () => { localStorage[radio.name] = radio.value; }, radio);
  });
  all('[data-keys]').forEach((box) => {
    box.checked = localStorage.keys !== 'off';
    on('change', () => { localStorage.keys = box.checked ? 'on' : 'off'; }, box);
  });
  all('[data-show]').forEach((button) => { button.hidden = !button.matches('button'); });

  /* htmx: a field that has focus is never replaced; a session that is over says so. */
  const alarm = (what) => { const box = one('#alert'); if (box) { box.hidden = !what; box.dataset.show = what; } };
  on('htmx:oobBeforeSwap', (e) => {
    const field = document.activeElement;
    if (field?.matches('input, textarea') && e.detail.target?.contains(field) && field.value) e.detail.shouldSwap = false;
  });
  on('htmx:beforeSwap', (e) => { if (e.detail.xhr.status === 401) alarm('session'); });
  on('htmx:responseError', (e) => { if (e.detail.xhr.status === 401) alarm('session'); });
  on('htmx:sendError', () => alarm('offline'));
  on('htmx:afterRequest', (e) => { if (e.detail.successful) alarm(''); });
  on('htmx:afterSettle', () => { start(); panels(); });
  start();
  panels();
  if (location.hash) one(`${location.hash.replace(/[^#\w-]/g, '')} :is(.btn, a)`)?.focus({ preventScroll: true });
})();
