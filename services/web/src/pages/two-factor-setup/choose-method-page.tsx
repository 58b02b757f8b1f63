import { Stack, Text } from '@mantine/core';
import { Link } from 'wouter';
import { readTwoFactor } from '../../api/two-factor.ts';
import { ArrowIcon, CheckIcon } from '../../components/icons.tsx';
import { LoadFailed } from '../../components/load-failed.tsx';
import { Loading } from '../../components/loading.tsx';
import { MethodIcon } from '../../components/method-icon.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { useLoad } from '../../components/use-load.ts';
import { useSignedIn } from '../../session/session-context.tsx';
import { pageTexts } from '../../texts/page-texts.ts';
import classes from './choose-method-page.module.css';
import { pathOfKind, type SetUpKind } from './set-up-kinds.ts';

const words = pageTexts.setup;
const kinds: SetUpKind[] = ['sms', 'email', 'totp'];

/** The first step of setting up two-factor: which way codes are to come. */
export default function ChooseMethodPage() {
  const { setupRequired } = useSignedIn();
  const { data, failure, reload } = useLoad(readTwoFactor);
  if (!data) return failure ? <LoadFailed failure={failure} onRetry={reload} /> : <Loading />;

  const has = (kind: SetUpKind) => data.methods.some((method) => method.kind === kind && method.confirmedAt);
  return (
    <Stack gap="lg">
      <div>
        <PageHeading>{data.enabled ? words.addTitle : words.title}</PageHeading>
        {setupRequired && <Text fw={600}>{words.required}</Text>}
        <Text>{words.lead}</Text>
      </div>
      <ul className={classes.choices}>
        {kinds.map((kind) => (
          <li key={kind}>{has(kind) ? <Choice kind={kind} done /> : <ChoiceLink kind={kind} />}</li>
        ))}
      </ul>
    </Stack>
  );
}

function ChoiceLink({ kind }: { kind: SetUpKind }) {
  return (
    <Link to={`/security/set-up/${pathOfKind[kind]}`} className={classes.link}>
      <Choice kind={kind} />
    </Link>
  );
}

function Choice({ kind, done = false }: { kind: SetUpKind; done?: boolean }) {
  return (
    <span className={`card ${classes.choice}`}>
      <span className={classes.icon}>
        <MethodIcon kind={kind} />
      </span>
      <span className={classes.about}>
        <span className={classes.name}>{pageTexts.methodNames[kind]}</span>
        <span className={classes.text}>{done ? words.have : words.choices[kind]}</span>
      </span>
      {done ? <CheckIcon /> : <ArrowIcon />}
    </span>
  );
}
