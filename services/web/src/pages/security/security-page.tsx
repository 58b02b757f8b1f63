import { Badge, Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { RequestFailed } from '@latchkey/client';
import { disableTwoFactor, type Method, readTwoFactor, removeMethod, resetTwoFactor } from '../../api/two-factor.ts';
import { LoadFailed } from '../../components/load-failed.tsx';
import { Loading } from '../../components/loading.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { PasswordDialog } from '../../components/password-dialog.tsx';
import { Section } from '../../components/section.tsx';
import { useAnnouncement } from '../../components/use-announcement.tsx';
import { useLoad } from '../../components/use-load.ts';
import { useSession } from '../../session/session-context.tsx';
import { pageTexts } from '../../texts/page-texts.ts';
import { MethodList } from './method-list.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';

const words = pageTexts.security;

/** Two-factor: whether it is on, by which methods, turning it off or beginning anew; recovery codes; the password. */
export default function SecurityPage() {
  const { data, failure, reload, replace } = useLoad(readTwoFactor);
  const { signedOut, load } = useSession();
  const [, navigate] = useLocation();
  const [removing, setRemoving] = useState<Method | null>(null);
  const [turningOff, setTurningOff] = useState(false);
  const [resetting, setResetting] = useState(false);
  const { announce, announcement } = useAnnouncement();

  const methods = (data?.methods ?? []).filter(({ kind, confirmedAt }) => confirmedAt && kind !== 'recovery_code');
  const isLast = methods.length === 1;

  /** Reads the settings again; a session that ended with the change leads to the sign-in, which says why. */
  const afterChange = async (change: string) => {
    try {
      replace(await readTwoFactor());
    } catch (error) {
      if (error instanceof RequestFailed && error.code === 'not_signed_in') return signedOut('two_factor_changed');
      void reload();
    }
    // The device's trust, which is a part of the session, may have gone with the change.
    void load();
    announce(change);
  };
  const remove = async (password: string) => {
    if (!removing) return;
    await removeMethod(removing.id, password);
    await afterChange(isLast ? words.turnedOff : words.removed(pageTexts.methodNames[removing.kind]));
  };
  const turnOff = async (password: string) => {
    await disableTwoFactor(password);
    await afterChange(words.turnedOff);
  };

  /** Rule 10: what was is cleared, and set-up follows. */
  const reset = async (password: string) => {
    await resetTwoFactor(password);
    await load();
    navigate('/security/set-up');
  };

  return (
    <Stack gap="lg">
      <PageHeading>{words.title}</PageHeading>
      {!data && (failure ? <LoadFailed failure={failure} onRetry={reload} /> : <Loading />)}
      {data && (
        <Section
          title={words.twoFactor}
          aside={
            <Badge variant={data.enabled ? 'filled' : 'outline'} color={data.enabled ? 'verdigris' : 'gray'} tt="none">
              {data.enabled ? words.on : words.off}
            </Badge>
          }
        >
          <Text>{data.enabled ? words.onText : words.offText}</Text>
          {data.policy === 'required' && <Text c="dimmed">{words.required}</Text>}
          {data.policy === 'suggested' && !data.enabled && <Text c="dimmed">{words.suggested}</Text>}
          <Group mt="md">
            {!data.enabled && (
              <Button component={Link} to="/security/set-up">
                {words.setUp}
              </Button>
            )}
            {data.enabled && data.policy !== 'required' && (
              <Button variant="default" onClick={() => setTurningOff(true)}>
                {words.turnOff}
              </Button>
            )}
          </Group>
        </Section>
      )}
      {data?.enabled && (
        <Section title={words.methods}>
          {methods.length < 3 && (
            <Text {...(isLast ? { fw: 550 } : { c: 'dimmed' })}>{isLast ? words.onlyOne : words.several}</Text>
          )}
          <MethodList methods={methods} onRemove={setRemoving} onChanged={afterChange} />
          {methods.length < 3 && (
            <Button mt="md" component={Link} to="/security/set-up">
              {words.addMethod}
            </Button>
          )}
        </Section>
      )}
      {data?.enabled && <RecoveryCodes left={data.recoveryCodesLeft} onMade={reload} />}
      {data && (
        <Section title={pageTexts.password.section}>
          <Text c="dimmed">{pageTexts.password.sectionText}</Text>
          <Button mt="md" variant="default" component={Link} to="/security/password">
            {pageTexts.password.title}
          </Button>
        </Section>
      )}
      {data?.enabled && (
        <Section title={pageTexts.resetHere.title}>
          <Text c="dimmed">{pageTexts.resetHere.text}</Text>
          <Button mt="md" variant="default" onClick={() => setResetting(true)}>
            {pageTexts.resetHere.action}
          </Button>
        </Section>
      )}
      <PasswordDialog
        opened={removing !== null}
        title={removing ? words.removeTitle(pageTexts.methodNames[removing.kind]) : ''}
        text={isLast ? words.removeLastText : words.removeText}
        action={words.remove}
        onConfirm={remove}
        onClose={() => setRemoving(null)}
      />
      <PasswordDialog
        opened={turningOff}
        title={words.turnOffTitle}
        text={words.turnOffText}
        action={words.turnOff}
        onConfirm={turnOff}
        onClose={() => setTurningOff(false)}
      />
      <PasswordDialog
        opened={resetting}
        title={pageTexts.resetHere.dialogTitle}
        text={pageTexts.resetHere.dialogText}
        action={pageTexts.resetHere.action}
        onConfirm={reset}
        onClose={() => setResetting(false)}
      />
      {announcement}
    </Stack>
  );
}
