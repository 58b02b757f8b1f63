import { lazy, Suspense } from 'react';
import { Link, Redirect, Route, Switch, useLocation } from 'wouter';
import { Loading } from '../../components/loading.tsx';
import { useSignedIn } from '../../session/session-context.tsx';
import { operatorTexts } from '../../texts/operator-texts.ts';
import NotFoundPage from '../not-found/not-found-page.tsx';
import { numberWords } from './figures.ts';
import classes from './operator.module.css';
import { deadLettersIn, useQueues, WatchQueues } from './queues-context.tsx';

const words = operatorTexts.tabs;
const tabs = [
  { path: '/operator/queues', name: words.queues, component: lazy(() => import('./queues-page.tsx')) },
  { path: '/operator/providers', name: words.providers, component: lazy(() => import('./providers-page.tsx')) },
  { path: '/operator/deliveries', name: words.deliveries, component: lazy(() => import('./deliveries-page.tsx')) },
  { path: '/operator/dead-letters', name: words.deadLetters, component: lazy(() => import('./dead-letters-page.tsx')) },
  { path: '/operator/stories', name: words.stories, component: lazy(() => import('./stories-page.tsx')) },
  { path: '/operator/audit', name: words.audit, component: lazy(() => import('./audit-page.tsx')) },
];

/** What runs the platform is steered from here. To everybody else it is not there, as it is not to the API. */
export default function OperatorPages() {
  const { login } = useSignedIn();
  if (login.role !== 'operator') return <NotFoundPage />;
  return (
    <WatchQueues>
      <Tabs />
      <Suspense fallback={<Loading />}>
        <Switch>
          <Route path="/operator">
            <Redirect to="/operator/queues" replace />
          </Route>
          {tabs.map(({ path, component }) => (
            <Route key={path} path={path} component={component} />
          ))}
          <Route component={NotFoundPage} />
        </Switch>
      </Suspense>
    </WatchQueues>
  );
}

function Tabs() {
  const [here] = useLocation();
  const { data } = useQueues().live;
  const dead = data ? deadLettersIn(data) : 0;
  return (
    <nav aria-label={words.label} className={classes.tabs}>
      {tabs.map(({ path, name }) => (
        <Link key={path} to={path} className={classes.tab} aria-current={here === path ? 'page' : undefined}>
          {name}
          {name === words.deadLetters && dead > 0 && <span className={classes.count}> {numberWords(dead)}</span>}
        </Link>
      ))}
    </nav>
  );
}
