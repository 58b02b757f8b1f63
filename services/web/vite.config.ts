import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compressed } from './compressed-files.ts';
import { themeVariables } from './theme-variables.ts';

export default defineConfig({
  plugins: [react(), themeVariables(), compressed()],
  // Our icons, fonts and styles stay files: the Content-Security-Policy of the site allows no `data:` addresses.
  build: { assetsInlineLimit: 0, modulePreload: { polyfill: false }, target: 'baseline-widely-available' },
  // `vite dev` beside a running gateway.
  server: { proxy: { '/v1': process.env.LATCHKEY_GATEWAY_URL ?? 'http://localhost:8080' } },
});
