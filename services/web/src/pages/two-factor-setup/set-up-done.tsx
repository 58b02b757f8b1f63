import { Button, Stack, Text } from '@mantine/core';
import { PageHeading } from '../../components/page-heading.tsx';
import { RecoveryCodeList } from '../../components/recovery-code-list.tsx';
import { useSession, useSignedIn } from '../../session/session-context.tsx';
import { pageTexts } from '../../texts/page-texts.ts';

const words = pageTexts.setup;

/** Two-factor is on and the session is over; shows the recovery codes and says why before leading to the sign-in. */
export function SetUpDone({ recoveryCodes }: { recoveryCodes: string[] }) {
  const { signedOut } = useSession();
  const { login } = useSignedIn();
  return (
    <div className="card setup-card">
      <Stack gap="md">
        <PageHeading>{words.doneTitle}</PageHeading>
        {recoveryCodes.length > 0 && (
          <div>
            <h2>{words.recoveryTitle}</h2>
            <Text>{words.recoveryText}</Text>
            <RecoveryCodeList codes={recoveryCodes} loginName={login.loginName} />
          </div>
        )}
        <Text>{words.doneText}</Text>
        <Button fullWidth onClick={() => signedOut('two_factor_changed')}>
          {words.signInAgain}
        </Button>
      </Stack>
    </div>
  );
}
