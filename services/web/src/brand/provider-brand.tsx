import { useEffect } from 'react';
import { useLocation } from 'wouter';
import { api } from '../api/client.ts';
import { useSession } from '../session/session-context.tsx';
import { readAttempt } from '../session/stored-attempt.ts';
import { showBrand } from './show-brand.tsx';

const waitsForCode = /^\/sign-in\/(code|reset)\/?$/;

/** Shows customers, and its staff, the brand of their service provider: from the moment that name and password were right. */
export default function ProviderBrand() {
  const { state } = useSession();
  const [path] = useLocation();
  const login = state.status === 'signed_in' ? state.session.login : null;
  const loginId = login && login.role !== 'operator' ? login.id : null;
  const attempt = !login && waitsForCode.test(path) ? (readAttempt()?.attempt ?? null) : null;

  useEffect(() => {
    if (loginId === null && attempt === null) return showBrand(null);
    let wanted = true;
    const reading = attempt === null ? api.get('/v1/brand') : api.post('/v1/login/brand', { body: { attempt } });
    // Without it all works, under our own name.
    reading.then((brand) => wanted && showBrand(brand)).catch(() => undefined);
    return () => void (wanted = false);
  }, [loginId, attempt]);
  useEffect(() => () => showBrand(null), []);
  return null;
}
