import { Button, Group, Stack, Text } from '@mantine/core';
import { QRCodeSVG } from 'qrcode.react';
import { CopyButton } from '../../components/copy-button.tsx';
import { pageTexts } from '../../texts/page-texts.ts';
import classes from './scan-secret.module.css';

const words = pageTexts.setup;

/** The authenticator's secret, as a code to scan and as a key to type; it is shown only now. */
export function ScanSecret({ secret, otpauthUri }: { secret: string; otpauthUri: string }) {
  return (
    <Stack gap="sm">
      <Text>{words.scan}</Text>
      {/* Dark on white in every colour scheme: many scanners do not read the inverse. */}
      <div className={classes.qr}>
        <QRCodeSVG value={otpauthUri} title={words.qrLabel} size={216} marginSize={4} level="M" />
      </div>
      <div>
        <Text>{words.secret}</Text>
        <code className={classes.secret}>{secret.match(/.{1,4}/g)?.join(' ')}</code>
      </div>
      <Group gap="xs">
        <CopyButton text={secret} label={words.copySecret} />
        <Button component="a" href={otpauthUri} variant="default" size="sm">
          {words.openApp}
        </Button>
      </Group>
    </Stack>
  );
}
