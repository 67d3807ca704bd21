// A self-diagnostic, one question at a time; without script all of them stand on one page.
Balises.behaviours.stepper = form => {
  const questions = [...form.querySelectorAll('[data-question]')], send = form.querySelector('[type=submit]');
  if (questions.length < 2) return;
  const words = Balises.words, bar = document.createElement('progress');
  bar.max = questions.length;
  const turn = Object.assign(document.createElement('p'), { className: 'row ends' });
  const button = (text, main) => Object.assign(document.createElement('button'), { type: 'button', className: 'btn' + (main ? ' main' : ' quiet'), textContent: text });
  const back = button(words.previous, false), next = button(words.next, true);
  for (const forward of [next, send]) forward.classList.add('push');
  turn.append(back, next, send);
  form.prepend(bar);
  form.append(turn);
  const answered = () => 'optional' in form.dataset ? +form.dataset.at : questions.filter(q => q.querySelector(':checked')).length;
  const show = (at, focus) => {
    questions.forEach((q, n) => { q.hidden = n !== at; });
    form.dataset.at = at;
    bar.value = answered();
    bar.setAttribute('aria-label', words.question(at + 1, questions.length));
    back.hidden = at === 0;
    next.hidden = at === questions.length - 1;
    send.hidden = !next.hidden;
    if (focus) { const title = questions[at].querySelector('legend'); title.tabIndex = -1; title.focus(); Balises.say(words.question(at + 1, questions.length)); }
  };
  back.addEventListener('click', () => show(+form.dataset.at - 1, true));
  next.addEventListener('click', () => show(+form.dataset.at + 1, true));
  // What is answered waits in this tab, for who is interrupted, until it is sent.
  const key = 'answers ' + form.dataset.owner + ' ' + form.getAttribute('action');
  const keep = all => { try { all ? sessionStorage.setItem(key, JSON.stringify(all)) : sessionStorage.removeItem(key); } catch { /* no room, no copy */ } };
  const kept = () => { try { return JSON.parse(sessionStorage.getItem(key)) || []; } catch { return []; } };
  const choices = 'optional' in form.dataset ? [] : [...form.querySelectorAll('[type=radio]')];
  const waited = choices.some(e => e.checked) ? [] : choices.filter(e => kept().some(([name, value]) => name === e.name && value === e.value));
  for (const choice of waited) choice.checked = true;
  form.addEventListener('change', () => { bar.value = answered(); if (choices.length) keep(choices.filter(e => e.checked).map(e => [e.name, e.value])); });
  form.addEventListener('submit', event => {
    const missing = questions.findIndex(q => !q.querySelector(':checked'));
    if (missing >= 0 && +form.dataset.at < questions.length - 1) { event.preventDefault(); show(+form.dataset.at + 1, true); } else keep(null);
  });
  const wrong = questions.findIndex(q => q.querySelector('.err'));
  const open = questions.findIndex(q => !q.querySelector(':checked'));
  show(wrong >= 0 ? wrong : !waited.length ? 0 : open < 0 ? questions.length - 1 : open, false);
};
