import { Button, Stack, Text } from '@mantine/core';
import { useRef, useState } from 'react';
import { useHistoryState } from 'wouter/use-browser-location';
import { listDevices, trustDevices } from '../../api/devices.ts';
import { FailureMessage } from '../../components/failure-message.tsx';
import { LoadFailed } from '../../components/load-failed.tsx';
import { Loading } from '../../components/loading.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { useAction } from '../../components/use-action.ts';
import { useAnnouncement } from '../../components/use-announcement.tsx';
import { useLoad } from '../../components/use-load.ts';
import { useGoOn } from '../../session/go-on.tsx';
import { safeReturnPath } from '../../session/return-path.ts';
import { useSession } from '../../session/session-context.tsx';
import { pageTexts } from '../../texts/page-texts.ts';
import '../../theme/later-styles.ts';
import { SelectDevices } from './select-devices.tsx';

/** Every device that got into this login, so that the known ones can be trusted in one go. */
export default function RecognizedDevicesPage() {
  const { data, failure: loadFailure, reload, replace } = useLoad(listDevices);
  const { devicesChanged } = useSession();
  const [selected, setSelected] = useState<string[]>([]);
  const { announce, announcement } = useAnnouncement();
  const goOn = useRef<HTMLButtonElement>(null);
  const leave = useGoOn();
  const arrival = useHistoryState<{ next?: string } | null>();
  const { busy, failure, run } = useAction();

  const trust = () =>
    run(async () => {
      const answer = await trustDevices(selected);
      replace(answer);
      devicesChanged(answer.devices);
      announce(pageTexts.recognized.trustedCount(selected.length));
      setSelected([]);
      goOn.current?.focus();
    });

  return (
    <Stack gap="md">
      <div>
        <PageHeading>{pageTexts.recognized.title}</PageHeading>
        <Text>{pageTexts.recognized.lead}</Text>
      </div>
      {!data && !loadFailure && <Loading />}
      {!data && loadFailure && <LoadFailed failure={loadFailure} onRetry={reload} />}
      {data && <SelectDevices devices={data.devices} selected={selected} onSelect={setSelected} />}
      <Stack gap="xs">
        {data?.devices.some(({ trusted }) => !trusted) && (
          <Button fullWidth onClick={trust} loading={busy} disabled={selected.length === 0}>
            {pageTexts.recognized.trustSelected}
          </Button>
        )}
        <Button
          ref={goOn}
          fullWidth
          variant="default"
          onClick={() => leave(safeReturnPath(arrival?.next ?? null))}
        >
          {pageTexts.common.continue}
        </Button>
      </Stack>
      <FailureMessage failure={failure} />
      {announcement}
    </Stack>
  );
}
