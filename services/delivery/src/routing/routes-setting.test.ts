import { expect, it } from 'vitest';
import { routesSetting } from './routes-setting.ts';

const source = { variable: (name: string) => ({ TOKEN: 'from the environment', BLANK: ' ' })[name], file: (path: string) => (path === '/run/token' ? 'from a file\n' : undefined) };
const read = (value: unknown) => routesSetting(source).safeParse(typeof value === 'string' ? value : JSON.stringify(value));
const problems = (value: unknown) => read(value).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];
const twilio = { kind: 'twilio', accountSid: 'AC1', from: '+14155550100', password: { env: 'TOKEN' } };

it('a secret is where the setting says, and nowhere in the setting', () => {
  const { data } = read({ providers: { one: twilio, two: { ...twilio, password: { file: '/run/token' } } }, routes: { sms: [{ provider: 'one' }, { provider: 'two' }] } });
  expect(data?.providers).toMatchObject({ one: { password: 'from the environment' }, two: { password: 'from a file' } });
  expect(problems({ providers: { one: { ...twilio, password: 'in plain sight' } }, routes: {} })).toEqual(['providers.one.password: must be {"env": "VARIABLE"} or {"file": "/path"}']);
});

it('everything that is wrong is told at once, and nothing that is secret', () => {
  const wrong = {
    providers: { 'Bad Name': { kind: 'sns' }, one: { ...twilio, password: { env: 'MISSING' }, perSecond: 0 }, two: { kind: 'pigeon' }, three: { kind: 'sns', regoin: 'x' } },
    routes: { sms: [{ provider: 'one', countries: ['usa'], weight: -1 }] },
  };
  expect(problems(wrong)).toEqual([
    expect.stringContaining('providers.Bad Name'),
    expect.stringContaining('providers.one.perSecond'),
    'providers.one.password: MISSING holds no secret',
    expect.stringContaining('providers.two.kind'),
    expect.stringContaining('providers.three'),
    expect.stringContaining('routes.sms.0.weight'),
    expect.stringContaining('routes.sms.0.countries.0'),
  ]);
});

it('a route names providers that are there, deliver its channel, and are in it once', () => {
  const providers = { sns: { kind: 'sns' }, ses: { kind: 'ses' }, texts: { kind: 'webhook', url: 'https://sms.example', secret: { env: 'TOKEN' }, channels: ['sms'] } };
  expect(problems({ providers, routes: { sms: [{ provider: 'sns' }, { provider: 'ses' }, { provider: 'nobody' }, { provider: 'sns' }], email: [{ provider: 'texts' }, { provider: 'ses', countries: ['DE'] }] } })).toEqual([
    'routes.sms.1: ses does not deliver sms',
    'routes.sms.2: there is no provider nobody',
    'routes.sms.3: sns is in this route twice',
    'routes.email.0: texts does not deliver email',
    'routes.email.1: an email address has no country',
  ]);
});

it('a blank secret is none, and what is no JSON is said to be', () => {
  expect(problems({ providers: { one: { ...twilio, password: { env: 'BLANK' } } }, routes: {} })).toEqual(['providers.one.password: BLANK holds no secret']);
  expect(problems('{')).toEqual([': is not JSON']);
});
