import { type ReactNode, useId } from 'react';
import classes from './section.module.css';

interface SectionProps {
  title: string;
  /** Stands beside the title. */
  aside?: ReactNode;
  children: ReactNode;
}

/** A card with a heading, as a region that assistive technology can list. */
export function Section({ title, aside, children }: SectionProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={`card ${classes.section}`}>
      <div className={classes.head}>
        <h2 id={id}>
          {title}
        </h2>
        {aside}
      </div>
      {children}
    </section>
  );
}
