// A password can be read while it is typed; it is hidden again when it is sent.
Balises.behaviours.reveal = button => {
  const field = document.getElementById(button.getAttribute('aria-controls'));
  const show = seen => { field.type = seen ? 'text' : 'password'; button.setAttribute('aria-pressed', seen); };
  button.hidden = false;
  button.addEventListener('click', () => { show(field.type === 'password'); field.focus(); });
  field.form.addEventListener('submit', () => show(false));
};
