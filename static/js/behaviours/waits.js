// What is typed waits in this tab, for who follows a link, until the server has it.
Balises.behaviours.waits = form => {
  const key = 'typed ' + form.dataset.owner + ' ' + form.getAttribute('action'), boxes = [...form.querySelectorAll('textarea, [type=date]')];
  const store = all => { try { all.length ? sessionStorage.setItem(key, JSON.stringify(all)) : sessionStorage.removeItem(key); } catch { /* no room, no copy */ } };
  const stored = () => { try { return JSON.parse(sessionStorage.getItem(key)) || []; } catch { return []; } };
  const keep = () => store(boxes.filter(e => e.value !== e.defaultValue).map(e => [e.name, e.defaultValue, e.value]));
  for (const [name, from, to] of stored()) for (const e of boxes) if (e.name === name && e.defaultValue === from && e.value === from) e.value = to;
  keep();
  form.addEventListener('input', keep);
};
