import type { Role } from '@latchkey/contracts';
import { Button } from '@mantine/core';
import { type ReactNode, Suspense } from 'react';
import { Link, useLocation } from 'wouter';
import { signOut } from '../api/session.ts';
import { useSession, useSignedIn } from '../session/session-context.tsx';
import { describeFailure } from '../texts/describe-failure.ts';
import { pageTexts } from '../texts/page-texts.ts';
import '../theme/later-styles.ts';
import classes from './app-layout.module.css';
import { LanguageMenu } from './language-menu.tsx';
import { Loading } from './loading.tsx';
import { Logo } from './logo.tsx';
import { useAction } from './use-action.ts';

interface Place {
  to: string;
  label: string;
  /** Only for logins of this role. */
  role?: Role;
}

const places: Place[] = [
  { to: '/', label: pageTexts.nav.home },
  { to: '/security', label: pageTexts.nav.security },
  { to: '/devices', label: pageTexts.nav.devices },
  { to: '/sessions', label: pageTexts.nav.sessions },
  { to: '/activity', label: pageTexts.nav.activity },
  { to: '/logins', label: pageTexts.nav.logins, role: 'account_owner' },
];
/** Staff start at their customers; their own login comes after. */
const staffPlaces: Place[] = [
  { to: '/provider/customers', label: pageTexts.nav.customers },
  { to: '/provider/accounts', label: pageTexts.nav.accounts },
  { to: '/provider/policy', label: pageTexts.nav.policy },
  { to: '/provider/brand', label: pageTexts.nav.brand },
];
/** So do operators at what they run. */
const operatorPlaces: Place[] = [{ to: '/operator', label: pageTexts.nav.operations }];
const startOf: Partial<Record<Role, Place[]>> = { provider_staff: staffPlaces, operator: operatorPlaces };

const placesOf = (own: Role): Place[] => [
  ...(startOf[own] ?? []),
  ...places.filter(({ to, role }) => (!role || role === own) && !(startOf[own] && to === '/')),
];

/** The frame of the pages behind the sign-in. */
export function AppLayout({ children }: { children: ReactNode }) {
  const session = useSignedIn();
  const { signedOut } = useSession();
  const [path] = useLocation();
  const leaving = useAction();
  const leave = () => leaving.run(async () => (await signOut(), signedOut('signed_out')));

  return (
    // Operators look at many figures at once.
    <div className={classes.frame} data-wide={isHere('/operator', path) || undefined}>
      <a className="skip-link" href="#content">
        {pageTexts.common.skipToContent}
      </a>
      <header className={classes.header}>
        <Link to="/" className={classes.brand}>
          <Logo />
        </Link>
        <div className={classes.menu}>
          {!session.setupRequired && (
            <nav aria-label={pageTexts.nav.label} className={classes.nav}>
              {placesOf(session.login.role).map(({ to, label }) => (
                <Link key={to} to={to} className={classes.place} aria-current={isHere(to, path) ? 'page' : undefined}>
                  {label}
                </Link>
              ))}
            </nav>
          )}
          <div className={classes.language}>
            <LanguageMenu />
          </div>
        </div>
        <Button className={classes.signOut ?? ''} size="sm" variant="default" onClick={leave} loading={leaving.busy}>
          {pageTexts.nav.signOut}
        </Button>
      </header>
      <div role="alert" className={classes.failure}>
        {leaving.failure && describeFailure(leaving.failure)}
      </div>
      <main id="content" tabIndex={-1} className={classes.content}>
        <Suspense fallback={<Loading />}>{children}</Suspense>
      </main>
    </div>
  );
}

function isHere(place: string, path: string): boolean {
  return place === '/' ? path === '/' : path.startsWith(place);
}
