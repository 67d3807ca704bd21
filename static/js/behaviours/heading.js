// From one page of a pathway to the next, reading begins at the new heading, unless the page points elsewhere.
Balises.behaviours.heading = title => {
  const from = document.referrer.startsWith(location.origin) ? new URL(document.referrer).pathname : '';
  if (/^(\/essai\/[\w-]+)?\/(parcours\/.|resultats\/)/.test(from) && !location.hash && !document.querySelector('[autofocus]')) title.focus({ preventScroll: true });
};
