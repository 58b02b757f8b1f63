import { type ReactNode, useEffect, useRef } from 'react';
import { texts } from '../texts/texts.ts';

interface PageHeadingProps {
  children: string;
  /** What the heading shows where it differs from the page's title. */
  shown?: ReactNode;
  /** A page whose first field takes the focus leaves it there. */
  takesFocus?: boolean;
}

/** The page's one h1: names the page in the browser too, and takes the focus when the page arrives. */
export function PageHeading({ children, shown = children, takesFocus = true }: PageHeadingProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${children} · ${texts.appName}`;
    scrollTo(0, 0);
    if (takesFocus) heading.current?.focus({ preventScroll: true });
  }, [children, takesFocus]);
  return (
    <h1 tabIndex={-1} ref={heading}>
      {shown}
    </h1>
  );
}
