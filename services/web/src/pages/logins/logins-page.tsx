import type { AccountLogin } from '@latchkey/contracts';
import { Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { inviteAgain, listLogins, removeLogin } from '../../api/account.ts';
import { ConfirmDialog } from '../../components/confirm-dialog.tsx';
import { FailureMessage } from '../../components/failure-message.tsx';
import { LoadFailed } from '../../components/load-failed.tsx';
import { Loading } from '../../components/loading.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { Section } from '../../components/section.tsx';
import { useAction } from '../../components/use-action.ts';
import { useAnnouncement } from '../../components/use-announcement.tsx';
import { useLoad } from '../../components/use-load.ts';
import { useSignedIn } from '../../session/session-context.tsx';
import { pageTexts } from '../../texts/page-texts.ts';
import NotFoundPage from '../not-found/not-found-page.tsx';
import { AddLogin } from './add-login.tsx';
import { LoginList } from './login-list.tsx';

const words = pageTexts.logins;

/** For the owner of an account: who else has a login in it. */
export default function LoginsPage() {
  return useSignedIn().login.role === 'account_owner' ? <AccountLogins /> : <NotFoundPage />;
}

function AccountLogins() {
  const { data, failure, reload } = useLoad(listLogins);
  const { announce, announcement } = useAnnouncement();
  const [removing, setRemoving] = useState<AccountLogin | null>(null);

  const [inviting, setInviting] = useState<string | null>(null);
  const { busy, failure: notInvited, run } = useAction();

  const invite = async ({ id, loginName }: AccountLogin) => {
    setInviting(id);
    if (await run(() => inviteAgain(id))) announce(words.sentAgain(loginName));
    // Accepted meanwhile, or gone: the list says what it is.
    else await reload();
  };
  const remove = async () => {
    if (!removing) return;
    await removeLogin(removing.id);
    announce(words.removed(removing.loginName));
    await reload();
  };
  const added = async (loginName: string) => {
    announce(words.added(loginName));
    await reload();
  };
  return (
    <Stack gap="lg">
      <div>
        <PageHeading>{words.title}</PageHeading>
        <Text>{words.lead}</Text>
      </div>
      {!data && (failure ? <LoadFailed failure={failure} onRetry={reload} /> : <Loading />)}
      {data && (
        <>
          <Section title={words.list}>
            <LoginList logins={data.logins} onRemove={setRemoving} onInvite={invite} inviting={busy ? inviting : null} />
            <FailureMessage failure={notInvited} />
          </Section>
          <Section title={words.add}>
            <AddLogin onAdded={added} />
          </Section>
        </>
      )}
      <ConfirmDialog
        opened={removing !== null}
        title={removing ? words.removeTitle(removing.loginName) : ''}
        text={words.removeText}
        action={words.remove}
        onConfirm={remove}
        onClose={() => setRemoving(null)}
      />
      {announcement}
    </Stack>
  );
}
