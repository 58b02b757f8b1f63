import { Button, Stack, Text } from '@mantine/core';
import { CopyButton } from '../../components/copy-button.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { useSession } from '../../session/session-context.tsx';
import { pageTexts } from '../../texts/page-texts.ts';
import classes from './set-up-done.module.css';

const words = pageTexts.setup;

/** Two-factor is on and the session is over; says why before leading to the sign-in. */
export function SetUpDone({ recoveryCodes }: { recoveryCodes: string[] }) {
  const { signedOut } = useSession();
  return (
    <div className="card setup-card">
      <Stack gap="md" align="flex-start">
        <PageHeading>{words.doneTitle}</PageHeading>
        {recoveryCodes.length > 0 && (
          <div>
            <h2>{words.recoveryTitle}</h2>
            <Text>{words.recoveryText}</Text>
            <ul className={classes.codes}>
              {recoveryCodes.map((code) => (
                <li key={code}>{code}</li>
              ))}
            </ul>
            <CopyButton text={recoveryCodes.join('\n')} label={words.copyCodes} />
          </div>
        )}
        <Text>{words.doneText}</Text>
        <Button onClick={() => signedOut('two_factor_changed')}>{words.signInAgain}</Button>
      </Stack>
    </div>
  );
}
