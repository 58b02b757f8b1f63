import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { type FormEvent, useRef, useState } from 'react';
import { FailureMessage } from '../../components/failure-message.tsx';
import { focusFirstInvalid } from '../../components/focus-invalid.ts';
import { LoadFailed } from '../../components/load-failed.tsx';
import { Loading } from '../../components/loading.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { Section } from '../../components/section.tsx';
import { useAction } from '../../components/use-action.ts';
import { useAnnouncement } from '../../components/use-announcement.tsx';
import { useLoad } from '../../components/use-load.ts';
import { providerTexts } from '../../texts/provider-texts.ts';
import { pageTexts } from '../../texts/page-texts.ts';
import { ContactFields } from './contact-fields.tsx';
import { looksLikeEmail } from './email-address.ts';
import { PolicyChoice } from './policy-choice.tsx';
import { type Policy, readPolicy, writePolicy } from './provider-api.ts';

const words = providerTexts.policy;

/** What the provider asks of its customers, and where they reach it. */
export function PolicyPage() {
  const { data, failure, reload, replace } = useLoad(readPolicy);
  const { announce, announcement } = useAnnouncement();
  const saved = (policy: Policy) => {
    replace(policy);
    announce(words.saved);
  };
  return (
    <Stack gap="lg">
      <PageHeading>{words.title}</PageHeading>
      {!data && (failure ? <LoadFailed failure={failure} onRetry={reload} /> : <Loading />)}
      {data && <PolicyForm policy={data} onSaved={saved} />}
      {announcement}
    </Stack>
  );
}

function PolicyForm({ policy, onSaved }: { policy: Policy; onSaved: (policy: Policy) => void }) {
  const [twoFactor, setTwoFactor] = useState(policy.twoFactor);
  const [contact, setContact] = useState(policy.contact);
  const [wrongEmail, setWrongEmail] = useState(false);
  const [asking, setAsking] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const { busy, failure, run } = useAction();

  const save = () =>
    run(async () => {
      const answer = await writePolicy({ twoFactor, contact: { name: filled(contact.name), phone: filled(contact.phone), email: filled(contact.email) } });
      setContact(answer.contact);
      onSaved(answer);
    });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const wrong = filled(contact.email) !== null && !looksLikeEmail(contact.email ?? '');
    setWrongEmail(wrong);
    if (wrong && form.current) return focusFirstInvalid(form.current);
    // Requiring it shuts customers out of all else at once: not by a slip.
    if (twoFactor === 'required' && policy.twoFactor !== 'required') return setAsking(true);
    void save();
  };
  const require = () => {
    setAsking(false);
    void save();
  };

  return (
    <form ref={form} onSubmit={submit} noValidate>
      <Stack gap="lg">
        <Section title={words.twoFactor}>
          <PolicyChoice chosen={twoFactor} now={policy.twoFactor} onChoose={setTwoFactor} />
        </Section>
        <Section title={words.contact}>
          <ContactFields contact={contact} wrongEmail={wrongEmail} onChange={(next) => (setContact(next), setWrongEmail(false))} />
        </Section>
        <Group>
          <Button type="submit" loading={busy}>
            {words.save}
          </Button>
          {failure && <FailureMessage failure={failure} />}
        </Group>
      </Stack>
      <Modal opened={asking} onClose={() => setAsking(false)} title={words.requireTitle} closeButtonProps={{ 'aria-label': pageTexts.common.close }}>
        <Text mb="md">{words.requireText}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={() => setAsking(false)} data-autofocus>
            {pageTexts.common.cancel}
          </Button>
          <Button onClick={require}>{words.require}</Button>
        </Group>
      </Modal>
    </form>
  );
}

/** The API knows no empty text. */
const filled = (text: string | null): string | null => text?.trim() || null;
