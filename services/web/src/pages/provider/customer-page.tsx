import { Stack, Text } from '@mantine/core';
import { useCallback, useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';
import { useHistoryState } from 'wouter/use-browser-location';
import { LoadFailed } from '../../components/load-failed.tsx';
import { Loading } from '../../components/loading.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { Section } from '../../components/section.tsx';
import { useAnnouncement } from '../../components/use-announcement.tsx';
import { useLoad } from '../../components/use-load.ts';
import { providerTexts } from '../../texts/provider-texts.ts';
import { CustomerFacts } from './customer-facts.tsx';
import classes from './customer-page.module.css';
import { CustomerTwoFactor } from './customer-two-factor.tsx';
import { readCustomer, readPolicy, readTimeline } from './provider-api.ts';
import { Timeline } from './timeline.tsx';
import { TurnOffDialog } from './turn-off-dialog.tsx';
import { usePages } from '../../components/use-pages.ts';

const words = providerTexts.customer;
/** The timeline is written behind the answer: it is read again when the new line should be there, and once to be sure. */
const readAgainMs = [400, 2000];

/** One customer's login: who it is, its two-factor, and what happened with it. */
export function CustomerPage({ id }: { id: string }) {
  const load = useCallback(async () => {
    const [customer, { twoFactor }] = await Promise.all([readCustomer(id), readPolicy()]);
    return { customer, required: twoFactor === 'required' };
  }, [id]);
  const { data, failure, reload } = useLoad(load);
  const timeline = usePages(useCallback((before: string | null, signal?: AbortSignal) => readTimeline(id, before, signal), [id]));
  const [asking, setAsking] = useState(false);
  const [result, setResult] = useState<{ already: boolean } | null>(null);
  const { announce, announcement } = useAnnouncement();

  const timers = useRef<ReturnType<typeof setTimeout>[]>([]);
  useEffect(() => () => timers.current.forEach(clearTimeout), []);

  const refresh = async () => {
    await Promise.all([reload(), timeline.reload()]);
    announce(providerTexts.timeline.refreshed);
  };
  const turnedOff = (already: boolean) => {
    setAsking(false);
    setResult({ already });
    void reload();
    timers.current = readAgainMs.map((wait) => setTimeout(() => void timeline.reload(), wait));
  };

  if (failure?.code === 'not_found' || failure?.code === 'invalid_request') return <CustomerGone />;
  return (
    <Stack gap="lg">
      <div>
        <BackToSearch />
        <PageHeading>{data?.customer.loginName ?? words.loading}</PageHeading>
      </div>
      {failure ? <LoadFailed failure={failure} onRetry={reload} /> : !data && <Loading />}
      {data && (
        <>
          <CustomerFacts customer={data.customer} onNews={announce} />
          {result && !data.customer.twoFactor.enabled && <TurnedOff loginName={data.customer.loginName} already={result.already} />}
          <CustomerTwoFactor customer={data.customer} required={data.required} onTurnOff={() => setAsking(true)} />
          <Timeline pages={timeline} onRefresh={refresh} onNews={announce} />
          <TurnOffDialog opened={asking} customer={data.customer} required={data.required} onDone={turnedOff} onClose={() => setAsking(false)} />
        </>
      )}
      {announcement}
    </Stack>
  );
}

/** To the search as it was left. */
function BackToSearch() {
  const { search = '/provider/customers' } = useHistoryState<{ search?: string } | null>() ?? {};
  return (
    <Link to={search} className={classes.back}>
      <span aria-hidden="true">← </span>
      {words.back}
    </Link>
  );
}

/** The outcome, with what to tell the customer; takes the focus from the dialog that is gone. */
function TurnedOff({ loginName, already }: { loginName: string; already: boolean }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // After the dialog has given the focus back.
    const timer = setTimeout(() => place.current?.focus(), 200);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div ref={place} tabIndex={-1} role="status" className={classes.result}>
      <Section title={providerTexts.turnOff.resultTitle}>
        <Text>{already ? providerTexts.turnOff.already : providerTexts.turnOff.result(loginName)}</Text>
        <Text>{providerTexts.turnOff.next}</Text>
      </Section>
    </div>
  );
}

function CustomerGone() {
  return (
    <Stack gap="md" align="flex-start">
      <BackToSearch />
      <PageHeading>{words.gone}</PageHeading>
      <Text>{words.goneText}</Text>
    </Stack>
  );
}
