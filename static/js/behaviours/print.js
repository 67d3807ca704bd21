// Printing is the browser's; the button only asks for it. On paper everything is open.
Balises.behaviours.print = button => {
  button.hidden = false;
  button.addEventListener('click', () => print());
};
(() => {
  let opened = [];
  addEventListener('beforeprint', () => {
    opened = [...document.querySelectorAll('main details:not([open], .noprint), main [data-question][hidden]')];
    for (const e of opened) if (e.matches('details')) e.open = true; else e.hidden = false;
    if (!CSS.supports('field-sizing', 'content')) for (const box of document.querySelectorAll('textarea')) box.rows = Math.max(box.rows, Math.ceil(box.scrollHeight / 24));
  });
  addEventListener('afterprint', () => { for (const e of opened) if (e.matches('details')) e.open = false; else e.hidden = true; });
})();
