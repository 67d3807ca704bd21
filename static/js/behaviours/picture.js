// A picture goes where the cursor is; dropped or pasted on the text, it waits there for its words.
Balises.behaviours.picture = fold => {
  const area = document.getElementById(fold.dataset.area), add = fold.querySelector('button');
  const place = Object.assign(document.createElement('input'), { type: 'hidden', name: 'place' });
  let been = false;
  fold.append(place);
  const here = () => {
    been = true;
    add.textContent = fold.dataset.here;
  };
  area.addEventListener('focus', here, { once: true });
  area.form.addEventListener('submit', () => {
    place.value = been ? [...area.value.slice(0, area.selectionStart)].length : ''; // signs as the server counts them
  });
  const take = (event, files) => {
    const image = [...files].find(each => each.type.startsWith('image/'));
    if (!image) return;
    event.preventDefault();
    const held = new DataTransfer();
    held.items.add(image);
    fold.querySelector('[type=file]').files = held.files;
    fold.open = true;
    fold.querySelector('[name=alt]').focus();
    Balises.say(Balises.words.picture);
  };
  area.addEventListener('dragover', event => { if (event.dataTransfer.types.includes('Files')) event.preventDefault(); });
  area.addEventListener('drop', event => take(event, event.dataTransfer.files));
  area.addEventListener('paste', event => { // words that come with a picture of themselves are pasted as words
    if (!event.defaultPrevented && !event.clipboardData.getData('text/plain')) take(event, event.clipboardData.files);
  });
};
