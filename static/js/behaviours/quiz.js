// After a try the focus stays beside the answer, and what changed is said.
document.addEventListener('htmx:afterSettle', event => {
  const by = event.detail.requestConfig?.triggeringEvent?.submitter, whole = by?.getAttribute('form') === 'quiz';
  const met = whole && document.querySelector('#turn .main');
  if (met) return met.focus(); // all was checked at once, and it is enough
  const section = whole ? document.querySelector('#quiz section:has([name=check])') : by?.value && document.getElementById(by.value);
  const said = section?.querySelector('[role=status] p');
  if (!said && !(section && whole)) return;
  const again = section.querySelector('[name=check]');
  if (!again) said.tabIndex = -1;
  (again || said).focus({ preventScroll: true });
  (said || section).scrollIntoView({ block: 'nearest' });
  if (again && said) Balises.say(said.textContent);
});
// An answer only half given waits for its other half while another one is checked.
let halves = [];
document.addEventListener('htmx:beforeSwap', event => {
  if (event.detail.target.id === 'quiz') halves = [...event.detail.target.querySelectorAll('select, .field input')].map(e => [e.id, e.value]);
});
document.addEventListener('htmx:afterSwap', () => {
  for (const [id, value] of halves.splice(0)) { const e = document.getElementById(id); if (e && !e.disabled && !e.value) e.value = value; }
});
// The focus stays on the button that was pressed; what it did is said.
document.addEventListener('htmx:afterSettle', event => {
  const said = event.detail.target.id === 'avis' && document.querySelector('#avis [role=status]');
  if (said) Balises.say(said.textContent);
});
// Enter in an answer checks that answer, not the first of the page.
document.addEventListener('keydown', event => {
  const check = event.key === 'Enter' && event.target.matches('#quiz input') && event.target.closest('section').querySelector('[name=check]');
  if (!check) return;
  event.preventDefault();
  check.click();
});
