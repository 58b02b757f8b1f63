import { Anchor, Button, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { Link, Redirect, useLocation, useSearch } from 'wouter';
import { useHistoryState } from 'wouter/use-browser-location';
import { startLogin } from '../../api/login.ts';
import { readTwoFactor } from '../../api/two-factor.ts';
import type { RequestFailed } from '@latchkey/client';
import { FailureMessage } from '../../components/failure-message.tsx';
import { focusFirstInvalid } from '../../components/focus-invalid.ts';
import { PageHeading } from '../../components/page-heading.tsx';
import { PasswordField } from '../../components/password-field.tsx';
import { useAction } from '../../components/use-action.ts';
import { lazyPage } from '../../lazy-page.ts';
import { GoOn } from '../../session/go-on.tsx';
import { returnPathIn } from '../../session/return-path.ts';
import { useSession } from '../../session/session-context.tsx';
import { maybeSignedIn } from '../../session/signed-in-here.ts';
import { beginAttempt } from '../../session/stored-attempt.ts';
import { loadPageTexts } from '../../texts/page-texts.ts';
import { texts } from '../../texts/texts.ts';
import { signInNotice, type SignInPageState } from './sign-in-notice.ts';

const SignInStopped = lazyPage(() => import('./sign-in-stopped.tsx'));

/** Name and password; leads on to the code, or on a trusted device straight in. */
export function SignInPage() {
  const { state, load, signedIn } = useSession();
  const [, navigate] = useLocation();
  const arrival = useHistoryState<SignInPageState | null>() ?? {};
  const next = returnPathIn(useSearch());

  const [loginName, setLoginName] = useState(arrival.loginName ?? '');
  const [password, setPassword] = useState('');
  const [missing, setMissing] = useState(false);
  const passwordField = useRef<HTMLInputElement>(null);
  const suggested = useRef(false);
  const { busy, failure, run, clear } = useAction();

  // Somebody who is signed in already has no use for this page; the form does not wait to find that out.
  useEffect(() => {
    if (state.status === 'unknown' && maybeSignedIn()) void load();
  }, [state.status, load]);
  if (state.status === 'signed_in') {
    if (state.session.setupRequired) return <Redirect to="/security/set-up" replace />;
    return suggested.current ? <Redirect to="/sign-in/suggestion" replace state={{ next }} /> : <GoOn to={next} />;
  }
  if (failure?.code === 'new_password_required' || failure?.code === 'ask_service_provider') return <SignInStopped failure={failure} onBack={clear} />;

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    setMissing(!loginName.trim() || !password);
    if (!loginName.trim() || !password) return focusFirstInvalid(form);
    // The next page's code comes while the password is checked.
    void loadPageTexts().then(() => import('../enter-code/enter-code-page.tsx')).catch(() => undefined);
    await run(() => signIn(), rejected);
  };

  const signIn = async () => {
    const answer = await startLogin(loginName.trim(), password);
    if (answer.status === 'signed_in') {
      suggested.current = answer.session.assurance === 'pwd' && !answer.session.setupRequired && (await isTwoFactorSuggested());
      return signedIn(answer.session);
    }
    beginAttempt(answer, { purpose: 'login', loginName: loginName.trim(), next });
    navigate('/sign-in/code');
  };
  const rejected = (failed: RequestFailed) => {
    if (failed.code === 'invalid_credentials') passwordField.current?.select();
  };

  const wrong = failure?.code === 'invalid_credentials';
  const notice = signInNotice(arrival, state);
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <div>
          <PageHeading takesFocus={false}>{texts.signIn.title}</PageHeading>
          <Text c="dimmed" role="status">
            {notice ?? texts.signIn.lead}
          </Text>
        </div>
        <TextInput
          label={texts.signIn.loginName}
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          maxLength={254}
          autoFocus={!arrival.loginName}
          value={loginName}
          onChange={(event) => setLoginName(event.currentTarget.value)}
          error={wrong || (missing && !loginName.trim())}
        />
        <PasswordField
          ref={passwordField}
          autoFocus={Boolean(arrival.loginName)}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          error={wrong || (missing && !password)}
        />
        <div>
          <FailureMessage failure={missing ? null : failure} text={missing ? texts.signIn.missing : null} />
          <Button type="submit" fullWidth mt="xs" loading={busy}>
            {texts.signIn.submit}
          </Button>
        </div>
        <Anchor renderRoot={(props) => <Link {...props} to="/forgot-password" state={{ loginName: loginName.trim() }} />}>
          {texts.signIn.forgotPassword}
        </Anchor>
      </Stack>
    </form>
  );
}

/** A suggestion must not keep anybody out. */
const isTwoFactorSuggested = () => readTwoFactor().then(({ enabled, policy }) => policy === 'suggested' && !enabled, () => false);
