import type { ReactNode } from 'react';
import classes from './operator.module.css';

/** Figures with their names: side by side where there is room, in a few columns on a phone. */
export function Facts({ facts }: { facts: (readonly [name: string, value: ReactNode] | null)[] }) {
  return (
    <dl className={classes.facts}>
      {facts.flatMap((fact) =>
        fact ? (
          <div key={fact[0]}>
            <dt>{fact[0]}</dt>
            <dd>{fact[1]}</dd>
          </div>
        ) : [],
      )}
    </dl>
  );
}
