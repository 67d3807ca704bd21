// From one step to the next, reading begins at the new heading.
Balises.behaviours.heading = title => {
  const from = document.referrer.startsWith(location.origin) ? new URL(document.referrer).pathname : '';
  if (/\/etapes\/|\/resultats\//.test(from) && from !== location.pathname && !location.hash) title.focus({ preventScroll: true });
};
