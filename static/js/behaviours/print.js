// Printing is the browser's; the button only asks for it.
Balises.behaviours.print = button => {
  button.hidden = false;
  button.addEventListener('click', () => print());
};
