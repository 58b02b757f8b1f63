import { type ReactNode, useState } from 'react';
import { CheckIcon } from './icons.tsx';
import classes from './announcement.module.css';

/** Says that something was done, to eyes for a while and to screen readers; floats, so that it moves nothing. */
export function useAnnouncement(): { announce: (text: string) => void; announcement: ReactNode } {
  const [news, setNews] = useState<{ text: string; number: number } | null>(null);
  // Numbered: the same words a second time are news again.
  const announce = (text: string) => setNews((before) => ({ text, number: (before?.number ?? 0) + 1 }));
  const announcement = (
    <div role="status" className={classes.place}>
      {news && (
        <span key={news.number} className={classes.note}>
          <CheckIcon />
          {news.text}
        </span>
      )}
    </div>
  );
  return { announce, announcement };
}
