import { enProvider } from './en-provider.ts';

/** What every language has to provide for the service provider's console. */
export type ProviderTexts = typeof enProvider;

/** The texts of the service provider's console; apart from the others, since few people ever see them. */
export const providerTexts: ProviderTexts = enProvider;
