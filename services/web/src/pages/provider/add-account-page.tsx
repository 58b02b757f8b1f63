import { Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'wouter';
import { PageHeading } from '../../components/page-heading.tsx';
import { providerTexts } from '../../texts/provider-texts.ts';
import { AddAccountForm } from './add-account-form.tsx';
import type { Account } from './provider-api.ts';

const words = providerTexts.addAccount;
type Added = { account: Account; emailAddress: string };

/** Adds an account, and says that its owner is invited. */
export function AddAccountPage() {
  const [added, setAdded] = useState<Added | null>(null);
  return (
    <div className="card setup-card">
      {added ? <AccountAdded {...added} onAnother={() => setAdded(null)} /> : <AddAccountForm onAdded={(account, emailAddress) => setAdded({ account, emailAddress })} />}
    </div>
  );
}

function AccountAdded({ account, emailAddress, onAnother }: Added & { onAnother: () => void }) {
  const owner = account.logins.find(({ role }) => role === 'account_owner');
  return (
    <Stack gap="md">
      <PageHeading>{words.addedTitle(account.name)}</PageHeading>
      <Text>{words.invited(owner?.loginName ?? '', emailAddress)}</Text>
      <Group gap="sm">
        {owner && (
          <Button component={Link} to={`/provider/customers/${owner.id}`}>
            {words.openOwner}
          </Button>
        )}
        <Button variant="default" onClick={onAnother}>
          {words.another}
        </Button>
        <Button variant="default" component={Link} to="/provider/accounts">
          {words.toList}
        </Button>
      </Group>
    </Stack>
  );
}
