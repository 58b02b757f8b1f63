/** Who asks: nobody; a customer, an account owner, provider staff and an operator, all with two-factor on; a customer who must set it up. */
export const columns = ['nobody', 'customer', 'owner', 'staff', 'operator', 'setup'] as const;
export type Column = (typeof columns)[number];

/** Every route with the status that each role gets for a right request. After `:` whose id is in the path or the body, where it is not the own one. */
const table = `
                                                                    nobody customer owner staff operator setup
POST /v1/login                                                         200      200   200   200      200   200
POST /v1/login/send-code                                               202      202   202   202      202   202
POST /v1/login/send-code : method of another login                     404      404   404   404      404   404
POST /v1/login/verify-code                                             200      200   200   200      200   200
POST /v1/login/verify-code : method of another login                   404      404   404   404      404   404
POST /v1/login/brand                                                   200      200   200   200      200   200
POST /v1/login/reset-two-factor                                        202      202   202   202      202   202
POST /v1/login/reset-two-factor/confirm                                200      200   200   200      200   200
GET /v1/login/events                                                   200      200   200   200      200   200
GET /v1/login/return                                                   303      303   303   303      303   303
POST /v1/password/forgot                                               202      202   202   202      202   202
POST /v1/password/reset                                                204      204   204   204      204   204
POST /v1/invitations/accept                                            204      204   204   204      204   204
POST /v1/not-me                                                        204      204   204   204      204   204

GET /v1/session                                                        401      200   200   200      200   200
POST /v1/logout                                                        204      204   204   204      204   204
GET /v1/brand                                                          401      200   200   200      200   200
GET /v1/forward-auth                                                   401      204   204   204      204   403
GET /v1/sessions                                                       401      200   200   200      200   403
DELETE /v1/sessions/{id}                                               401      204   204   204      204   403
DELETE /v1/sessions/{id} : session of another login                    401      404   404   404      404   403
POST /v1/sessions/end-others                                           401      204   204   204      204   403
POST /v1/session/step-up                                               401      200   200   200      200   403
POST /v1/password/change                                               401      204   204   204      204   403
GET /v1/activity                                                       401      200   200   200      200   403
GET /v1/devices                                                        401      200   200   200      200   403
POST /v1/devices/trust                                                 401      200   200   403      403   403
POST /v1/devices/trust : device of another login                       401      404   404   403      403   403
POST /v1/devices/forget                                                401      200   200   200      200   403
POST /v1/devices/forget : device of another login                      401      404   404   404      404   403

GET /v1/two-factor                                                     401      200   200   200      200   200
POST /v1/two-factor/methods                                            401      201   201   201      201   201
POST /v1/two-factor/methods/{id}/confirm                               401      200   200   200      200   200
POST /v1/two-factor/methods/{id}/confirm : method of another login     401      404   404   404      404   404
PUT /v1/two-factor/default-method                                      401      204   204   204      204   403
PUT /v1/two-factor/default-method : method of another login            401      404   404   404      404   403
DELETE /v1/two-factor/methods/{id}                                     401      204   204   204      204   204
DELETE /v1/two-factor/methods/{id} : method of another login           401      404   404   404      404   404
POST /v1/two-factor/disable                                            401      204   204   204      204   409
POST /v1/two-factor/reset                                              401      204   204   204      204   409
POST /v1/two-factor/recovery-codes                                     401      200   200   200      200   403

GET /v1/account/logins                                                 401      403   200   403      403   403
POST /v1/account/logins                                                401      403   201   403      403   403
POST /v1/account/logins/{id}/invitation                                401      403   202   403      403   403
POST /v1/account/logins/{id}/invitation : login of another account     401      403   404   403      403   403
DELETE /v1/account/logins/{id}                                         401      403   204   403      403   403
DELETE /v1/account/logins/{id} : login of another account              401      403   404   403      403   403
DELETE /v1/account/logins/{id} : login of another provider             401      403   404   403      403   403

GET /v1/provider/accounts                                              401      403   403   200      403   403
POST /v1/provider/accounts                                             401      403   403   201      403   403
GET /v1/provider/brand                                                 401      403   403   200      403   403
PUT /v1/provider/brand                                                 401      403   403   200      403   403
GET /v1/provider/policy                                                401      403   403   200      403   403
PUT /v1/provider/policy                                                401      403   403   200      403   403
GET /v1/provider/logins                                                401      403   403   200      403   403
GET /v1/provider/logins/{id}                                           401      403   403   200      403   403
GET /v1/provider/logins/{id} : login of another provider               401      403   403   404      403   403
GET /v1/provider/logins/{id}/activity                                  401      403   403   200      403   403
GET /v1/provider/logins/{id}/activity : login of another provider      401      403   403   404      403   403
POST /v1/provider/logins/{id}/invitation                               401      403   403   202      403   403
POST /v1/provider/logins/{id}/invitation : login of another provider   401      403   403   404      403   403
POST /v1/provider/logins/{id}/disable-two-factor                       401      403   403   204      403   403
POST /v1/provider/logins/{id}/disable-two-factor : login of another provider 401 403  403   404      403   403

GET /v1/ops/queues                                                     401      403   403   403      200   403
GET /v1/ops/dead-letters                                               401      403   403   403      200   403
POST /v1/ops/dead-letters/redrive                                      401      403   403   403      200   403
POST /v1/ops/dead-letters/discard                                      401      403   403   403      200   403
GET /v1/ops/deliveries                                                 401      403   403   403      200   403
GET /v1/ops/providers                                                  401      403   403   403      200   403
PUT /v1/ops/providers                                                  401      403   403   403      200   403
PUT /v1/ops/channels                                                   401      403   403   403      200   403
PUT /v1/ops/workers                                                    401      403   403   403      204   403
GET /v1/ops/activity                                                   401      403   403   403      200   403
GET /v1/ops/audit                                                      401      403   403   403      200   403
`;

