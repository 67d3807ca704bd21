// A text is kept as its author types; until the server says so, a copy stays on this device and comes back.
Balises.behaviours.draft = form => {
  const key = 'text ' + form.dataset.owner + ' ' + form.dataset.url, status = document.getElementById('saved');
  const left = document.getElementById('left'), clash = form.dataset.conflict;
  const values = () => [...new FormData(form)].filter(([name]) => !['_token', 'seen', 'act', 'picture', 'alt', 'place'].includes(name));
  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
  const read = () => { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } };
  const store = copy => { try { copy ? localStorage.setItem(key, JSON.stringify(copy)) : localStorage.removeItem(key); } catch { /* no room, no copy */ } };
  let known = values(), dirty = false, met = false, leaving = false, busy = null, timer = 0;
  const copy = (sent, kept) => store({ seen: form.elements.seen.value, fields: values(), sent, kept });
  const tell = text => { if (status) status.textContent = text; };
  const wait = time => { clearTimeout(timer); timer = setTimeout(start, time); };
  const start = () => { if (dirty && !busy && !met && !clash) busy = send().finally(() => { busy = null; }); };
  const send = async () => {
    const sent = values();
    dirty = false;
    try {
      const answer = await fetch(form.dataset.url, { method: 'POST', body: new URLSearchParams(new FormData(form)), redirect: 'manual' });
      if (answer.status === 409) { met = dirty = true; return tell(Balises.words.met((await answer.json()).by)); }
      if (!answer.ok) throw answer.status;
      form.elements.seen.value = (await answer.json()).version;
      known = sent;
      // The page that comes may have been made before this: it finds the copy, and forgets it if it is as new.
      same(values(), known) ? (leaving ? copy(false, true) : store(null)) : copy();
      tell(Balises.words.kept(new Date().toLocaleTimeString(document.documentElement.lang, { hour: '2-digit', minute: '2-digit' })));
    } catch {
      dirty = true;
      tell(Balises.words.unkept);
      return wait(8000);
    }
    if (dirty) wait(2000);
  };
  for (const change of ['input', 'change']) form.addEventListener(change, () => {
    dirty = !same(values(), known);
    leaving = false;
    if (dirty) { copy(); wait(2000); }
  });
  // A click while a text is on its way waits for its new number: nobody meets themself.
  form.addEventListener('submit', async event => {
    if (event.submitter?.formAction.endsWith('/essais')) return start(); // it opens beside: the page stays
    clearTimeout(timer);
    if (busy) { event.preventDefault(); await busy; return setTimeout(() => form.requestSubmit(event.submitter)); }
    if (!event.submitter?.formAction.endsWith('#apercu')) { if (dirty || clash) copy(true); dirty = false; }
  });
  addEventListener('beforeunload', event => { leaving = true; if (dirty) event.preventDefault(); });
  addEventListener('online', start);
  const before = read(), here = +form.elements.seen.value;
  if (clash) { known = []; copy(); }
  else if (before && (same(before.fields, known) || (before.sent && here > +before.seen) || (before.kept && here >= +before.seen))) store(null);
  else if (before) left.hidden = false;
  left?.querySelectorAll('button')[1].addEventListener('click', () => { store(null); left.hidden = true; });
  left?.querySelectorAll('button')[0].addEventListener('click', () => {
    const again = Object.assign(document.createElement('form'), { method: 'post', action: form.action, hidden: true });
    for (const [name, value] of [['_token', form.elements._token.value], ['seen', before.seen], ...before.fields]) again.append(Object.assign(document.createElement('textarea'), { name, value }));
    document.body.append(again);
    dirty = false;
    store({ ...before, sent: true });
    again.submit();
  });
};
