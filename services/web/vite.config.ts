import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compressed } from './compressed-files.ts';
import { themeVariables } from './theme-variables.ts';

/**
 * What every page needs, in one file: four that are compressed one by one are 2 kB larger. Only what the sign-in page
 * needs belongs here, for it is the first load.
 */
const base = new RegExp(
  [
    'node_modules/(react|react-dom|scheduler|use-sync-external-store|wouter|regexparam|openapi-fetch|clsx)/',
    'node_modules/@mantine/core/esm/components/(Anchor|Button|Input|Stack|Text|TextInput)/',
    'libs/client/src/(create-client|request-failed)\.ts',
    'web/src/(api/server-clock|texts/(en|texts)|session/return-path)\.ts',
  ].join('|'),
);

export default defineConfig(({ command }) => {
  // Whoever builds: a test's NODE_ENV would put React's development build, half as large again, into the website.
  if (command === 'build') process.env.NODE_ENV = 'production';
  return {
    plugins: [react(), themeVariables(), compressed()],
    // Our icons, fonts and styles stay files: the Content-Security-Policy of the site allows no `data:` addresses.
    build: {
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      target: 'baseline-widely-available',
      rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'base', test: base }] } } },
    },
    // `vite dev` beside a running gateway.
    server: { proxy: { '/v1': process.env.LATCHKEY_GATEWAY_URL ?? 'http://localhost:8080' } },
  };
});
