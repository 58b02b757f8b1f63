import { lazy, Suspense } from 'react';
import { Route, Switch } from 'wouter';
import { Loading } from './components/loading.tsx';
import { SignInLayout } from './components/sign-in-layout.tsx';
import { SignInPage } from './pages/sign-in/sign-in-page.tsx';
import { RequireSession } from './session/require-session.tsx';

// The sign-in page is in the first load; every other page comes when it is needed.
const EnterCodePage = lazy(() => import('./pages/enter-code/enter-code-page.tsx'));
const ResetTwoFactorPage = lazy(() => import('./pages/reset-two-factor/reset-two-factor-page.tsx'));
const SuggestionPage = lazy(() => import('./pages/suggestion/suggestion-page.tsx'));
const TrustDevicePage = lazy(() => import('./pages/trust-device/trust-device-page.tsx'));
const RecognizedDevicesPage = lazy(() => import('./pages/recognized-devices/recognized-devices-page.tsx'));
const ForgotPasswordPage = lazy(() => import('./pages/forgot-password/forgot-password-page.tsx'));
const InvitationPage = lazy(() => import('./pages/emailed-links/invitation-page.tsx'));
const NewPasswordPage = lazy(() => import('./pages/emailed-links/new-password-page.tsx'));
const NotMePage = lazy(() => import('./pages/emailed-links/not-me-page.tsx'));
const NotFoundPage = lazy(() => import('./pages/not-found/not-found-page.tsx'));
const AppLayout = lazy(() => import('./components/app-layout.tsx'));

/** The pages in the frame with the navigation. */
const signedInPages = [
  { path: '/', component: lazy(() => import('./pages/home/home-page.tsx')) },
  { path: '/security', component: lazy(() => import('./pages/security/security-page.tsx')) },
  { path: '/security/password', component: lazy(() => import('./pages/change-password/change-password-page.tsx')) },
  { path: '/security/set-up', component: lazy(() => import('./pages/two-factor-setup/choose-method-page.tsx')) },
  { path: '/security/set-up/:method', component: lazy(() => import('./pages/two-factor-setup/set-up-method-page.tsx')) },
  { path: '/devices', component: lazy(() => import('./pages/devices/devices-page.tsx')) },
  { path: '/sessions', component: lazy(() => import('./pages/sessions/sessions-page.tsx')) },
  { path: '/activity', component: lazy(() => import('./pages/activity/activity-page.tsx')) },
  { path: '/logins', component: lazy(() => import('./pages/logins/logins-page.tsx')) },
];
const signedInPlaces = new RegExp(`^(${signedInPages.map(({ path }) => path.replace(/:\w+/g, '[^/]+')).join('|')})/?$`);

/** Every address of the site. */
export function App() {
  return (
    <Switch>
      <Route path={signedInPlaces}>
        <RequireSession>
          <Suspense fallback={<Loading />}>
            <AppLayout>
              <Switch>
                {signedInPages.map((page) => (
                  <Route key={page.path} {...page} />
                ))}
              </Switch>
            </AppLayout>
          </Suspense>
        </RequireSession>
      </Route>
      <Route>
        <SignInLayout>
          <Switch>
            <Route path="/sign-in" component={SignInPage} />
            <Route path="/sign-in/code" component={EnterCodePage} />
            <Route path="/sign-in/reset" component={ResetTwoFactorPage} />
            <Route path="/sign-in/suggestion">
              <RequireSession>
                <SuggestionPage />
              </RequireSession>
            </Route>
            <Route path="/sign-in/trust-device">
              <RequireSession>
                <TrustDevicePage />
              </RequireSession>
            </Route>
            <Route path="/sign-in/devices">
              <RequireSession>
                <RecognizedDevicesPage />
              </RequireSession>
            </Route>
            <Route path="/forgot-password" component={ForgotPasswordPage} />
            <Route path="/invitation" component={InvitationPage} />
            <Route path="/new-password" component={NewPasswordPage} />
            <Route path="/not-me" component={NotMePage} />
            <Route component={NotFoundPage} />
          </Switch>
        </SignInLayout>
      </Route>
    </Switch>
  );
}
