import './theme/styles.ts';
import { language } from './texts/language.ts';
import { loadPageTexts } from './texts/page-texts.ts';
import { loadTexts } from './texts/texts.ts';

document.documentElement.lang = language;

// The words come beside React and the first page, so that nothing is shown in another language first, or later.
const words = loadTexts();
if (location.pathname !== '/sign-in') void loadPageTexts().catch(() => undefined);
void import('./start.tsx').then(async ({ start }) => {
  await words;
  start();
});
