import type { Device, DeviceList } from '@latchkey/contracts';
import { Stack, Text } from '@mantine/core';
import { forgetDevices, listDevices, trustDevices } from '../../api/devices.ts';
import type { RequestFailed } from '@latchkey/client';
import { readTwoFactor } from '../../api/two-factor.ts';
import { LoadFailed } from '../../components/load-failed.tsx';
import { Loading } from '../../components/loading.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { Section } from '../../components/section.tsx';
import { useAction } from '../../components/use-action.ts';
import { useAnnouncement } from '../../components/use-announcement.tsx';
import { useLoad } from '../../components/use-load.ts';
import { useSession } from '../../session/session-context.tsx';
import { pageTexts } from '../../texts/page-texts.ts';
import { DeviceActions } from './device-actions.tsx';
import { NoTrustYet, TwoFactorOff } from './no-trust-yet.tsx';

const words = pageTexts.devices;

async function load(): Promise<{ devices: Device[]; twoFactor: boolean }> {
  const [{ devices }, { enabled }] = await Promise.all([listDevices(), readTwoFactor()]);
  return { devices, twoFactor: enabled };
}

/** Where the login was used: recent logins, and the devices that are trusted. */
export default function DevicesPage() {
  const { data, failure: loadFailure, reload, replace } = useLoad(load);
  const { devicesChanged } = useSession();
  const { announce, announcement } = useAnnouncement();
  const { busy, failure, run } = useAction();

  const change = (action: () => Promise<DeviceList>, done: string) =>
    run(async () => {
      const { devices } = await action();
      replace({ devices, twoFactor: true });
      devicesChanged(devices);
      announce(done);
    }, turnedOffMeanwhile);
  const turnedOffMeanwhile = ({ code }: RequestFailed) => {
    if (code !== 'two_factor_off') return false;
    void reload();
    return true;
  };
  const trust = ({ id, name }: Device) => change(() => trustDevices([id]), words.trustedNow(name));
  const forget = ({ id, name }: Device) => change(() => forgetDevices([id]), words.forgotten(name));

  const recent = data?.devices.filter(({ trusted }) => !trusted) ?? [];
  const trusted = data?.devices.filter(({ trusted }) => trusted) ?? [];

  return (
    <Stack gap="lg">
      <PageHeading>{words.title}</PageHeading>
      {!data && (loadFailure ? <LoadFailed failure={loadFailure} onRetry={reload} /> : <Loading />)}
      {failure && <NoTrustYet failure={failure} />}
      {data && !data.twoFactor && (
        <>
          <TwoFactorOff />
          <Section title={words.recent}>
            <Text c="dimmed">{words.recentOffText}</Text>
            <DeviceActions devices={data.devices} />
          </Section>
        </>
      )}
      {data?.twoFactor && (
        <>
          <Section title={words.recent}>
            <Text c="dimmed">{recent.length > 0 ? words.recentText : words.noRecent}</Text>
            <DeviceActions devices={recent} action={{ name: words.trust, busy, onAct: trust }} />
          </Section>
          <Section title={words.trusted}>
            <Text c="dimmed">{trusted.length > 0 ? words.trustedText : words.noTrusted}</Text>
            <DeviceActions devices={trusted} action={{ name: words.forget, busy, onAct: forget }} />
          </Section>
        </>
      )}
      {announcement}
    </Stack>
  );
}
