import { Route, Switch } from 'wouter';
import { RequireSession } from '../session/require-session.tsx';
import RecognizedDevicesPage from './recognized-devices/recognized-devices-page.tsx';
import SuggestionPage from './suggestion/suggestion-page.tsx';
import TrustDevicePage from './trust-device/trust-device-page.tsx';

/** What follows the code, one after another: each is small, and who has come to one may come to the next. */
export default function SignInSteps() {
  return (
    <RequireSession>
      <Switch>
        <Route path="/sign-in/suggestion" component={SuggestionPage} />
        <Route path="/sign-in/trust-device" component={TrustDevicePage} />
        <Route path="/sign-in/devices" component={RecognizedDevicesPage} />
      </Switch>
    </RequireSession>
  );
}
