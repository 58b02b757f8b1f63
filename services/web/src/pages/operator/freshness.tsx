import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { AlertIcon } from '../../components/form-icons.tsx';
import { describeFailure } from '../../texts/describe-failure.ts';
import { operatorTexts } from '../../texts/operator-texts.ts';
import { clockWords } from '../../time/date-words.ts';
import { ageWords } from './figures.ts';
import classes from './freshness.module.css';
import type { Live } from './use-live.ts';

const words = operatorTexts.live;
/** An answer may take a while; after this many times the pause what is shown counts as old. */
const patience = 3;

interface FreshnessProps {
  live: Pick<Live<unknown>, 'at' | 'failure' | 'everyMs' | 'reload'>;
  /** It is not read again by itself for now. */
  held?: boolean;
  onRefresh?: () => Promise<void>;
}

/** Says how old the figures are. The seconds tick for eyes only; that the server is away, and back, is heard once. */
export function Freshness({ live: { at, failure, everyMs, reload }, held = false, onRefresh = reload }: FreshnessProps) {
  const now = useSeconds();
  const age = at === null ? 0 : now - at;
  const old = at !== null && !held && (failure !== null || age > everyMs * patience + 1_000);
  return (
    <div className={classes.freshness} data-old={old || undefined}>
      <span role="status" className={classes.state}>
        {old && <AlertIcon />}
        <span>{old ? (failure && failure.code !== 'network_lost' ? `${describeFailure(failure)} ${words.lost}` : words.lost) : held ? words.held : words.every(everyMs / 1000)}</span>
      </span>
      {at !== null && <span aria-hidden="true">{old ? words.ago(ageWords(age)) : words.asOf(clockWords(new Date(at).toISOString(), 'medium'))}</span>}
      <Button variant="default" size="compact-sm" onClick={() => void onRefresh()}>
        {words.refresh}
      </Button>
    </div>
  );
}

function useSeconds(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
