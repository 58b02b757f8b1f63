import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'rolldown';

// Run in a service's folder: one bundle of its own code and its libraries. Packages with native code stay outside;
// so do the optional parts of Nest and TypeORM that nobody here installs.
const native = ['@node-rs/argon2', '@node-rs/bcrypt', 'pg-native', '@swc/core', 'fsevents'];
// What npm put there as somebody's peer is bundled too: a copy of Nest outside the bundle would be a second Nest.
const isInstalled = (id) => {
  const [scope, name] = id.split('/');
  return existsSync(`../../node_modules/${id.startsWith('@') ? `${scope}/${name}` : scope}`);
};
const optional =
  /^(@nestjs\/(websockets|platform-express|platform-socket\.io|mongoose)|class-validator|class-transformer|kafkajs|mqtt|nats|@nats-io|@grpc|amqp-connection-manager|cache-manager|@as-integrations|@apollo|mysql2?|sqlite3|better-sqlite3|sql\.js|oracledb|mssql|tedious|mongodb|redis|hdb-pool|@sap|@google-cloud|react-native-sqlite-storage|expo-sqlite|typeorm-aurora|pg-query-stream|@fastify\/(view|multipart)|point-of-view)/;

// The delivery service reads its templates from a folder beside its sources; its bundle has them in itself.
const templatesInside = {
  name: 'templates-inside',
  load(id) {
    if (!id.endsWith('/src/messages/template-files.ts')) return null;
    const folder = join(id, '../../../templates');
    const files = Object.fromEntries(readdirSync(folder).sort().map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
    return { code: `export const templateFiles = ${JSON.stringify(files)};`, moduleType: 'js' };
  },
};

export default defineConfig({
  input: 'src/main.ts',
  platform: 'node',
  tsconfig: '../../tsconfig.json',
  plugins: [templatesInside],
  external: (id) => native.includes(id) || (optional.test(id) && !isInstalled(id)),
  transform: { target: 'node24', assumptions: { setPublicClassFields: true } },
  // One file: a chunk would be evaluated before the reflect-metadata that Nest's decorators need.
  output: { dir: 'dist', format: 'esm', sourcemap: true, entryFileNames: '[name].js', codeSplitting: false, cleanDir: true },
});
