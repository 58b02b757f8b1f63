import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { CatchPageFault } from './components/catch-page-fault.tsx';
import { SessionProvider } from './session/session-context.tsx';
import { ThemeProvider } from './theme/theme-provider.tsx';

/** Renders the site, once its words are there. */
export function start(): void {
  const root = document.getElementById('root');
  if (!root) throw new Error('index.html has no #root');

  createRoot(root).render(
    <StrictMode>
      <ThemeProvider>
        <CatchPageFault>
          <SessionProvider>
            <App />
          </SessionProvider>
        </CatchPageFault>
      </ThemeProvider>
    </StrictMode>,
  );
}
