// The account menu closes on Escape, on a click elsewhere and when the focus leaves it.
Balises.behaviours.menu = menu => {
  document.addEventListener('keydown', event => {
    if (event.key === 'Escape' && menu.open) { menu.open = false; menu.querySelector('summary').focus(); }
  });
  for (const leaving of ['click', 'focusin']) document.addEventListener(leaving, event => { if (!menu.contains(event.target)) menu.open = false; });
};
