import type { Device } from '@latchkey/contracts';
import { Badge } from '@mantine/core';
import { Fragment, type ReactNode } from 'react';
import { serverNow } from '../api/server-clock.ts';
import { pageTexts } from '../texts/page-texts.ts';
import { dateWords, lastSeenWords } from '../time/date-words.ts';
import classes from './device-line.module.css';
import { ComputerIcon, PhoneIcon } from './icons.tsx';

interface DeviceLineProps {
  device: Device;
  nameId: string;
  /** What can be done with the device. */
  children?: ReactNode;
}

/** One device in a list: what it is, when and from where it was last seen. */
export function DeviceLine({ device, nameId, children }: DeviceLineProps) {
  const handheld = device.client === 'app' || /android|ios|iphone/i.test(device.os ?? '');
  const facts = [
    device.client === 'app' ? pageTexts.devices.app : '',
    pageTexts.devices.lastSeen(lastSeenWords(device.lastSeenAt, serverNow())),
    pageTexts.devices.from(device.lastIp),
  ];
  return (
    <div className={classes.line}>
      <span className={classes.icon}>{handheld ? <PhoneIcon /> : <ComputerIcon />}</span>
      <div className={classes.about}>
        <div className={classes.name}>
          <span id={nameId}>{device.name}</span>
          {device.current && (
            <Badge size="md" variant="outline" tt="none">
              {pageTexts.devices.thisDevice}
            </Badge>
          )}
        </div>
        <DeviceFacts facts={facts} />
        {device.trusted && device.trustedUntil && (
          <div className={classes.facts}>{pageTexts.devices.trustedUntil(dateWords(device.trustedUntil))}</div>
        )}
      </div>
      {children && <div className={classes.action}>{children}</div>}
    </div>
  );
}

/** On a narrow screen the line breaks between two facts, and within one only where that is wider than the screen. */
function DeviceFacts({ facts }: { facts: string[] }) {
  const told = facts.filter(Boolean);
  return (
    <div className={classes.facts}>
      {told.map((fact, index) => (
        <Fragment key={fact}>
          <span className={classes.fact}>{index < told.length - 1 ? `${fact} ·` : fact}</span>{' '}
        </Fragment>
      ))}
    </div>
  );
}
