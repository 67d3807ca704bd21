// Tells that somebody has seen the page of their invitation: what scans mails runs no script.
Balises.behaviours.opened = box => {
  const token = box.querySelector('[name=_token]')?.value, body = new FormData();
  if (!token) return;
  body.append('_token', token);
  if (!navigator.sendBeacon?.(box.dataset.url, body)) fetch(box.dataset.url, { method: 'POST', body, keepalive: true }).catch(() => {});
};
