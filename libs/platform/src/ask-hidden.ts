/** Asks at the terminal, in raw mode, which shows nothing of what is typed. `undefined`: broken off with Ctrl-C. */
export function askHidden(question: string): Promise<string | undefined> {
  process.stderr.write(question);
  process.stdin.setRawMode(true).setEncoding('utf8').resume();
  return new Promise((resolve) => {
    let typed = '';
    const end = (answer: string | undefined) => {
      process.stdin.off('data', take).setRawMode(false).pause();
      process.stderr.write('\n');
      resolve(answer);
    };
    const take = (text: string) => {
      for (const character of text) {
        if (character === '\r' || character === '\n' || character === '\u0004') return end(typed);
        if (character === '\u0003') return end(undefined);
        typed = character === '\u007f' || character === '\b' ? [...typed].slice(0, -1).join('') : typed + character;
      }
    };
    process.stdin.on('data', take);
  });
}
