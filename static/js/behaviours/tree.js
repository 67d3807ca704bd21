// Drag a step elsewhere in the tree: an extra, the buttons and « Ranger » do as much.
Balises.behaviours.tree = tree => {
  const form = tree.querySelector('form');
  let held = null, mark = null;
  const point = element => { mark?.classList.remove('drop'); mark = element; mark?.classList.add('drop'); };
  for (const step of tree.querySelectorAll('.step')) {
    step.draggable = true;
    step.addEventListener('dragstart', event => {
      held = step;
      event.dataTransfer.effectAllowed = 'move';
      event.dataTransfer.setData('text/plain', step.dataset.place);
    });
    step.addEventListener('dragend', () => { held = null; point(null); });
  }
  const place = event => event.target.closest?.('.step, details.mod')?.closest('.step, details.mod');
  tree.addEventListener('dragover', event => {
    const over = place(event);
    if (!held || !over) return;
    event.preventDefault();
    point(over === held ? null : over.matches('.step') ? over : over.querySelector('.steps'));
  });
  tree.addEventListener('drop', event => {
    if (!held || !mark) return;
    event.preventDefault();
    const list = mark.closest('.steps');
    const others = [...list.querySelectorAll('.step')].filter(step => step !== held);
    const rank = mark.matches('.step') ? others.indexOf(mark) + 1 : others.length + 1;
    for (const [name, value] of [['module', list.dataset.module], ['rank', rank]]) {
      form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }));
    }
    form.action = held.dataset.place;
    form.submit();
  });
};
