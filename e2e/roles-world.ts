import { type ApiClient, demoPassword } from './api-client.ts';
import { addMethod, newClient } from './demo.ts';
import type { Column } from './roles-table.ts';
import { addAccount, addPerson, addTenant, logIn, logInAndTrust, type Person, type Role, type Tenant } from './tenants.ts';

/** Somebody signed in, or nobody: then the person is one whose ids a stranger may have got hold of. */
export type Actor = { column: Column; client: ApiClient; person: Person; session: any };
export type World = {
  tenant: Tenant;
  neighbours: Tenant;
  strict: Tenant;
  rivals: Tenant;
  /** Of another provider: signed in on a trusted device, with a method that waits for its code. */
  stranger: Actor & { waitingMethodId: string };
  /** Logs in, by text or email. */
  visitor: Person & { emailMethodId: string };
  /** Looks after the account of the tenant. */
  keeper: ApiClient;
};

let made = 0;
/** A name that nobody has. */
export const freshName = (): string => `roles-${(made += 1)}`;

export async function makeWorld(): Promise<World> {
  const [tenant, rivals, strict] = [await addTenant('Roles Security'), await addTenant('Roles Rivals'), await addTenant('Roles Strict', 'required')];
  const neighbours = await addAccount(tenant, 'Roles Neighbours');
  const person = await addPerson(rivals, 'customer', freshName(), { texts: true });
  const client = newClient();
  const session = await logInAndTrust(client, person);
  const { body } = await client.post('/v1/two-factor/methods', { password: demoPassword, kind: 'totp' });

  const visiting = await addPerson(tenant, 'customer', freshName(), { texts: true });
  const visit = newClient();
  await logIn(visit, visiting);
  const emailMethodId = await addMethod(visit, { kind: 'email', emailAddress: visiting.emailAddress });
  const keeper = newClient();
  await logIn(keeper, await addPerson(tenant, 'account_owner', freshName()));
  return { tenant, neighbours, strict, rivals, stranger: { column: 'customer', client, person, session, waitingMethodId: body.id }, visitor: { ...visiting, emailMethodId }, keeper };
}

const roleOf: Record<Column, Role> = { nobody: 'customer', customer: 'customer', setup: 'customer', owner: 'account_owner', staff: 'provider_staff', operator: 'operator' };

export async function makeActor({ tenant, strict }: World, column: Column): Promise<Actor> {
  const person = await addPerson(column === 'setup' ? strict : tenant, roleOf[column], freshName(), { texts: column !== 'setup' });
  const client = newClient();
  const { session } = await logIn(client, person);
  return { column, client: column === 'nobody' ? newClient() : client, person, session };
}
