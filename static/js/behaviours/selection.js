// How many people are ticked, said as one ticks.
Balises.behaviours.selection = form => {
  const said = form.querySelector('[role=status]'), none = said.textContent;
  const show = () => {
    const n = form.querySelectorAll('[name=m]:checked').length;
    said.textContent = n > 1 ? said.dataset.many.replace('{n}', n) : n ? said.dataset.one : none;
  };
  form.addEventListener('change', show);
  show();
};
