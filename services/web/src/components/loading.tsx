import { Loader } from '@mantine/core';
import { texts } from '../texts/texts.ts';
import classes from './loading.module.css';

/** Something is on its way. Appears only after a moment, so that a quick answer does not flicker. */
export function Loading() {
  return (
    <div className={classes.loading} role="status">
      <Loader aria-hidden="true" />
      <span className={classes.text}>{texts.common.loading}</span>
    </div>
  );
}
