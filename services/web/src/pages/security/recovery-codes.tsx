import { Badge, Button, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { makeRecoveryCodes } from '../../api/two-factor.ts';
import { PasswordDialog } from '../../components/password-dialog.tsx';
import { RecoveryCodeList } from '../../components/recovery-code-list.tsx';
import { Section } from '../../components/section.tsx';
import { useSignedIn } from '../../session/session-context.tsx';
import { pageTexts } from '../../texts/page-texts.ts';

const words = pageTexts.recoveryCodes;
/** Of ten. */
const fewLeft = 3;

interface RecoveryCodesProps {
  left: number;
  /** New ones were made; the page may have more to say by that. */
  onMade: () => Promise<void>;
}

/** How many recovery codes are left, and making new ones, which are shown once. */
export function RecoveryCodes({ left, onMade }: RecoveryCodesProps) {
  const { login } = useSignedIn();
  const [asking, setAsking] = useState(false);
  const [codes, setCodes] = useState<string[] | null>(null);

  const make = async (password: string) => {
    const { recoveryCodes } = await makeRecoveryCodes(password);
    setCodes(recoveryCodes);
    await onMade();
  };
  if (codes) return <MadeCodes codes={codes} loginName={login.loginName} onKept={() => setCodes(null)} />;
  const advice = left === 0 ? words.none : left <= fewLeft ? words.few : null;
  return (
    <Section
      title={words.title}
      aside={
        <Badge variant="outline" color="gray" tt="none">
          {words.left(left)}
        </Badge>
      }
    >
      <Text c="dimmed">{words.text}</Text>
      {advice && (
        <Text fw={550} c="var(--mantine-color-error)">
          {advice}
        </Text>
      )}
      <Button mt="md" variant={advice ? 'filled' : 'default'} onClick={() => setAsking(true)}>
        {words.make}
      </Button>
      <PasswordDialog opened={asking} title={words.makeTitle} text={words.makeText} action={words.make} onConfirm={make} onClose={() => setAsking(false)} />
    </Section>
  );
}

function MadeCodes({ codes, loginName, onKept }: { codes: string[]; loginName: string; onKept: () => void }) {
  const place = useRef<HTMLDivElement>(null);
  // After the dialog has given the focus back to a button that is gone.
  useEffect(() => {
    const timer = setTimeout(() => place.current?.focus(), 200);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div ref={place} tabIndex={-1} style={{ outline: 'none' }}>
      <Section title={words.madeTitle}>
        <Text>{words.shownOnce}</Text>
        <RecoveryCodeList codes={codes} loginName={loginName} />
        <Button mt="md" onClick={onKept}>
          {words.kept}
        </Button>
      </Section>
    </div>
  );
}
