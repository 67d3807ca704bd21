// The same page in a window as wide as a telephone.
Balises.behaviours.phone = button => {
  if (innerWidth < 500) return;
  button.hidden = false;
  button.addEventListener('click', () => open(location.href, 'telephone', 'popup,width=390,height=844'));
};
