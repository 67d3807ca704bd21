// What is typed goes to the notebook as one types; until the server says so, a copy stays on this device.
Balises.behaviours.autosave = box => {
  for (const e of box.querySelectorAll('aside [name][form]')) e.setAttribute('form', 'turn');
  const { url, owner } = box.dataset, key = address => 'unsaved ' + owner + ' ' + address, at = key(url);
  const form = () => document.getElementById('turn'); // looked up each time: a partial answer replaces the bar
  const inputs = () => [...(form()?.elements || [])].filter(e => e.name?.includes('.'));
  const values = () => {
    const all = Object.fromEntries(inputs().map(e => [e.name, []]));
    if (form()) for (const [name, value] of new FormData(form())) all[name]?.push(value);
    return all;
  };
  const same = (a, b) => JSON.stringify(a || []) === JSON.stringify(b || []);
  const stored = address => { try { return JSON.parse(localStorage.getItem(address)) || {}; } catch { return {}; } };
  const store = (address, copy) => { try { copy ? localStorage.setItem(address, JSON.stringify(copy)) : localStorage.removeItem(address); } catch { /* no room, no copy */ } };
  let known = values(), dirty = false, busy = false, going = false, timer = 0, place = box;
  const keep = sent => {
    const now = values(), changed = Object.keys(now).filter(name => !same(now[name], known[name]));
    store(at, changed.length ? { sent, fields: changed.map(name => [name, known[name], now[name]]) } : null);
  };
  const tell = text => { const status = place.querySelector('[data-saved]') || box.querySelector('[data-saved]'); if (status) status.textContent = text; };
  const wait = time => { clearTimeout(timer); timer = setTimeout(send, time); };
  const send = async leaving => {
    if (!dirty || !form() || (busy && !leaving)) return;
    const sent = values();
    [dirty, busy] = [false, true];
    try {
      const body = new FormData(form());
      body.delete('mot'); // the word to the authors leaves by a button alone
      const answer = await fetch(url, { method: 'POST', body, keepalive: leaving === true, redirect: 'manual' });
      if (answer.type !== 'opaqueredirect' && !answer.ok) throw answer.status;
      known = sent;
      if (!going) keep(); // else the page that comes may have been made before this: the copy is for it
      tell(Balises.words.saved(new Date().toLocaleTimeString(document.documentElement.lang, { hour: '2-digit', minute: '2-digit' })));
    } catch {
      dirty = true;
      tell(Balises.words.unsaved);
    }
    busy = false;
    if (dirty) wait(8000);
  };
  const typed = event => {
    if (!inputs().includes(event.target)) return;
    place = event.target.closest('article, aside') || box;
    dirty = true;
    going = false;
    keep();
    wait(1500);
  };
  for (const change of ['input', 'change']) box.addEventListener(change, typed);
  document.addEventListener('submit', event => { if (event.target === form()) { keep(true); dirty = false; } });
  addEventListener('beforeunload', () => { going = true; });
  addEventListener('pagehide', () => send(true));
  addEventListener('online', () => send());
  // The page before was sent and this one came: what it held is in the notebook.
  const before = document.referrer.startsWith(location.origin) ? new URL(document.referrer).pathname + '/notes' : '';
  if (before && before !== url && stored(key(before)).sent) store(key(before), null);
  // A copy that never reached the server comes back, unless the notebook has changed since.
  for (const [name, from, to] of stored(at).fields || []) {
    if (!same(known[name], from)) continue;
    for (const e of inputs()) if (e.name === name) /radio|checkbox/.test(e.type) ? e.checked = to.includes(e.value) : e.value = to[0] || '';
    dirty = true;
  }
  if (!url.startsWith(location.pathname + '/')) dirty = true; // the page answers a refusal: nothing of it is kept yet
  if (dirty) wait(500); else store(at, null);
};
