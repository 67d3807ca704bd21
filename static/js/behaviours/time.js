// Counts the time spent here, page seen and hand on it, for the learner alone. A beat that is lost is lost: nothing waits for it.
Balises.behaviours.time = box => {
  const { url, idle } = box.dataset, cutoff = idle * 1000, now = () => performance.now();
  let key = '', from = 0, last = 0;
  const send = () => {
    const token = document.querySelector('#turn [name=_token]')?.value, body = new FormData();
    if (!key || !token) return;
    const seconds = Math.max(0, Math.floor((Math.min(now(), last + cutoff) - from) / 1000));
    for (const [name, value] of Object.entries({ _token: token, key, seconds })) body.append(name, value);
    if (!navigator.sendBeacon?.(url, body)) fetch(url, { method: 'POST', body, keepalive: true }).catch(() => {});
  };
  const stop = () => { send(); key = ''; };
  const act = () => {
    if (document.hidden) return;
    if (key && now() - last > cutoff) stop(); // they were away: what follows is another interval
    last = now();
    if (key) return;
    [key, from] = [[...crypto.getRandomValues(new Uint32Array(4))].map(part => part.toString(36)).join('-'), last];
    send(); // the server's clock says when it begins
  };
  for (const sign of ['pointerdown', 'pointermove', 'keydown', 'scroll', 'timeupdate']) addEventListener(sign, act, { passive: true, capture: true });
  document.addEventListener('visibilitychange', () => document.hidden ? stop() : act());
  addEventListener('pagehide', stop);
  addEventListener('pageshow', act);
  setInterval(() => { if (key) now() - last > cutoff ? stop() : send(); }, 30000);
  act();
};
