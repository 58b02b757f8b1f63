import { Redirect, Route, Switch } from 'wouter';
import { useSignedIn } from '../../session/session-context.tsx';
import NotFoundPage from '../not-found/not-found-page.tsx';
import { AccountsPage } from './accounts-page.tsx';
import { AddAccountPage } from './add-account-page.tsx';
import { BrandPage } from './brand-page.tsx';
import { CustomerPage } from './customer-page.tsx';
import { CustomersPage } from './customers-page.tsx';
import { PolicyPage } from './policy-page.tsx';

/** The service provider's console. To everybody else it is not there, as it is not to the API. */
export default function ProviderPages() {
  const { login } = useSignedIn();
  if (login.role !== 'provider_staff') return <NotFoundPage />;
  return (
    <Switch>
      <Route path="/provider">
        <Redirect to="/provider/customers" replace />
      </Route>
      <Route path="/provider/customers" component={CustomersPage} />
      <Route path="/provider/customers/:id">{({ id }) => <CustomerPage key={id} id={id} />}</Route>
      <Route path="/provider/accounts" component={AccountsPage} />
      <Route path="/provider/accounts/new" component={AddAccountPage} />
      <Route path="/provider/policy" component={PolicyPage} />
      <Route path="/provider/brand" component={BrandPage} />
      <Route component={NotFoundPage} />
    </Switch>
  );
}
