import type { Role } from '@latchkey/contracts';
import { Redirect } from 'wouter';
import { useSignedIn } from '../../session/session-context.tsx';
import HomePage from '../home/home-page.tsx';

const starts: Partial<Record<Role, string>> = { provider_staff: '/provider/customers', operator: '/operator/queues' };

/** Staff are here for their customers: they land on the search. Operators land on the queues. */
export default function StartPage() {
  const { login } = useSignedIn();
  const start = starts[login.role];
  return start ? <Redirect to={start} replace /> : <HomePage />;
}
