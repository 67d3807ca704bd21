// What is typed goes to the notebook as one types; until the server says so, a copy stays on this device.
Balises.behaviours.autosave = box => {
  const form = document.getElementById('turn'), url = box.dataset.url, at = 'unsaved ' + url;
  const status = box.querySelector('[data-saved]');
  const inputs = () => form ? [...form.elements].filter(e => e.name && e.name.includes('.')) : [];
  if (!inputs().length) return;
  let timer = 0, pending = false;
  const tell = text => { if (status) status.textContent = text; };
  const copy = () => JSON.stringify([...new FormData(form)].filter(([name]) => name.includes('.')));
  const keep = () => { try { localStorage.setItem(at, copy()); } catch { /* no room, no copy */ } };
  const forget = () => { try { localStorage.removeItem(at); } catch { /* nothing to forget */ } };
  const send = async (leaving = false) => {
    if (!pending) return;
    pending = false;
    const body = new FormData(form);
    try {
      const answer = await fetch(url, { method: 'POST', body, keepalive: leaving, redirect: 'manual', credentials: 'same-origin' });
      if (answer.type !== 'opaqueredirect' && !answer.ok) throw new Error(answer.status);
      if (!pending) forget();
      tell(Balises.words.saved(new Date().toLocaleTimeString(document.documentElement.lang, { hour: '2-digit', minute: '2-digit' })));
    } catch {
      pending = true;
      tell(Balises.words.unsaved);
      clearTimeout(timer);
      timer = setTimeout(send, 8000);
    }
  };
  const typed = () => { pending = true; keep(); clearTimeout(timer); timer = setTimeout(send, 1500); };
  for (const input of inputs()) if (box.contains(input)) { input.addEventListener('input', typed); input.addEventListener('change', typed); }
  form.addEventListener('submit', () => { pending = false; clearTimeout(timer); });
  addEventListener('pagehide', () => send(true));
  // A copy that never reached the server comes back in its place.
  let left = null;
  try { left = JSON.parse(localStorage.getItem(at)); } catch { /* not ours */ }
  for (const [name, value] of left || []) {
    const input = inputs().find(e => e.name === name && box.contains(e) && /^(text|textarea|date)/.test(e.type));
    if (input && value && input.value !== value) { input.value = value; typed(); }
  }
};
