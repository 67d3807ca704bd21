// A date in words under its field: the browser’s own control writes it in its own way.
Balises.behaviours.date = input => {
  const words = document.getElementById(input.id + '-words'), english = document.documentElement.lang === 'en';
  const show = () => {
    const day = input.value && new Date(input.value + 'T12:00');
    const said = day && day.toLocaleDateString(english ? 'en-GB' : 'fr', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
    words.textContent = said ? (english ? said.replace(',', '') : said.replace(/ 1 /, ' 1er ')) : '';
  };
  input.addEventListener('input', show);
  show();
};
