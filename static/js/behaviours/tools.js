// Marks put at the cursor by their names; what is pasted from a word processor comes as our own marks.
Balises.behaviours.tools = bar => {
  const area = document.getElementById(bar.dataset.area);
  bar.hidden = false;
  const put = text => { // as if typed: it can be undone
    area.focus();
    if (!document.execCommand('insertText', false, text)) {
      area.setRangeText(text, area.selectionStart, area.selectionEnd, 'end');
      area.dispatchEvent(new Event('input', { bubbles: true }));
    }
  };
  bar.addEventListener('click', event => {
    const mark = event.target.closest('button')?.dataset.mark;
    if (mark === undefined) return;
    const { selectionStart: from, selectionEnd: to, value } = area, [open, close = ''] = mark.split('|');
    const start = /^(#|-|:)/.test(open) && from && value[from - 1] !== '\n' ? '\n\n' : '';
    put(start + open + value.slice(from, to) + close);
    area.selectionStart = area.selectionEnd = from + start.length + open.length + (to - from);
  });
  // One button at a time takes the focus; arrows go from one to the next.
  const buttons = [...bar.querySelectorAll('button')];
  buttons.forEach((button, rank) => { button.tabIndex = rank ? -1 : 0; });
  bar.addEventListener('keydown', event => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key], at = buttons.indexOf(document.activeElement);
    if (!step || at < 0) return;
    buttons[at].tabIndex = -1;
    const next = buttons[(at + step + buttons.length) % buttons.length];
    next.tabIndex = 0;
    next.focus();
  });
  const inline = node => [...node.childNodes].map(said).join('').replace(/[^\S\n]+/g, ' ');
  const said = node => {
    if (node.nodeType === 3) return node.data.replace(/\s+/g, ' ');
    if (node.nodeType !== 1 || /^(script|style|head|meta|link|title|xml|svg)$/i.test(node.tagName)) return '';
    const text = inline(node), bare = text.trim(), href = node.getAttribute('href') || '';
    switch (node.tagName) {
      case 'H1': case 'H2': return '\n\n## ' + bare + '\n\n';
      case 'H3': case 'H4': case 'H5': case 'H6': return '\n\n### ' + bare + '\n\n';
      case 'B': case 'STRONG': return bare && node.style.fontWeight !== 'normal' ? '**' + bare + '** ' : text;
      case 'A': return bare && /^(https?:|mailto:)/i.test(href) ? '[' + bare + '](' + href + ')' : text;
      case 'LI': return '\n' + (node.parentNode.tagName === 'OL' ? '1. ' : '- ') + bare;
      case 'BR': return '\n';
      case 'P': case 'DIV': case 'UL': case 'OL': case 'TABLE': case 'TR': return '\n\n' + bare + '\n\n';
    }
    return text;
  };
  area.addEventListener('paste', event => {
    const html = event.clipboardData?.getData('text/html');
    if (!html) return;
    const text = said(new DOMParser().parseFromString(html, 'text/html').body).replace(/[ ]+\n/g, '\n').replace(/\n{3,}/g, '\n\n').trim();
    if (!text) return;
    event.preventDefault();
    put(text);
  });
};
