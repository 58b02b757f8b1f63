import { Redirect } from 'wouter';
import { useSignedIn } from '../../session/session-context.tsx';
import HomePage from '../home/home-page.tsx';

/** Staff are here for their customers: they land on the search. */
export default function StartPage() {
  const { login } = useSignedIn();
  return login.role === 'provider_staff' ? <Redirect to="/provider/customers" replace /> : <HomePage />;
}
