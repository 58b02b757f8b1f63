import { Button, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, type KeyboardEvent, useCallback, useEffect, useRef, useState } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import { LoadFailed } from '../../components/load-failed.tsx';
import { Loading } from '../../components/loading.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { providerTexts } from '../../texts/provider-texts.ts';
import { CustomerLine } from './customer-line.tsx';
import classes from './customers-page.module.css';
import { searchCustomers } from './provider-api.ts';
import { ShowMore } from '../../components/show-more.tsx';
import { usePages } from '../../components/use-pages.ts';
import { walkLinks } from './walk-links.ts';

const words = providerTexts.customers;
const pauseMs = 200;
const addressOf = (query: string) => (query ? `/provider/customers?${new URLSearchParams({ q: query })}` : '/provider/customers');

/** Finds a customer while the name is typed; the search stands in the address, so that coming back finds it again. */
export function CustomersPage() {
  const [, navigate] = useLocation();
  const query = new URLSearchParams(useSearch()).get('q') ?? '';
  const [typed, setTyped] = useState(query);
  const [opens, setOpens] = useState(false);
  const list = useRef<HTMLUListElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const pages = usePages(useCallback((cursor: string | null, signal?: AbortSignal) => searchCustomers(query, cursor, signal), [query]));
  const { items, current, failure, hasMore } = pages;

  const search = useCallback((text: string) => navigate(addressOf(text), { replace: true }), [navigate]);
  useEffect(() => setTyped(query), [query]);
  useEffect(() => {
    if (typed === query) return;
    const timer = setTimeout(() => search(typed), pauseMs);
    return () => clearTimeout(timer);
  }, [typed, query, search]);

  // Enter waits for the answer to what was typed: whoever types fast must not open an earlier hit.
  useEffect(() => {
    if (!opens || !current || typed !== query) return;
    setOpens(false);
    if (items?.length === 1 && items[0]) navigate(`/provider/customers/${items[0].id}`, { state: { search: addressOf(query) } });
    else list.current?.querySelector('a')?.focus();
  }, [opens, current, typed, query, items, navigate]);

  const type = (text: string) => {
    setOpens(false);
    setTyped(text.replace(/\p{Cc}+/gu, ' '));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (typed !== query) search(typed);
    setOpens(true);
  };
  const walk = (event: KeyboardEvent) => walkLinks(event, list.current, field.current);

  return (
    <Stack gap="lg">
      <PageHeading takesFocus={false}>{words.title}</PageHeading>
      <search>
        <form onSubmit={submit}>
          <TextInput
            ref={field}
            type="search"
            name="q"
            label={words.search}
            description={
              <>
                {words.hint} <span className={classes.keys}>{words.keys}</span>
              </>
            }
            value={typed}
            onChange={(event) => type(event.currentTarget.value)}
            onKeyDown={walk}
            autoFocus
            autoComplete="off"
            autoCapitalize="none"
            autoCorrect="off"
            spellCheck={false}
            enterKeyHint="search"
            maxLength={254}
          />
        </form>
      </search>
      {failure ? <LoadFailed failure={failure} onRetry={pages.reload} /> : !items && <Loading />}
      {items && !failure && (
        <div className={classes.hits} data-stale={!current || undefined}>
          <Text role="status" c="dimmed" size="sm">
            {current && items.length > 0 && words.found(items.length, hasMore)}
            {current && items.length === 0 && query && words.none(query)}
          </Text>
          {current && items.length === 0 && (query ? <Text c="dimmed" size="sm">{words.noneHint}</Text> : <NoCustomers />)}
          {items.length > 0 && (
            <ul ref={list} className={`card ${classes.list}`} onKeyDown={walk}>
              {items.map((customer) => (
                <li key={customer.id}>
                  <CustomerLine customer={customer} search={addressOf(query)} />
                </li>
              ))}
            </ul>
          )}
          <ShowMore pages={pages} list={list} name={words.more} />
        </div>
      )}
    </Stack>
  );
}

function NoCustomers() {
  return (
    <Stack align="flex-start">
      <Text>{words.empty}</Text>
      <Button component={Link} to="/provider/accounts/new">
        {words.addFirst}
      </Button>
    </Stack>
  );
}
