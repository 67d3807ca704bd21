// A date in words under its field: the browser’s own control writes it in its own way.
Balises.behaviours.date = input => {
  const words = document.getElementById(input.id + '-words');
  const show = () => {
    const day = input.value && new Date(input.value + 'T12:00');
    words.textContent = day ? day.toLocaleDateString(document.documentElement.lang, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }) : '';
  };
  input.addEventListener('input', show);
  show();
};
