import { readFileSync } from 'node:fs';
import { defineConfig } from 'rolldown';

// Run in a service's folder: one bundle of its own code and its libraries. Packages with native code stay outside;
// so do the optional parts of Nest and TypeORM that nobody here installs.
const native = ['@node-rs/argon2', 'pg-native', '@swc/core', 'fsevents'];
const installed = new Set(Object.keys(JSON.parse(readFileSync('package.json', 'utf8')).dependencies ?? {}));
const optional = [
  /^@nestjs\/(websockets|platform-express|platform-socket\.io|mongoose)/,
  /^(class-validator|class-transformer|kafkajs|mqtt|nats|@nats-io|@grpc|amqp-connection-manager|cache-manager|@as-integrations|@apollo)/,
  /^(mysql2?|sqlite3|better-sqlite3|sql\.js|oracledb|mssql|tedious|mongodb|redis|hdb-pool|@sap|@google-cloud|react-native-sqlite-storage|expo-sqlite|typeorm-aurora|pg-query-stream|@fastify\/view|point-of-view|@nestjs\/mapped)/,
].filter((pattern) => ![...installed].some((name) => pattern.test(name)));

export default defineConfig({
  input: 'src/main.ts',
  platform: 'node',
  tsconfig: '../../tsconfig.json',
  external: [...native, ...optional],
  transform: { target: 'node24', assumptions: { setPublicClassFields: true } },
  output: { dir: 'dist', format: 'esm', sourcemap: true, entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js', cleanDir: true },
});
