import { Button, Group } from '@mantine/core';
import { pageTexts } from '../texts/page-texts.ts';
import { CopyButton } from './copy-button.tsx';
import classes from './recovery-code-list.module.css';

const words = pageTexts.recoveryCodes;

interface RecoveryCodeListProps {
  codes: string[];
  /** Whose they are: stands on what is printed or downloaded. */
  loginName: string;
}

/** Recovery codes, which are shown once, with the ways to keep them. */
export function RecoveryCodeList({ codes, loginName }: RecoveryCodeListProps) {
  const head = words.fileHead(loginName);
  const download = () => {
    const url = URL.createObjectURL(new Blob([`${head}\n\n${codes.join('\n')}\n`], { type: 'text/plain;charset=utf-8' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = words.fileName;
    link.click();
    // Not before the browser has begun to read it.
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  };
  return (
    <div>
      <div className={classes.sheet}>
        <p className={classes.head}>{head}</p>
        <ul className={classes.codes} aria-label={words.title}>
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ul>
      </div>
      <Group gap="xs">
        <CopyButton text={codes.join('\n')} label={words.copy} />
        <Button variant="default" size="sm" onClick={download}>
          {words.download}
        </Button>
        <Button variant="default" size="sm" onClick={() => print()}>
          {words.print}
        </Button>
      </Group>
    </div>
  );
}
