// Phones: long lists start folded, except the one that holds the current step.
Balises.behaviours.fold = details => {
  if (matchMedia('(max-width:47.99rem)').matches && !details.querySelector('.trail .now')) details.open = false;
};
