import { useShownLogo } from '../brand/shown-logo.ts';
import classes from './logo.module.css';

/** The mark: a key that hangs in its lock. Decorative; the name beside it is the text. */
export function LogoMark({ size = 32 }: { size?: number }) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden="true" className={classes.mark}>
      <rect width="32" height="32" rx="9" fill="currentColor" />
      <g className={classes.key} fill="none" strokeWidth="3" strokeLinecap="round" strokeLinejoin="round">
        <circle cx="16" cy="10.5" r="4.5" />
        <path d="M16 15v10.5M16 20.5h4.5M16 25.5h3" />
      </g>
    </svg>
  );
}

/** The mark with the name, or the ones of the service provider. */
export function Logo() {
  return (
    <span className={classes.logo}>
      {useShownLogo() ?? (
        <>
          <LogoMark />
          <span className={classes.name}>Latchkey</span>
        </>
      )}
    </span>
  );
}

/** The cuts of a key's blade, as the upper edge of a card: the one ornament of the site. */
export function KeyEdge() {
  return (
    <svg className={classes.edge} aria-hidden="true" width="100%" height="10">
      <defs>
        <pattern id="key-cuts" width="120" height="10" patternUnits="userSpaceOnUse">
          <path
            fill="currentColor"
            d="M0 0H120V4h-9l-4 4h-9l-5-5h-8l-3 3h-10l-4 4h-8l-6-6h-9l-3 3h-8l-4-4h-8l-5 5H9L5 4H0z"
          />
        </pattern>
      </defs>
      <rect width="100%" height="10" fill="url(#key-cuts)" />
    </svg>
  );
}
