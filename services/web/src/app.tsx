import { Suspense } from 'react';
import { Route, Switch } from 'wouter';
import { Loading } from './components/loading.tsx';
import { SignInLayout } from './components/sign-in-layout.tsx';
import { lazyPage } from './lazy-page.ts';
import { SignInPage } from './pages/sign-in/sign-in-page.tsx';

// The sign-in page is in the first load; every other page comes when it is needed.
const EnterCodePage = lazyPage(() => import('./pages/enter-code/enter-code-page.tsx'));
const ResetTwoFactorPage = lazyPage(() => import('./pages/reset-two-factor/reset-two-factor-page.tsx'));
const SignInSteps = lazyPage(() => import('./pages/sign-in-steps.tsx'));
const ForgotPasswordPage = lazyPage(() => import('./pages/forgot-password/forgot-password-page.tsx'));
const EmailedLinkPage = lazyPage(() => import('./pages/emailed-links/emailed-link-page.tsx'));
const ProviderBrand = lazyPage(() => import('./brand/provider-brand.tsx'));
const SignedInPages = lazyPage(() => import('./signed-in-pages.tsx'));

/** Every address of the site: the way in, and whatever lies behind it. */
export function App() {
  return (
    <>
      <Route path={pastSignIn}>
        <Suspense>
          <ProviderBrand />
        </Suspense>
      </Route>
      <Switch>
        <Route path={wayIn}>
          <SignInLayout>
            <Switch>
              <Route path="/sign-in" component={SignInPage} />
              <Route path="/sign-in/code" component={EnterCodePage} />
              <Route path="/sign-in/reset" component={ResetTwoFactorPage} />
              <Route path="/sign-in/:step" component={SignInSteps} />
              <Route path="/forgot-password" component={ForgotPasswordPage} />
              <Route path="/:link" component={EmailedLinkPage} />
            </Switch>
          </SignInLayout>
        </Route>
        <Route>
          <Suspense fallback={<Loading />}>
            <SignedInPages />
          </Suspense>
        </Route>
      </Switch>
    </>
  );
}

/** Where somebody may be known; the sign-in page tells nobody whose customer anybody is. */
const pastSignIn = /^\/(?!sign-in\/?$)/;
/** What lies in the frame with the one card: the routes inside of it, above, and those of the sign-in steps. */
const wayIn = /^\/(sign-in(\/(code|reset|suggestion|trust-device|devices))?|forgot-password|invitation|new-password|not-me)\/?$/;
