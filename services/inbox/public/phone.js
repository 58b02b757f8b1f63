import { copyButton, element, findCode, measureText, showTime, withLinks } from './reading.js';

const threads = document.getElementById('threads');
const bubblesOf = new Map(); // number → its list of bubbles

/** Puts a text on top of the texts to its number, and that number on top of the phone. */
export function showText(message, isNew) {
  const list = bubblesOf.get(message.to) ?? startThread(message.to);
  const thread = list.closest('section');
  const repeated = [...list.children].some((item) => item.dataset.text === message.text);
  list.prepend(bubble(message, repeated, isNew));
  thread.querySelector('.thread-count').textContent = list.children.length === 1 ? '1 text' : `${list.children.length} texts`;
  if (threads.firstElementChild !== thread) {
    const focused = document.activeElement; // moving an element takes its focus away
    threads.prepend(thread);
    if (thread.contains(focused)) focused.focus({ preventScroll: true });
  }
}

/** Takes a text off the phone. */
export function dropText(id) {
  const item = document.getElementById(`m-${id}`);
  const list = item?.parentElement;
  item?.remove();
  if (list && list.children.length === 0) {
    const thread = list.closest('section');
    bubblesOf.delete(thread.dataset.to);
    thread.remove();
  }
}

export function clearTexts() {
  bubblesOf.clear();
  threads.replaceChildren();
}

/** Shows only the numbers that the filter matches; says how many texts that leaves. */
export function filterTexts(matches) {
  let shown = 0;
  for (const thread of threads.children) {
    thread.hidden = !matches(thread.dataset.to);
    if (!thread.hidden) shown += thread.querySelectorAll('.bubbles > li').length;
  }
  return shown;
}

function startThread(number) {
  const list = element('ul', { class: 'bubbles' });
  const heading = element('h3', {}, element('span', { class: 'avatar', 'aria-hidden': 'true' }, number.slice(-2)), element('span', {}, number), element('span', { class: 'thread-count' }));
  const thread = element('section', { class: 'thread', 'aria-label': `Texts to ${number}` }, heading, list);
  thread.dataset.to = number;
  bubblesOf.set(number, list);
  threads.prepend(thread);
  return list;
}

function bubble(message, repeated, isNew) {
  const { encoding, length, single, segments } = measureText(message.text);
  const size = segments === 1 ? `1 segment, ${length}/${single} ${encoding}` : `${segments} segments, ${length} ${encoding}`;
  const code = findCode(message.text);
  const facts = element('p', { class: 'facts' }, showTime(message.receivedAt), element('span', segments > 1 ? { class: 'costly' } : {}, size));
  if (repeated) facts.append(element('span', { class: 'repeat' }, 'same text again'));
  const item = element('li', { id: `m-${message.id}` }, element('p', { class: 'bubble' }, ...withLinks(message.text)), facts);
  if (message.from) item.prepend(element('p', { class: 'sender' }, message.from));
  if (code) item.append(copyButton(code));
  item.dataset.text = message.text;
  item.classList.toggle('arriving', isNew);
  return item;
}
