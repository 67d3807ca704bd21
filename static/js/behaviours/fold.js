// Phones: what is long starts folded, except what holds the current step or a mistake.
Balises.behaviours.fold = details => {
  if (matchMedia('(max-width:47.99rem)').matches && !details.querySelector('.trail .now, .err')) details.open = false;
};
