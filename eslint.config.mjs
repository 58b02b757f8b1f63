import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

// Which kind of project may use which. A service never imports a service, and the website only sees the contracts
// and the client of the API.
const libraries = ['lib:contracts', 'lib:messaging', 'lib:platform'];
const services = ['gateway', 'auth', 'code-issuance', 'delivery', 'device-trust'];
const depConstraints = [
  { sourceTag: 'lib:contracts', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'lib:client', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'lib:messaging', onlyDependOnLibsWithTags: ['lib:contracts', 'lib:platform', 'lib:testing'] },
  { sourceTag: 'lib:platform', onlyDependOnLibsWithTags: ['lib:contracts', 'lib:testing'] },
  { sourceTag: 'lib:testing', onlyDependOnLibsWithTags: ['lib:contracts', 'tools'] },
  ...services.map((service) => ({ sourceTag: `service:${service}`, onlyDependOnLibsWithTags: [...libraries, 'lib:testing', ...(service === 'gateway' ? ['lib:client'] : [])] })),
  { sourceTag: 'service:inbox', onlyDependOnLibsWithTags: ['lib:platform'] },
  { sourceTag: 'service:web', onlyDependOnLibsWithTags: ['lib:contracts', 'lib:client'] },
  { sourceTag: 'tools', onlyDependOnLibsWithTags: ['*'] },
];

const banned = (name, message) => ({ group: [name, `${name}/*`], message });
const amqplib = banned('amqplib', 'Only libs/messaging talks AMQP: use its Publisher, Requester and HandleEvent.');
const aws = banned('@aws-sdk', 'Only the delivery service talks to AWS: publish an event instead.');

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '.nx/**', '.latchkey/**', 'services/inbox/public/**', 'libs/client/src/schema.d.ts'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': ['error', { allow: [], banTransitiveDependencies: false, enforceBuildableLibDependency: false, depConstraints }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' }],
      'no-console': 'error',
      eqeqeq: ['error', 'always'],
    },
  },
  // Nest reads constructor parameter types at run time: an inline type import there would lose them.
  { files: ['services/*/src/**/*.ts'], ignores: ['services/web/**'], rules: { '@typescript-eslint/consistent-type-imports': 'off' } },
  { files: ['services/*/src/**/*.ts'], ignores: ['services/delivery/**', 'services/inbox/**', '**/*.test.ts'], rules: { 'no-restricted-imports': ['error', { patterns: [amqplib, aws] }] } },
  { files: ['services/delivery/src/**/*.ts', 'services/inbox/src/**/*.ts'], ignores: ['**/*.test.ts'], rules: { 'no-restricted-imports': ['error', { patterns: [amqplib] }] } },
  { files: ['libs/contracts/**', 'libs/platform/**'], rules: { 'no-restricted-imports': ['error', { patterns: [amqplib, aws] }] } },
  {
    files: ['services/*/src/**/*.ts', 'libs/*/src/**/*.ts'],
    ignores: ['**/config.ts', '**/*.test.ts', '**/inbox-under-test.ts'],
    rules: { 'no-restricted-properties': ['error', { object: 'process', property: 'env', message: 'Settings come from the config schema, injected.' }] },
  },
  { files: ['tools/**', 'bench/**', 'e2e/**'], rules: { 'no-console': 'off' } },
  // The table of settings and the checks of what is deployed are made from every service's own schema; benches use the client of the end-to-end tests.
  { files: ['tools/generate.ts', 'tools/deploy/**', 'bench/**'], rules: { '@nx/enforce-module-boundaries': 'off' } },
  // Answers, and manifests for others' operators, are looked at as from outside: without our types.
  { files: ['e2e/**', 'tools/deploy/**', '**/*.test.ts', '**/testing/**'], rules: { '@typescript-eslint/no-explicit-any': 'off' } },
);
