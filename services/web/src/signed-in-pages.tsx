import { Route, Switch, useLocation } from 'wouter';
import { AppLayout } from './components/app-layout.tsx';
import { SignInLayout } from './components/sign-in-layout.tsx';
import { lazyPage } from './lazy-page.ts';
import NotFoundPage from './pages/not-found/not-found-page.tsx';
import { RequireSession } from './session/require-session.tsx';
import { loadOperatorTexts } from './texts/operator-texts.ts';
import { loadProviderTexts } from './texts/provider-texts.ts';

/** The pages in the frame with the navigation. */
const pages = [
  { path: '/', component: lazyPage(() => import('./pages/provider/start-page.tsx')) },
  { path: '/security', component: lazyPage(() => import('./pages/security/security-page.tsx')) },
  { path: '/security/password', component: lazyPage(() => import('./pages/change-password/change-password-page.tsx')) },
  { path: '/security/set-up', component: lazyPage(() => import('./pages/two-factor-setup/choose-method-page.tsx')) },
  { path: '/security/set-up/:method', component: lazyPage(() => import('./pages/two-factor-setup/set-up-method-page.tsx')) },
  { path: '/devices', component: lazyPage(() => import('./pages/devices/devices-page.tsx')) },
  { path: '/sessions', component: lazyPage(() => import('./pages/sessions/sessions-page.tsx')) },
  { path: '/activity', component: lazyPage(() => import('./pages/activity/activity-page.tsx')) },
  { path: '/provider/*?', component: lazyPage(() => import('./pages/provider/provider-pages.tsx'), loadProviderTexts) },
  { path: '/operator/*?', component: lazyPage(() => import('./pages/operator/operator-pages.tsx'), loadOperatorTexts) },
  { path: '/logins', component: lazyPage(() => import('./pages/logins/logins-page.tsx')) },
];
const places = new RegExp(`^(${pages.map(({ path }) => path.replace('/*?', '(/.*)?').replace(/:\w+/g, '[^/]+')).join('|')})/?$`);

/** Everything behind the sign-in. That an address leads nowhere is said without one. */
export default function SignedInPages() {
  const [path] = useLocation();
  if (!places.test(path)) {
    return (
      <SignInLayout>
        <NotFoundPage />
      </SignInLayout>
    );
  }
  return (
    <RequireSession>
      <AppLayout>
        <Switch>
          {pages.map((page) => (
            <Route key={page.path} {...page} />
          ))}
        </Switch>
      </AppLayout>
    </RequireSession>
  );
}
