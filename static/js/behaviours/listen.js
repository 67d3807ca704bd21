// Reads the step aloud with a voice of this device only: nothing leaves it, nothing is kept.
Balises.behaviours.listen = bar => {
  const speech = window.speechSynthesis, article = bar.closest('article'), [play, stop] = bar.querySelectorAll('button');
  if (!speech) return;
  const label = play.querySelector('span'), words = { idle: label.textContent, playing: bar.dataset.pause, paused: bar.dataset.resume };
  let state = 'idle', parts = [], at = 0, turn = 0;
  const voice = () => speech.getVoices().find(v => v.localService === true && v.lang.toLowerCase().replace('_', '-').split('-')[0] === article.lang.split('-')[0]);
  // Without a local voice there is nothing to press.
  const ready = () => { if (state === 'idle') bar.hidden = !voice(); };
  const show = next => {
    state = next;
    label.textContent = words[next];
    stop.hidden = next === 'idle';
  };
  // What is read: titles, paragraphs, items that are seen, without what is typed or pressed.
  const blocks = () => [...article.querySelectorAll('h1, h2, h3, p, li, dt, dd, summary, figcaption')]
    .filter(e => e.checkVisibility() && !e.closest('form, .yours, .noprint, .meta, .field, fieldset, [role=status]') && !e.querySelector('p, li'));
  // A block is read sentence by sentence: the eye follows, and a pause comes back to the same place.
  const sentences = element => {
    const text = element.textContent;
    const cut = 'Segmenter' in Intl ? [...new Intl.Segmenter(article.lang, { granularity: 'sentence' }).segment(text)].map(s => [s.index, s.segment]) : [[0, text]];
    return cut.filter(([, said]) => said.trim()).map(([from, said]) => ({ element, from, to: from + said.length, said: said.trim() }));
  };
  const range = ({ element, from, to }) => {
    const found = new Range(), walk = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(), seen = 0; node; seen += node.length, node = walk.nextNode()) {
      if (from >= seen && from <= seen + node.length) found.setStart(node, from - seen);
      if (to >= seen && to <= seen + node.length) { found.setEnd(node, to - seen); break; }
    }
    return found;
  };
  const unmark = () => {
    article.querySelector('.spoken')?.classList.remove('spoken');
    window.CSS?.highlights?.delete('spoken');
  };
  const mark = part => {
    unmark();
    part.element.classList.add('spoken');
    if (window.Highlight && CSS.highlights) CSS.highlights.set('spoken', new Highlight(range(part)));
    const box = part.element.getBoundingClientRect(), calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    if (box.top < 80 || box.bottom > innerHeight - 120) part.element.scrollIntoView({ block: 'center', behavior: calm ? 'auto' : 'smooth' });
  };
  const end = () => { turn++; speech.cancel(); unmark(); show('idle'); ready(); };
  const say = () => {
    const part = parts[at], own = voice(), mine = ++turn;
    if (!part || !own) return end(); // a local voice or none: another one would send the text away
    const spoken = Object.assign(new SpeechSynthesisUtterance(part.said), { voice: own, lang: own.lang });
    spoken.onend = () => { if (mine === turn && state === 'playing') { at++; say(); } };
    spoken.onerror = () => { if (mine === turn) end(); };
    mark(part);
    speech.speak(spoken);
  };
  play.addEventListener('click', () => {
    if (state === 'playing') { turn++; speech.cancel(); return show('paused'); }
    if (state === 'idle') { parts = blocks().flatMap(sentences); at = 0; speech.cancel(); }
    show('playing');
    say();
  });
  stop.addEventListener('click', () => { end(); play.focus(); });
  bar.addEventListener('keydown', event => { if (event.key === 'Escape' && state !== 'idle') { end(); play.focus(); } });
  addEventListener('pagehide', end);
  speech.addEventListener?.('voiceschanged', ready);
  ready();
};
