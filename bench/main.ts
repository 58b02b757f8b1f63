import { benchLoginCost } from './login-cost.ts';
import { benchMemory } from './memory.ts';

const entries: Record<string, () => Promise<void>> = { 'login-cost': benchLoginCost, memory: benchMemory };
const wanted = process.argv.slice(2).filter((name) => !name.startsWith('-'));
const unknown = wanted.filter((name) => !(name in entries));
if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(', ')}. There are: ${Object.keys(entries).join(', ')}`);
  process.exit(1);
}
for (const name of wanted.length > 0 ? wanted : Object.keys(entries)) {
  console.log(`\n# ${name}`);
  await entries[name]?.();
}
process.exit(0);