export type Row = { name: string; method: string; path: string; whose: string | null; statuses: Record<Column, number> };

export const rows: Row[] = table.split('\n').slice(2).filter(Boolean).map((line) => {
  const [, name = '', numbers = ''] = /^(.*?)((?:\s+\d{3})+)$/.exec(line) ?? [];
  const [call = '', whose = null] = name.split(' : ');
  const [method = '', path = ''] = call.split(' ');
  const statuses = Object.fromEntries(numbers.trim().split(/\s+/).map((status, at) => [columns[at], Number(status)])) as Row['statuses'];
  return { name, method, path, whose, statuses };
});

/** docs/roles.md. */
export function rolesDocument(): string {
  const line = ({ method, path, whose, statuses }: Row) => `| \`${method} ${path}\` | ${whose ?? ''} | ${columns.map((column) => statuses[column]).join(' | ')} |`;
  return `# Who may do what

Every route of the API with the status that each role gets for a right request. \`e2e/roles.e2e.test.ts\` asks a running system
for each cell, fails when a route is missing here, and compares this page with the table it goes by (\`e2e/roles-table.ts\`;
\`npx vitest run --project e2e e2e/roles.e2e.test.ts -u\` writes it anew).

- **nobody**: no session. **customer**, **owner** (of an account), **staff** (of a service provider), **operator**: a session of such
  a login that passed two-factor. **setup**: a customer whose provider requires two-factor and who has not set it up.
- **Id of**: the path or the body has an id that is somebody else's. What is another tenant's is not there: 404, whoever asks.
- 401 is \`not_signed_in\`; 403 is \`forbidden\`, in the last column \`two_factor_setup_required\`; 404 is \`not_found\`; 409 is
  \`required_by_provider\` (disable) or \`two_factor_off\` (reset).

| route | id of | ${columns.join(' | ')} |
| --- | --- | ${columns.map(() => '--:').join(' | ')} |
${rows.map(line).join('\n')}
`;
}
