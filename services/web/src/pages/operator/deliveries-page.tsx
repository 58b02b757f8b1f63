import { Stack, Text } from '@mantine/core';
import { useCallback, useMemo, useRef } from 'react';
import { useLocation, useSearch } from 'wouter';
import { LoadFailed } from '../../components/load-failed.tsx';
import { Loading } from '../../components/loading.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { Section } from '../../components/section.tsx';
import { operatorTexts } from '../../texts/operator-texts.ts';
import { ShowMore } from '../../components/show-more.tsx';
import { DeliveryFilters } from './delivery-filters.tsx';
import { DeliveryLine } from './delivery-line.tsx';
import { acceptedAfter, costByCountry, deliveredAfter, type Times, timesOf } from './delivery-summary.ts';
import { costWords, numberWords, spanWords } from './figures.ts';
import { Facts } from './facts.tsx';
import { Freshness } from './freshness.tsx';
import { type Delivery, type DeliveryFilter, readDeliveries } from './operator-api.ts';
import classes from './operator.module.css';
import { useLivePages } from './use-live-pages.ts';

const words = operatorTexts.deliveries;
const everyMs = 3_000;

/** The ledger of what was sent; the filter stands in the address, so that it can be sent to a colleague. */
export default function DeliveriesPage() {
  const [, navigate] = useLocation();
  const search = useSearch();
  const filter = useMemo(() => Object.fromEntries([...new URLSearchParams(search)].filter(([name]) => filterNames.has(name))) as DeliveryFilter, [search]);
  const pages = useLivePages(useCallback((before: string | null, signal?: AbortSignal) => readDeliveries(filter, before, signal), [filter]), everyMs);
  const { items, live, held, reload } = pages;
  const list = useRef<HTMLUListElement>(null);

  const apply = (next: DeliveryFilter) => navigate(`/operator/deliveries?${new URLSearchParams(Object.entries(next).filter(([, value]) => value) as [string, string][])}`.replace(/\?$/, ''), { replace: true });
  const failed = live.failure && !live.current ? live.failure : null;

  return (
    <Stack gap="lg">
      <div>
        <PageHeading>{words.title}</PageHeading>
        <Freshness live={live} held={held} onRefresh={reload} />
      </div>
      <search className={`card ${classes.search}`}>
        <DeliveryFilters filter={filter} known={items ?? []} onChange={apply} />
      </search>
      {failed ? <LoadFailed failure={failed} onRetry={reload} /> : !items && <Loading />}
      {items && !failed && (
        <>
          <Summary deliveries={items} />
          <Section title={words.list}>
            <Text role="status" c="dimmed" size="sm">
              {live.current && items.length === 0 && words.none}
            </Text>
            <ul ref={list} className={classes.list}>
              {items.map((delivery) => (
                <li key={delivery.messageId} className={classes.item} tabIndex={-1} data-delivery={delivery.state}>
                  <DeliveryLine delivery={delivery} />
                </li>
              ))}
            </ul>
            <ShowMore pages={pages} list={list} name={words.older} />
          </Section>
        </>
      )}
    </Stack>
  );
}

const filterNames = new Set(['state', 'provider', 'channel', 'loginId']);

function Summary({ deliveries }: { deliveries: Delivery[] }) {
  const costs = costByCountry(deliveries);
  return (
    <Section title={words.summary}>
      <Facts
        facts={[
          [words.listed, numberWords(deliveries.length)],
          [words.toAccepted, timesWords(timesOf(deliveries.map(acceptedAfter)), '–')],
          [words.toDelivered, timesWords(timesOf(deliveries.map(deliveredAfter)), words.noTimes)],
          [words.unknowns, numberWords(deliveries.reduce((sum, { unknowns }) => sum + unknowns, 0))],
          [words.cost, costs.length === 0 ? words.noCost : costs.map(({ country, micros }) => words.country(country ?? words.noCountry, costWords(micros))).join(', ')],
        ]}
      />
    </Section>
  );
}

const timesWords = (times: Times | null, none: string) => (times ? `${words.middle(spanWords(times.median), spanWords(times.p95))} ${words.ofMany(times.count)}` : none);
