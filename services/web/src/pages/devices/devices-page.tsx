import type { DeviceList } from '@latchkey/contracts';
import { Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { forgetDevices, listDevices, trustDevices } from '../../api/devices.ts';
import { Announcement } from '../../components/announcement.tsx';
import { LoadFailed } from '../../components/load-failed.tsx';
import { Loading } from '../../components/loading.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { Section } from '../../components/section.tsx';
import { useAction } from '../../components/use-action.ts';
import { useLoad } from '../../components/use-load.ts';
import { useSession } from '../../session/session-context.tsx';
import { pageTexts } from '../../texts/page-texts.ts';
import { DeviceActions } from './device-actions.tsx';
import { NoTrustYet } from './no-trust-yet.tsx';

const words = pageTexts.devices;

/** Where the login was used: recent logins, and the devices that are trusted. */
export default function DevicesPage() {
  const { data, failure: loadFailure, reload, replace } = useLoad(listDevices);
  const { devicesChanged } = useSession();
  const [done, setDone] = useState<string | null>(null);
  const { busy, failure, run } = useAction();

  const change = (action: () => Promise<DeviceList>, announcement: string) =>
    run(async () => {
      const answer = await action();
      replace(answer);
      devicesChanged(answer.devices);
      setDone(announcement);
    });
  const recent = data?.devices.filter(({ trusted }) => !trusted) ?? [];
  const trusted = data?.devices.filter(({ trusted }) => trusted) ?? [];

  return (
    <Stack gap="lg">
      <PageHeading>{words.title}</PageHeading>
      {!data && (loadFailure ? <LoadFailed failure={loadFailure} onRetry={reload} /> : <Loading />)}
      {failure && <NoTrustYet failure={failure} />}
      {data && (
        <>
          <Section title={words.recent}>
            <Text c="dimmed">{recent.length > 0 ? words.recentText : words.noRecent}</Text>
            <DeviceActions
              devices={recent}
              action={words.trust}
              busy={busy}
              onAct={({ id, name }) => change(() => trustDevices([id]), words.trustedNow(name))}
            />
          </Section>
          <Section title={words.trusted}>
            <Text c="dimmed">{trusted.length > 0 ? words.trustedText : words.noTrusted}</Text>
            <DeviceActions
              devices={trusted}
              action={words.forget}
              busy={busy}
              onAct={({ id, name }) => change(() => forgetDevices([id]), words.forgotten(name))}
            />
          </Section>
        </>
      )}
      <Announcement text={done} />
    </Stack>
  );
}
