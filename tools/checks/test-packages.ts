import { SetupFailure } from '../failure.ts';
import type { Progress } from '../progress.ts';
import { canInstallPackages, installPackages } from '../stack/packages.ts';
import { findProgram, programsOf } from '../stack/programs.ts';

/** Beside what the system itself needs: a browser, a reader of QR codes, another maker of authenticator codes, the gateways that Latchkey stands behind, and Prometheus. */
const needed: { debianPackage: string; programs: readonly string[]; alternatives?: readonly string[] }[] = [
  { debianPackage: 'rabbitmq-server', programs: programsOf.rabbitmq },
  { debianPackage: 'redis-server', programs: programsOf.redis },
  { debianPackage: 'postgresql', programs: programsOf.postgres },
  { debianPackage: 'chromium', programs: ['chromium'], alternatives: ['google-chrome', 'chromium-browser'] },
  { debianPackage: 'zbar-tools', programs: ['zbarimg'] },
  { debianPackage: 'oathtool', programs: ['oathtool'] },
  { debianPackage: 'nginx', programs: ['nginx'] },
  { debianPackage: 'caddy', programs: ['caddy'] },
  { debianPackage: 'haproxy', programs: ['haproxy'] },
  { debianPackage: 'prometheus', programs: ['prometheus', 'promtool'] },
];

/** Installs the programs that the tests use and this machine lacks. */
export async function provideTestPackages(progress: Progress): Promise<void> {
  const has = (programs: readonly string[]) => programs.every((program) => findProgram(program) !== undefined);
  const missing = needed.filter(({ programs, alternatives }) => !has(programs) && !alternatives?.some((program) => has([program])));
  if (missing.length === 0) return;
  const packages = missing.map((entry) => entry.debianPackage);
  if (!canInstallPackages()) throw new SetupFailure(`The tests need programs that this machine lacks. On Debian or Ubuntu: apt-get install ${packages.join(' ')}`);
  await progress.step(`installing ${packages.join(', ')} with apt-get`, (note) => installPackages(packages, note));
}
