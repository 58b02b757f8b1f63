import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compressed } from './compressed-files.ts';
import { earlyStart } from './early-start.ts';
import { themeVariables } from './theme-variables.ts';

/** Few files, since compressed one by one they are larger, and each has to be named to whoever loads a page. */
const groups = [
  // Small, so that it begins early to load the texts of the language. It does not wait for the rest.
  { name: 'entry', priority: 2, test: /preload-helper|web\/src\/(main\.tsx|texts\/(language|texts|page-texts)\.ts)/ },
  // The first load: the sign-in page and all that it is made of.
  { name: 'base', priority: 1, test: /web\/src\/start\.tsx/ },
  // What the later pages of the way in have in common, with each other and with those behind it.
  {
    name: 'shared',
    test: new RegExp(
      [
        'web/src/api/(devices|password)',
        'web/src/components/(ask-provider|code-field|icons|method-icon|new-password-field|points|use-load)',
        'web/src/(components/load-failed|session/require-session)',
        'web/src/pages/enter-code/(use-delivery|send-code|delivery-status)',
        'web/src/time/date-words',
      ].join('|'),
    ),
  },
];

export default defineConfig(({ command }) => {
  // Whoever builds: a test's NODE_ENV would put React's development build, half as large again, into the website.
  if (command === 'build') process.env.NODE_ENV = 'production';
  return {
    // React has had it since 18: a copy for older ones is half a kilobyte of the first load.
    resolve: { alias: { 'use-sync-external-store/shim/index.js': 'react' } },
    plugins: [react(), themeVariables(), earlyStart(), compressed()],
    // Our icons, fonts and styles stay files: the Content-Security-Policy of the site allows no `data:` addresses.
    build: {
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      target: 'baseline-widely-available',
      rolldownOptions: { output: { codeSplitting: { groups } } },
    },
    // `vite dev` beside a running gateway.
    server: { proxy: { '/v1': process.env.LATCHKEY_GATEWAY_URL ?? 'http://localhost:8080' } },
  };
});
