// Only the formats that the chosen pathway offers; without script all are there, and a wrong one is refused with a sentence.
Balises.behaviours.offers = select => {
  const picks = [...select.form.querySelectorAll('input[name=format]')];
  const show = () => {
    const offered = select.selectedOptions[0].dataset.formats.split(' ');
    for (const pick of picks) {
      pick.closest('label').hidden = !offered.includes(pick.value);
      if (!offered.includes(pick.value)) pick.checked = false;
    }
  };
  select.addEventListener('change', show);
  show();
};
