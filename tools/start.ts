import { reportFailure } from './failure.ts';
import { secondsSince } from './progress.ts';
import { startSystem, stopAllSystems } from './system/start-system.ts';

// npm start: the whole system from this checkout, until Ctrl-C.
const startedAt = performance.now();
/** npm and the terminal may both deliver one Ctrl-C: what follows within this time is the same one. */
const sameSignalMs = 1_000;

let stoppingSince: number | undefined;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stopOnSignal());

async function stopOnSignal(): Promise<void> {
  if (stoppingSince !== undefined) {
    if (performance.now() - stoppingSince < sameSignalMs) return;
    console.log('\nStopping at once. The next start cleans up.');
    process.exit(1);
  }
  stoppingSince = performance.now();
  console.log('\nStopping (again Ctrl-C: at once) …');
  try {
    await stopAllSystems();
    console.log(`Stopped (${secondsSince(stoppingSince)}). The data stays; npm run reset clears it.`);
    process.exit(0);
  } catch (error) {
    reportFailure(error);
    process.exit(1);
  }
}

try {
  const system = await startSystem({ instance: 'dev', ports: 'default', env: process.env });
  const website = system.baseUrl;
  const publicUrl = system.services.gateway.env['LATCHKEY_PUBLIC_URL'];
  const inbox = system.services.inbox.pid === undefined ? 'real AWS (LATCHKEY_DELIVERY=aws)' : system.inboxUrl;
  console.log(
    [
      '',
      `Latchkey is ready (${secondsSince(startedAt)}).`,
      '',
      `  Website and API    ${website}`,
      ...(publicUrl && publicUrl !== website ? [`  Known outside as   ${publicUrl}`] : []),
      `  API reference      ${website}/docs`,
      `  Texts and emails   ${inbox}`,
      `  Logs               ${system.instance.directory}/logs`,
      '',
      '  Demo logins, every password correct-horse-battery-staple:',
      '    owner     account owner, two-factor by text message is on',
      '    member    second login of the household, two-factor is off',
      '    dealer    service provider staff',
      '    operator  runs the platform',
      '',
      'Ctrl-C stops everything.',
      '',
    ].join('\n'),
  );
} catch (error) {
  // A start that was broken off by a signal is reported by the one who breaks it off.
  if (stoppingSince === undefined) {
    reportFailure(error);
    process.exit(1);
  }
}
