import { CheckIcon } from './icons.tsx';
import classes from './announcement.module.css';

/** Says that something was done, to eyes and screen readers; floats, so that it moves nothing. */
export function Announcement({ text }: { text: string | null }) {
  return (
    <div role="status" className={classes.place}>
      {text && (
        <span key={text} className={classes.note}>
          <CheckIcon />
          {text}
        </span>
      )}
    </div>
  );
}
