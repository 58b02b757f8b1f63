import { lazy, Suspense } from 'react';
import { Route, Switch } from 'wouter';
import { Loading } from './components/loading.tsx';
import { SignInLayout } from './components/sign-in-layout.tsx';
import { SignInPage } from './pages/sign-in/sign-in-page.tsx';
import { RequireSession } from './session/require-session.tsx';

// The sign-in page is in the first load; every other page comes when it is needed.
const EnterCodePage = lazy(() => import('./pages/enter-code/enter-code-page.tsx'));
const TrustDevicePage = lazy(() => import('./pages/trust-device/trust-device-page.tsx'));
const RecognizedDevicesPage = lazy(() => import('./pages/recognized-devices/recognized-devices-page.tsx'));
const AppLayout = lazy(() => import('./components/app-layout.tsx'));
const HomePage = lazy(() => import('./pages/home/home-page.tsx'));
const SecurityPage = lazy(() => import('./pages/security/security-page.tsx'));
const ChooseMethodPage = lazy(() => import('./pages/two-factor-setup/choose-method-page.tsx'));
const SetUpMethodPage = lazy(() => import('./pages/two-factor-setup/set-up-method-page.tsx'));
const DevicesPage = lazy(() => import('./pages/devices/devices-page.tsx'));
const NotFoundPage = lazy(() => import('./pages/not-found/not-found-page.tsx'));

/** Every address of the site. */
export function App() {
  return (
    <Switch>
      <Route path="/sign-in/*?">
        <SignInLayout>
          <Switch>
            <Route path="/sign-in" component={SignInPage} />
            <Route path="/sign-in/code" component={EnterCodePage} />
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
            <Route component={NotFoundPage} />
          </Switch>
        </SignInLayout>
      </Route>
      <Route path={signedInPlaces}>
        <RequireSession>
          <Suspense fallback={<Loading />}>
            <AppLayout>
              <Switch>
                <Route path="/" component={HomePage} />
                <Route path="/security" component={SecurityPage} />
                <Route path="/security/set-up" component={ChooseMethodPage} />
                <Route path="/security/set-up/:method" component={SetUpMethodPage} />
                <Route path="/devices" component={DevicesPage} />
              </Switch>
            </AppLayout>
          </Suspense>
        </RequireSession>
      </Route>
      <Route>
        <SignInLayout>
          <NotFoundPage />
        </SignInLayout>
      </Route>
    </Switch>
  );
}

/** What lies in the frame with the navigation; the same routes are listed above, inside of it. */
const signedInPlaces = /^\/(security(\/set-up(\/[^/]+)?)?|devices)?\/?$/;
