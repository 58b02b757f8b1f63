import { type ComponentType, lazy } from 'react';
import { loadPageTexts } from './texts/page-texts.ts';

/** A page that comes when it is needed, after the texts that its modules take their words from. */
export function lazyPage<Props extends object>(load: () => Promise<{ default: ComponentType<Props> }>, loadTexts = loadPageTexts) {
  return lazy(async () => {
    await loadTexts();
    return load();
  });
}
