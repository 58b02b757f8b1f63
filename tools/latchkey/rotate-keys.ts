import { existsSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { SetupFailure } from '../failure.ts';
import { Instance, instanceDirectory } from '../stack/instance.ts';
import { instanceName } from './settings.ts';
import { readOptions } from './wrong-usage.ts';

/** Makes a key, and puts it where the `npm start` of this checkout has its own; elsewhere says how to bring it in. */
export async function rotateKeys(args: string[]): Promise<number> {
  if (readOptions('rotate-keys', '', args, {})['help']) {
    console.log('Usage: npx latchkey rotate-keys');
    return 0;
  }
  const given = process.env['LATCHKEY_SEALING_KEYS'];
  if (given) {
    const fresh = newKey(given);
    console.log(
      [
        'LATCHKEY_SEALING_KEYS of every service, one step after the other; a process takes it in when it starts:',
        `1. ${given},${fresh}`,
        '   Every service can open what the new key sealed.',
        `2. ${fresh},${given}`,
        '   Every service seals with the new key.',
        '3. npx latchkey reseal',
        '   What is stored needs the old keys no more. Wait an hour: codes, attempts and messages under way have ended.',
        `4. ${fresh}`,
      ].join('\n'),
    );
    return 0;
  }
  if (!existsSync(instanceDirectory(instanceName()))) throw new SetupFailure('LATCHKEY_SEALING_KEYS is not set, and npm start never ran from this checkout.');
  const instance = Instance.open(instanceName());
  const fresh = newKey(instance.state.secrets.sealingKey);
  instance.state.secrets.sealingKey = `${fresh},${instance.state.secrets.sealingKey}`;
  instance.save();
  console.log(`Key ${fresh.split(':', 1)[0]} is the current one from the next npm start. Then run npx latchkey reseal.`);
  return 0;
}

/** Named by the first number that no key has. */
function newKey(held: string): string {
  const names = new Set(held.split(',').map((entry) => entry.split(':', 1)[0]));
  let number = names.size + 1;
  while (names.has(`k${number}`)) number += 1;
  return `k${number}:${randomBytes(32).toString('base64')}`;
}
