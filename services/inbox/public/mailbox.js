import { copyButton, element, findCode, showTime, withLinks } from './reading.js';

const list = document.getElementById('mails');
const reader = document.getElementById('reader');
const mails = new Map(); // id → message
const tabs = ['html', 'text'].map((part) => ({ part, tab: document.getElementById(`tab-${part}`), panel: document.getElementById(`part-${part}`) }));
let selected; // id
let preferred = 'html';

/** Puts a mail on top of the list. The reader follows the newest mail until another one is chosen. */
export function showMail(message, isNew) {
  const following = selected === undefined || selected === list.firstElementChild?.dataset.id;
  mails.set(message.id, message);
  list.prepend(row(message, isNew));
  if (following) open(message.id);
}

/** Takes a mail out of the list. */
export function dropMail(id) {
  mails.delete(id);
  document.getElementById(`m-${id}`)?.remove();
  if (selected === id) open(list.firstElementChild?.dataset.id);
}

export function clearMails() {
  mails.clear();
  list.replaceChildren();
  open(undefined);
}

/** Shows only mails to addresses that the filter matches; says how many that leaves. */
export function filterMails(matches) {
  let shown = 0;
  for (const item of list.children) {
    item.hidden = !matches(mails.get(item.dataset.id).to);
    if (!item.hidden) shown += 1;
  }
  const current = selected && document.getElementById(`m-${selected}`);
  if (!current || current.hidden) open([...list.children].find((item) => !item.hidden)?.dataset.id);
  return shown;
}

function row(message, isNew) {
  const preview = message.text.replace(/\s+/g, ' ').trim().slice(0, 140);
  const button = element(
    'button',
    { type: 'button', class: 'mail' },
    element('span', { class: 'mail-to' }, message.to),
    showTime(message.receivedAt),
    element('span', { class: 'mail-subject' }, message.subject || '(no subject)'),
    element('span', { class: 'mail-preview' }, preview),
  );
  button.addEventListener('click', () => open(message.id));
  const item = element('li', { id: `m-${message.id}` }, button);
  item.dataset.id = message.id;
  item.classList.toggle('unread', isNew);
  item.classList.toggle('arriving', isNew);
  return item;
}

function open(id) {
  if (id === selected && id !== undefined) return;
  selected = id;
  for (const item of list.children) {
    if (item.dataset.id === id) {
      item.firstElementChild.setAttribute('aria-current', 'true');
      item.classList.remove('unread');
    } else item.firstElementChild.removeAttribute('aria-current');
  }
  const message = mails.get(id);
  reader.hidden = message === undefined;
  if (!message) return;
  document.getElementById('subject').textContent = message.subject || '(no subject)';
  document.getElementById('from').textContent = message.from ?? '';
  document.getElementById('to').textContent = message.to;
  document.getElementById('sent').replaceChildren(showTime(message.receivedAt));
  const code = findCode(message.text);
  document.getElementById('mail-code').replaceChildren(...(code ? [copyButton(code)] : []));
  document.getElementById('part-text').replaceChildren(...withLinks(message.text));
  document.getElementById('part-html').replaceChildren(...(message.html === undefined ? [] : [frame(message)]));
  tabs[0].tab.disabled = message.html === undefined;
  showPart(message.html === undefined ? 'text' : preferred);
}

/** The mail's HTML where its scripts, forms and requests are dead; links open outside. */
function frame(message) {
  return element('iframe', { src: `/messages/${message.id}/html`, title: `HTML of ${message.subject || 'the mail'}`, sandbox: 'allow-popups allow-popups-to-escape-sandbox', referrerpolicy: 'no-referrer' });
}

function showPart(shown) {
  for (const { part, tab, panel } of tabs) {
    tab.setAttribute('aria-selected', String(part === shown));
    tab.tabIndex = part === shown ? 0 : -1;
    panel.hidden = part !== shown;
  }
}

for (const { part, tab } of tabs) {
  tab.addEventListener('click', () => {
    preferred = part;
    showPart(part);
  });
  tab.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    const other = tabs.find((each) => each.part !== part).tab;
    other.click();
    other.focus();
  });
}
