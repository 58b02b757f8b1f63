// What the page reads out of a message, and how it shows it. Message text is never trusted: it only ever becomes text nodes.

/** The code in a message: the `@host #123456` line when there is one, else the first six digits that stand alone. */
export function findCode(text) {
  return /^@\S+ #(\d{4,8})\s*$/m.exec(text)?.[1] ?? /(?<![\d+#&])\d{6}(?!\d)/.exec(text)?.[0];
}

const gsm7 = new Set('@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà');
const gsm7Extended = new Set('^{}\\[~]|€\f');

/** How many segments a text is sent, and paid, as (3GPP TS 23.038). */
export function measureText(text) {
  const characters = [...text];
  const plain = characters.every((character) => gsm7.has(character) || gsm7Extended.has(character));
  const length = plain ? characters.length + characters.filter((character) => gsm7Extended.has(character)).length : text.length;
  const [single, joined] = plain ? [160, 153] : [70, 67];
  const segments = length <= single ? 1 : Math.ceil(length / joined);
  return { encoding: plain ? 'GSM-7' : 'UCS-2', length, single, segments };
}

/** Makes an element; strings become text. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** The text with its web addresses as links. */
export function withLinks(text) {
  return text.split(/(https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]])/).map((piece, index) =>
    index % 2 === 0 ? piece : element('a', { href: piece, target: '_blank', rel: 'noopener noreferrer' }, piece),
  );
}

/** A moment as today's time, or with its date when it is older. */
export function showTime(isoTime) {
  const moment = new Date(isoTime);
  const today = moment.toDateString() === new Date().toDateString();
  const shown = today
    ? moment.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' })
    : moment.toLocaleString([], { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' });
  return element('time', { datetime: isoTime, title: moment.toString() }, shown);
}

/** A button that copies a code in one click. */
export function copyButton(code) {
  const label = element('span', {}, `Copy ${code}`);
  const button = element('button', { type: 'button', class: 'copy' }, label);
  button.addEventListener('click', async () => {
    const copied = await copy(code);
    label.textContent = copied ? 'Copied' : `Select: ${code}`;
    button.classList.toggle('done', copied);
    setTimeout(() => {
      label.textContent = `Copy ${code}`;
      button.classList.remove('done');
    }, 1600);
  });
  return button;
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // Over plain http on another name than localhost there is no clipboard API.
    const field = element('textarea', { class: 'unseen' }, text);
    const focused = document.activeElement;
    document.body.append(field);
    field.focus({ preventScroll: true });
    field.select();
    const copied = document.execCommand('copy');
    field.remove();
    focused?.focus({ preventScroll: true });
    return copied;
  }
}
