// Small behaviours, each tied to the elements that ask for it by data-behaviour. Every page works without them.
const Balises = {
  words: document.documentElement.lang === 'en' ? {
    saved: t => 'Saved in your notebook at ' + t,
    saving: 'Saving…',
    kept: t => 'Saved at ' + t, unkept: 'Not saved yet: your text stays on this device.',
    picture: 'Picture chosen: describe it, then add it.',
    met: who => (who || 'Somebody') + ' wrote this text meanwhile: press Save to see both.',
    unsaved: 'Not saved yet: check your connection. Your text stays on this device.',
    dark: 'Dark theme', light: 'Light theme',
    question: (n, of) => 'Question ' + n + ' of ' + of, previous: 'Previous question', next: 'Next question',
  } : {
    saved: t => 'Enregistré dans votre carnet à ' + t.replace(':', '\u00a0h\u00a0'),
    saving: 'Enregistrement…',
    kept: t => 'Enregistré à ' + t.replace(':', '\u00a0h\u00a0'), unkept: 'Pas encore enregistré\u00a0: votre texte reste sur cet appareil.',
    picture: 'Image choisie\u00a0: décrivez-la, puis ajoutez-la.',
    met: who => (who || 'Quelqu’un') + ' a écrit ce texte entre-temps\u00a0: enregistrez pour voir les deux.',
    unsaved: 'Pas encore enregistré\u00a0: vérifiez votre connexion. Votre texte reste sur cet appareil.',
    dark: 'Thème sombre', light: 'Thème clair',
    question: (n, of) => 'Question ' + n + ' sur ' + of, previous: 'Question précédente', next: 'Question suivante',
  },
  behaviours: {},
  // One polite voice for the page.
  say(text) {
    let live = document.getElementById('live');
    if (!live) {
      live = Object.assign(document.createElement('p'), { id: 'live', className: 'sr' });
      live.setAttribute('role', 'status');
      document.body.append(live);
    }
    setTimeout(() => { live.textContent = text; }, 50);
  },
  start(root) {
    for (const element of root.querySelectorAll('[data-behaviour]')) {
      if (element.dataset.started) continue;
      element.dataset.started = 'yes';
      Balises.behaviours[element.dataset.behaviour]?.(element);
    }
  },
};
document.addEventListener('DOMContentLoaded', () => Balises.start(document));
document.addEventListener('htmx:afterSettle', () => Balises.start(document));
// What a partial answer cannot say, a whole page does.
document.addEventListener('htmx:responseError', event => { if (event.detail.elt.submit) event.detail.elt.submit(); });
document.addEventListener('htmx:sendError', () => Balises.say(Balises.words.unsaved));
