import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compressed } from './compressed-files.ts';
import { earlyStart } from './early-start.ts';
import { themeVariables } from './theme-variables.ts';

/**
 * What every page needs, in one file: four that are compressed one by one are 2 kB larger. Only what the sign-in page
 * needs belongs here, for it is the first load. The entry, which begins to load the texts, is apart: it does not wait.
 */
const entry = /preload-helper|web\/src\/(main\.tsx|texts\/(language|texts|page-texts)\.ts)/;
const base = /web\/src\/start\.tsx/;
const shared = /web\/src\/(api\/(devices|password)|components\/(ask-provider|code-field|icons|method-icon|new-password-field|points|use-load)|pages\/enter-code\/(use-delivery|send-code|delivery-status)|time\/date-words)/;

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
      rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'entry', test: entry, priority: 2 }, { name: 'base', test: base, priority: 1 }, { name: 'shared', test: shared }] } } },
    },
    // `vite dev` beside a running gateway.
    server: { proxy: { '/v1': process.env.LATCHKEY_GATEWAY_URL ?? 'http://localhost:8080' } },
  };
});
