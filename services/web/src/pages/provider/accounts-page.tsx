import { Button, Group, Stack, Text } from '@mantine/core';
import { useRef } from 'react';
import { Link } from 'wouter';
import { LoadFailed } from '../../components/load-failed.tsx';
import { Loading } from '../../components/loading.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { providerTexts } from '../../texts/provider-texts.ts';
import { dateWords } from '../../time/date-words.ts';
import classes from './accounts-page.module.css';
import { type Account, listAccounts } from './provider-api.ts';
import { ShowMore } from '../../components/show-more.tsx';
import { usePages } from '../../components/use-pages.ts';

const words = providerTexts.accounts;

/** The customers' accounts with their logins, newest first. */
export function AccountsPage() {
  const pages = usePages(listAccounts);
  const { items, failure, reload } = pages;
  const list = useRef<HTMLUListElement>(null);

  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <PageHeading>{words.title}</PageHeading>
        <Button component={Link} to="/provider/accounts/new">
          {words.add}
        </Button>
      </Group>
      {failure ? <LoadFailed failure={failure} onRetry={reload} /> : !items && <Loading />}
      {items?.length === 0 && <Text>{words.empty}</Text>}
      {items && items.length > 0 && (
        <div>
          <ul ref={list} aria-label={words.list} className={`card ${classes.accounts}`}>
            {items.map((account) => (
              <li key={account.id}>
                <AccountLine account={account} />
              </li>
            ))}
          </ul>
          <ShowMore pages={pages} list={list} name={words.more} />
        </div>
      )}
    </Stack>
  );
}

function AccountLine({ account: { name, createdAt, logins } }: { account: Account }) {
  return (
    <>
      <div className={classes.head}>
        <span className={classes.name}>{name}</span>
        <span className={classes.since}>{words.since(dateWords(createdAt))}</span>
      </div>
      {logins.length === 0 ? (
        <Text c="dimmed" size="sm">
          {words.noLogins}
        </Text>
      ) : (
        <ul className={classes.logins}>
          {logins.map(({ id, loginName, role }) => (
            <li key={id}>
              <Link to={`/provider/customers/${id}`} className={classes.login}>
                {loginName}
              </Link>{' '}
              <span className={classes.role}>{providerTexts.roles[role]}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
