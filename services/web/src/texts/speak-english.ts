import { vi } from 'vitest';

// For tests, as their first import: the site's words in English, on whatever machine they run.
vi.stubGlobal('navigator', { languages: ['en-US'] });
const [{ loadTexts }, { loadPageTexts }, { loadOperatorTexts }] = await Promise.all([import('./texts.ts'), import('./page-texts.ts'), import('./operator-texts.ts')]);
await Promise.all([loadTexts(), loadPageTexts(), loadOperatorTexts()]);
