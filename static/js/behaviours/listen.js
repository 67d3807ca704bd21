// Reads the page aloud, with a voice of this device only: nothing leaves it.
Balises.behaviours.listen = button => {
  const speech = window.speechSynthesis, article = button.closest('article'), label = button.querySelector('span');
  if (!speech) return;
  const words = [label.textContent, button.dataset.stop];
  const voice = () => speech.getVoices().find(v => v.localService && v.lang.startsWith(article.lang));
  const show = speaking => { label.textContent = words[+speaking]; button.dataset.speaking = speaking ? 'yes' : ''; };
  const ready = () => { button.hidden = !voice(); };
  const text = () => [...article.querySelectorAll('h1, h2, h3, p, li, dt, dd, summary')]
    .filter(e => e.offsetParent && !e.closest('form, .yours, .noprint, .meta, figure, [role=status]') && !e.querySelector('p'));
  button.addEventListener('click', () => {
    const speaking = button.dataset.speaking;
    speech.cancel();
    if (speaking) return show(false);
    const parts = text().map(e => Object.assign(new SpeechSynthesisUtterance(e.textContent), { voice: voice(), lang: article.lang }));
    parts.at(-1).onend = () => show(false);
    show(true);
    parts.forEach(part => speech.speak(part));
  });
  addEventListener('pagehide', () => speech.cancel());
  speech.addEventListener?.('voiceschanged', ready);
  ready();
};
