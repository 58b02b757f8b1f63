import type { Device } from '@latchkey/contracts';
import { Badge, Checkbox } from '@mantine/core';
import { serverNow } from '../../api/server-clock.ts';
import listClasses from '../../components/plain-list.module.css';
import { pageTexts } from '../../texts/page-texts.ts';
import { lastSeenWords } from '../../time/date-words.ts';
import classes from './select-devices.module.css';

interface SelectDevicesProps {
  devices: Device[];
  selected: string[];
  onSelect: (ids: string[]) => void;
}

/** The list with a checkbox at each device that is not trusted yet. */
export function SelectDevices({ devices, selected, onSelect }: SelectDevicesProps) {
  const toggle = (id: string, on: boolean) => onSelect(on ? [...selected, id] : selected.filter((other) => other !== id));
  return (
    <ul className={listClasses.list}>
      {devices.map((device) => (
        <li key={device.id} className={classes.device}>
          <Checkbox
            size="md"
            checked={device.trusted || selected.includes(device.id)}
            disabled={device.trusted}
            onChange={(event) => toggle(device.id, event.currentTarget.checked)}
            label={
              <>
                <span>{device.name}</span>{' '}
                {device.current && (
                  <Badge component="span" size="md" variant="outline" tt="none">
                    {pageTexts.devices.thisDevice}
                  </Badge>
                )}{' '}
                {device.trusted && (
                  <Badge component="span" size="md" variant="light" tt="none">
                    {pageTexts.recognized.trusted}
                  </Badge>
                )}
              </>
            }
            description={`${pageTexts.devices.lastSeen(lastSeenWords(device.lastSeenAt, serverNow()))} · ${pageTexts.devices.from(device.lastIp)}`}
            classNames={{
              body: classes.box ?? '',
              labelWrapper: classes.labels ?? '',
              label: classes.name ?? '',
              description: classes.facts ?? '',
            }}
          />
        </li>
      ))}
    </ul>
  );
}
