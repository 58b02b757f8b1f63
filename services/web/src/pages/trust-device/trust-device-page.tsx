import { Button, Stack, Text } from '@mantine/core';
import { useLocation } from 'wouter';
import { useHistoryState } from 'wouter/use-browser-location';
import { trustDevices } from '../../api/devices.ts';
import { FailureMessage } from '../../components/failure-message.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { useAction } from '../../components/use-action.ts';
import { useSession, useSignedIn } from '../../session/session-context.tsx';
import { pageTexts } from '../../texts/page-texts.ts';

/** After the code: is this device to be asked for one again? */
export default function TrustDevicePage() {
  const { device } = useSignedIn();
  const { devicesChanged } = useSession();
  const [, navigate] = useLocation();
  const state = useHistoryState<unknown>();
  const { busy, failure, run } = useAction();

  const goOn = () => navigate('/sign-in/devices', { replace: true, state });
  const trust = () =>
    run(async () => {
      const { devices } = await trustDevices([device.id]);
      devicesChanged(devices);
      goOn();
    });
  return (
    <Stack gap="md">
      <PageHeading>{pageTexts.trustDevice.title}</PageHeading>
      <Text>{pageTexts.trustDevice.lead(device.name || pageTexts.trustDevice.unnamed)}</Text>
      <Text c="dimmed" size="sm">
        {pageTexts.trustDevice.warning}
      </Text>
      <Stack gap="xs" mt="sm">
        <Button fullWidth onClick={trust} loading={busy}>
          {pageTexts.trustDevice.trust}
        </Button>
        <Button fullWidth variant="default" onClick={goOn} disabled={busy}>
          {pageTexts.trustDevice.skip}
        </Button>
      </Stack>
      <FailureMessage failure={failure} />
    </Stack>
  );
}
