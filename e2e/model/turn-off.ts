import type { Login, Session } from './state.ts';
import type { World } from './world.ts';

/** Two-factor is off: no method, no recovery code, no trusted device, and no session but the one it was done in. */
export function turnOff(world: World, login: Login, line: string, staying?: Session): void {
  login.methods = [];
  login.waiting = [];
  login.recovery = undefined;
  login.trustEpoch += 1;
  login.sessionEpoch += 1;
  login.timeline.push(line);
  world.endSessions(login, staying);
}
