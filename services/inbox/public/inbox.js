import { clearMails, dropMail, filterMails, showMail } from './mailbox.js';
import { clearTexts, dropText, filterTexts, showText } from './phone.js';
import { findCode } from './reading.js';

const mostShown = 500;
const shown = []; // oldest first
const filter = document.getElementById('filter');
const live = document.getElementById('live');

const events = new EventSource('/events');
events.addEventListener('open', () => setLive('live', 'Live'));
events.addEventListener('error', () => setLive('away', 'Reconnecting'));
events.addEventListener('snapshot', (event) => {
  clearAll();
  for (const message of JSON.parse(event.data).reverse()) add(message, false);
  refresh();
});
events.addEventListener('message', (event) => {
  const message = JSON.parse(event.data);
  add(message, true);
  refresh();
  announce(message);
});
events.addEventListener('cleared', () => {
  clearAll();
  refresh();
});

filter.addEventListener('input', refresh);
document.getElementById('clear').addEventListener('click', () => fetch('/messages', { method: 'DELETE' }));
const help = document.getElementById('help');
document.getElementById('open-help').addEventListener('click', () => help.showModal());
help.addEventListener('click', (event) => event.target === help && help.close());

const clock = document.getElementById('clock');
const tick = () => (clock.textContent = new Date().toLocaleTimeString([], { hour: 'numeric', minute: '2-digit' }).replace(/\s?[AP]M$/i, ''));
tick();
setInterval(tick, 5_000);

function add(message, isNew) {
  shown.push(message);
  if (message.channel === 'sms') showText(message, isNew);
  else showMail(message, isNew);
  if (shown.length > mostShown) {
    const oldest = shown.shift();
    if (oldest.channel === 'sms') dropText(oldest.id);
    else dropMail(oldest.id);
  }
}

function clearAll() {
  shown.length = 0;
  clearTexts();
  clearMails();
}

/** Brings filter, counts and empty states in line with what is there. */
function refresh() {
  const wanted = filter.value.trim().toLowerCase();
  const matches = (recipient) => recipient.toLowerCase().includes(wanted);
  report('text-count', 'no-texts', filterTexts(matches), 'No texts to that number');
  report('mail-count', 'no-mail', filterMails(matches), 'No mail to that address');
  document.getElementById('clear').disabled = shown.length === 0;
}

const emptyTitles = new Map();

function report(countId, emptyId, count, nothingMatches) {
  const empty = document.getElementById(emptyId);
  const title = empty.querySelector('.lead');
  if (!emptyTitles.has(emptyId)) emptyTitles.set(emptyId, title.textContent);
  document.getElementById(countId).textContent = count === 0 ? '' : String(count);
  empty.hidden = count > 0;
  title.textContent = filter.value.trim() === '' ? emptyTitles.get(emptyId) : nothingMatches;
}

function announce(message) {
  const code = findCode(message.text);
  const kind = message.channel === 'sms' ? 'Text' : 'Mail';
  document.getElementById('announcements').textContent = `${kind} to ${message.to}${code ? `, code ${[...code].join(' ')}` : ''}`;
}

function setLive(state, words) {
  if (live.dataset.state === state) return;
  live.dataset.state = state;
  live.textContent = words;
}
