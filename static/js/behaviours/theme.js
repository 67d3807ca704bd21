// Light or dark: a cookie, read by the server too.
Balises.behaviours.theme = button => {
  button.hidden = false;
  button.addEventListener('click', () => {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
    root.dataset.theme = dark ? 'light' : 'dark';
    const secure = location.protocol === 'https:' ? ';secure' : '';
    document.cookie = 'theme=' + root.dataset.theme + ';path=/;max-age=31536000;samesite=lax' + secure;
    Balises.say(dark ? Balises.words.light : Balises.words.dark);
  });
};
