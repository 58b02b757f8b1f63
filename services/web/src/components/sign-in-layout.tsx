import { type ReactNode, Suspense } from 'react';
import { LanguageMenu } from './language-menu.tsx';
import { Loading } from './loading.tsx';
import { KeyEdge, Logo } from './logo.tsx';
import classes from './sign-in-layout.module.css';

/** The frame of everything on the way in: one card, held at the same height so that steps do not jump. */
export function SignInLayout({ children }: { children: ReactNode }) {
  return (
    <div className={classes.page}>
      <header className={classes.brand}>
        <Logo />
      </header>
      <main className={`card ${classes.card}`}>
        <KeyEdge />
        <div className={classes.content}>
          <Suspense fallback={<Loading />}>{children}</Suspense>
        </div>
      </main>
      <footer className={classes.foot}>
        <LanguageMenu />
      </footer>
    </div>
  );
}
