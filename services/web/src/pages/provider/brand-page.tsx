import { Button, Group, Stack, Text } from '@mantine/core';
import { type FormEvent, useRef, useState } from 'react';
import { showBrand } from '../../brand/show-brand.tsx';
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
import { type BrandDraft, draftOf, type WrongField, wrongFields } from './brand-draft.ts';
import { BrandFields } from './brand-fields.tsx';
import { BrandPreview } from './brand-preview.tsx';
import { readStaffBrand, type StaffBrand, writeStaffBrand } from './provider-api.ts';

const words = providerTexts.brand;

/** What customers know the provider by: name, colour and logo, as they will look. */
export function BrandPage() {
  const { data, failure, reload, replace } = useLoad(readStaffBrand);
  const { announce, announcement } = useAnnouncement();
  const saved = (brand: StaffBrand) => {
    replace(brand);
    showBrand(brand);
    announce(words.saved);
  };
  return (
    <Stack gap="lg">
      <div>
        <PageHeading>{words.title}</PageHeading>
        <Text>{words.lead}</Text>
      </div>
      {!data && (failure ? <LoadFailed failure={failure} onRetry={reload} /> : <Loading />)}
      {data && <BrandForm brand={data} onSaved={saved} />}
      {announcement}
    </Stack>
  );
}

function BrandForm({ brand, onSaved }: { brand: StaffBrand; onSaved: (brand: StaffBrand) => void }) {
  const [draft, setDraft] = useState<BrandDraft>(brand);
  const [wrong, setWrong] = useState<WrongField[]>([]);
  const form = useRef<HTMLFormElement>(null);
  const { busy, failure, run } = useAction();

  const change = (changed: Partial<BrandDraft>) => {
    setDraft((current) => ({ ...current, ...changed }));
    setWrong((current) => current.filter((field) => !(field in changed)));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const found = wrongFields(draft);
    setWrong(found);
    if (found.length > 0 && form.current) return focusFirstInvalid(form.current);
    void run(async () => onSaved(await writeStaffBrand(draftOf(draft))));
  };

  return (
    <form ref={form} onSubmit={submit} noValidate>
      <Stack gap="lg">
        <Section title={words.look}>
          <BrandFields draft={draft} wrong={wrong} onChange={change} onWrongLogo={() => setWrong((current) => [...current, 'logo'])} />
        </Section>
        <Section title={words.preview}>
          <BrandPreview brand={draftOf(draft)} />
        </Section>
        <Group>
          <Button type="submit" loading={busy}>
            {words.save}
          </Button>
          {failure && <FailureMessage failure={failure} />}
        </Group>
      </Stack>
    </form>
  );
}
