/* The desk's one script. Without it every form still works. */
(() => {
  'use strict';
  const all = (css, from = document) => [...from.querySelectorAll(css)];
  const one = (css) => document.querySelector(css);
  const on = (what, act, where = document) => where.addEventListener(what, act);
  const say = (words) => { one('#say').textContent = words; };
  const go = (path) => { location.href = path; };
  document.documentElement.classList.add('js');

  /* Counts as X does; the server decides. */
  const TOKEN = /https?:\/\/[!-~\u00c0-\u024f\u0400-\u04ff]+|\p{RGI_Emoji}|./gsv;
  const LIGHT = /^[\0-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]$/;
  const weigh = (token) => (token.length > 7 && token.startsWith('http') ? 23 : LIGHT.test(token) ? 1 : 2);
  let late;
  function count(field, speak) {
    const { unit, beside, limit } = field.dataset;
    let sum = unit === 'kakao' ? [...one('[name$=kakao-title]').value].length + 1 : +beside;
    let cut = -1;
    for (const { 0: token, index } of field.value.matchAll(TOKEN)) {
      sum += unit === 'x' ? weigh(token) : [...token].length;
      if (sum > limit && cut < 0) cut = index;
    }
    const mirror = field.previousElementSibling;
    mirror.textContent = `${field.value}\n`;
    if (cut >= 0) {
      const over = document.createElement('mark');
      over.append(mirror.firstChild.splitText(cut));
      mirror.append(over);
    }
    if (!speak) return;
    const number = one(`#count-${field.name.split('-')[1]} b`);
    if (number) number.textContent = sum;
    clearTimeout(late);
    if (limit - sum <= 20) late = setTimeout(() => say(`${field.ariaLabel}: ${limit - sum}`), 1000);
  }
  function typed(field, speak) {
    if (field.dataset.limit) count(field, speak);
    else field.previousElementSibling.textContent = `${field.value}\n`;
    for (const twin of all(`[data-twin="${field.name}"]`)) twin.textContent = field.value;
    if (field.name.endsWith('kakao-title')) count(one('[name$=kakao-description]'), speak);
  }
  function measure() {
    const cut = all('.twin .said').some((each) => each.scrollHeight > each.clientHeight + 1);
    one('#notes-kakao:has([data-fits])')?.toggleAttribute('data-cut', cut);
  }
  on('input', (e) => { if (e.target.matches('.grow textarea')) { typed(e.target, true); measure(); } });

  /* Keys by their place: with Hangul on, F says ㄹ. */
  let composing = false;
  on('compositionstart', () => { composing = true; });
  for (const end of ['compositionend', 'focusout']) on(end, () => { composing = false; });
  const PLACE = { KeyH: '/', KeyQ: '/queue', KeyA: '/articles', KeyC: '/accounts' };
  const OUTPUT = { KeyF: 'facebook', KeyX: 'x', KeyK: 'kakao', KeyM: 'mail', KeyL: 'link' };
  let went = 0;
  function single(e) {
    const digit = /^(?:Digit|Numpad)([123])$/.exec(e.code)?.[1];
    const place = Date.now() - went < 1500 && PLACE[e.code];
    went = e.code === 'KeyG' ? Date.now() : 0;
    if (place) go(place);
    else if (digit && one('#wording')) one(`[data-wording="${digit}"]`).click();
    else if (one('#columns') && OUTPUT[e.code]) {
      choose(one(`#tab-${OUTPUT[e.code]}`));
      one(`#col-${OUTPUT[e.code]} :is(textarea, .btn:enabled, a)`)?.focus();
    } else if (e.code === 'KeyN') go('/compose');
    else if (e.code === 'Slash') go(e.shiftKey ? '/settings/me' : '/articles#q');
    else if (e.code === 'KeyJ' || e.code === 'KeyK') {
      const rows = all('.rows a, .table a.strong');
      rows[Math.max(0, rows.indexOf(document.activeElement) + (e.code === 'KeyJ' ? 1 : -1))]?.focus();
    } else return;
    e.preventDefault();
  }
  on('keydown', (e) => {
    if (composing || e.isComposing || e.keyCode === 229) return;
    const { target, key, shiftKey } = e;
    const command = e.ctrlKey || e.metaKey;
    const send = one('#send');
    if (key === 'Enter' && command && send) {
      if (shiftKey) one('#when-schedule')?.click(); else send.click();
    } else if (key === 'Enter' && target.matches('[data-one-line]')) e.preventDefault();
    else if (key === 'Enter' && !shiftKey && target.matches('[data-paste]')) {
      e.preventDefault();
      target.form.requestSubmit();
    } else if (/^Arrow(Left|Right)$/.test(key) && target.matches('[role=tab]')) {
      const tabs = all('[role=tab]');
      choose(tabs.at((tabs.indexOf(target) + (key === 'ArrowRight' ? 1 : -1)) % tabs.length)).focus();
    } else if (target.matches('input:not([type=checkbox], [type=radio]), textarea, select')) {
      if (key === 'Escape') target.blur();
    } else if (!command && !e.altKey && localStorage.keys !== 'off') single(e);
  });
  on('paste', (e) => {
    const text = e.clipboardData.getData('text/plain').trim();
    if (!text || e.target.closest('input, textarea') || !one('.top')) return;
    const field = one('[data-paste]');
    if (field) { field.value = text; typed(field); field.focus(); }
    else if (/^https?:\/\/\S+$/.test(text)) go(`/compose?url=${encodeURIComponent(text)}`);
  });

  const narrow = matchMedia('(max-width: 719.98px)');
  function choose(tab) {
    for (const each of all('[role=tab]')) {
      each.setAttribute('aria-selected', each === tab);
      each.tabIndex = each === tab ? 0 : -1;
      const panel = one(`#${each.getAttribute('aria-controls')}`);
      panel.toggleAttribute('data-off-tab', each !== tab);
      panel.role = narrow.matches ? 'tabpanel' : null;
    }
    return tab;
  }
  function start() {
    all('.grow textarea').forEach((field) => typed(field));
    measure();
    choose(one('[role=tab][aria-selected=true]'));
  }
  on('change', start, narrow);

  async function copy(button) {
    const words = button.querySelector('span');
    const before = words.textContent;
    await navigator.clipboard?.writeText(button.dataset.copy).catch(() => {});
    if (!isSecureContext) {
      const field = document.body.appendChild(document.createElement('textarea'));
      field.value = button.dataset.copy;
      field.select();
      document.execCommand('copy');
      field.remove();
    }
    words.textContent = one('#words').dataset.copied;
    say(words.textContent);
    setTimeout(() => { words.textContent = before; }, 1600);
    const told = button.closest('.col')?.querySelector('[data-copied]');
    if (!told) return;
    const headers = { 'X-CSRFToken': one('[name=csrfmiddlewaretoken]').value };
    await fetch(told.dataset.copied, { method: 'POST', headers });
    htmx.ajax('GET', one('#poller').dataset.live, { source: '#poller', swap: 'none' });
  }
  on('click', (e) => {
    const button = e.target.closest('button');
    if (button?.role === 'tab') choose(button);
    if (button?.dataset.copy) copy(button);
    const field = button && document.getElementById(button.dataset.show);
    if (!field) return;
    field.type = field.type === 'text' ? 'password' : 'text';
    button.ariaPressed = field.type === 'text';
    field.focus();
  });
  for (const box of all('[data-kept]')) {
    if (box.name in localStorage) box.checked = localStorage[box.name] === box.value;
    on('change', () => { localStorage[box.name] = box.checked ? box.value : 'off'; }, box);
  }
  setInterval(() => all('[data-until]').forEach((each) => {
    const left = Math.max(0, Math.round((Date.parse(each.dataset.until) - Date.now()) / 1000));
    each.textContent = `(${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')})`;
  }), 1000);

  /* htmx: a field in use is never replaced. */
  const alarm = (what) => one('#alert')?.setAttribute('data-show', what);
  let missed = false;
  on('htmx:oobBeforeSwap', (e) => {
    const field = document.activeElement;
    if (!field.matches('input, textarea') || !e.detail.target.contains(field)) return;
    e.detail.shouldSwap = false;
    missed = true;
  });
  on('focusout', (e) => { if (missed && !e.target.form?.contains(e.relatedTarget)) location.reload(); });
  on('htmx:afterRequest', ({ detail }) => {
    if (detail.xhr.status === 401) alarm('session'); else if (detail.successful) alarm('');
  });
  on('htmx:sendError', () => alarm('offline'));
  on('online', () => { alarm(''); one('#compose')?.dispatchEvent(new Event('change')); }, window);
  on('htmx:afterSettle', start);
  start();
})();
