import type { Device } from '@latchkey/contracts';
import { Button } from '@mantine/core';
import { useId } from 'react';
import { DeviceLine } from '../../components/device-line.tsx';
import listClasses from '../../components/plain-list.module.css';

interface DeviceActionsProps {
  devices: Device[];
  /** What can be done with each; nothing where it is left out. */
  action?: { name: string; busy: boolean; onAct: (device: Device) => void };
}

/** Devices with the one thing that can be done with each of them. */
export function DeviceActions({ devices, action }: DeviceActionsProps) {
  const ids = useId();
  if (devices.length === 0) return null;
  return (
    <ul className={listClasses.list}>
      {devices.map((device) => (
        <li key={device.id}>
          <DeviceLine device={device} nameId={ids + device.id}>
            {action && (
              <Button
                variant="default"
                size="sm"
                disabled={action.busy}
                aria-describedby={ids + device.id}
                onClick={() => action.onAct(device)}
              >
                {action.name}
              </Button>
            )}
          </DeviceLine>
        </li>
      ))}
    </ul>
  );
}
