import { expect, it } from 'vitest';
import { isOfSns, SnsMessages } from './read-sns-message.ts';

// Signed by Amazon SNS itself, as published with the tests of the AWS SDK for Java, and the certificate it signed with.
const certificateUrl = 'https://sns.us-west-2.amazonaws.com/SimpleNotificationService-7506a1e35b36ef5a444dd1a8e7cc3ed8.pem';
const certificate = `-----BEGIN CERTIFICATE-----
MIIFxTCCBK2gAwIBAgIQBkyRNHAyygLkObkxH5ju+zANBgkqhkiG9w0BAQsFADA8
MQswCQYDVQQGEwJVUzEPMA0GA1UEChMGQW1hem9uMRwwGgYDVQQDExNBbWF6b24g
UlNBIDIwNDggTTAxMB4XDTI1MTExMDAwMDAwMFoXDTI2MTAxNDIzNTk1OVowHDEa
MBgGA1UEAxMRc25zLmFtYXpvbmF3cy5jb20wggEiMA0GCSqGSIb3DQEBAQUAA4IB
DwAwggEKAoIBAQChbVNQ+DEaT5WN+l+bg0iEeF666Z6LDFc1KJr4lNl0odcXQSsk
KsZYCMVdp4I/Ikk9zWyckRTMkmQGYimpD+bTsMCP5C/sJIU0E9Y2OXjjl5Videkq
qnRL9VdE5N41Rvks7S/5MpYcSmCsmaHfwcv82Gvx2zm9CrA5Xu7K2ZqhzRQPCRSP
mHTHQr4ED63ujE+qTpPgQZ0TvgmcrAc08Z75Z7Zzs17aTNc3YhAtQx9WowN8uiHk
kgc+ONNdtwKvWZNmnbmxMHYtYc291WCP1K1Nh4TV5XNyjIebzQKDrqTCN0ItAr1x
e6Bl3BYS3SG9XHAy0q3ekITzQsKypcuaK6dTAgMBAAGjggLhMIIC3TAfBgNVHSME
GDAWgBSBuA5jiokSGOX6OztQlZ/m5ZAThTAdBgNVHQ4EFgQUBQEUzzzuVJAKzAlR
d0Q//W6HvZUwHAYDVR0RBBUwE4IRc25zLmFtYXpvbmF3cy5jb20wEwYDVR0gBAww
CjAIBgZngQwBAgEwDgYDVR0PAQH/BAQDAgWgMBMGA1UdJQQMMAoGCCsGAQUFBwMB
MDsGA1UdHwQ0MDIwMKAuoCyGKmh0dHA6Ly9jcmwucjJtMDEuYW1hem9udHJ1c3Qu
Y29tL3IybTAxLmNybDB1BggrBgEFBQcBAQRpMGcwLQYIKwYBBQUHMAGGIWh0dHA6
Ly9vY3NwLnIybTAxLmFtYXpvbnRydXN0LmNvbTA2BggrBgEFBQcwAoYqaHR0cDov
L2NydC5yMm0wMS5hbWF6b250cnVzdC5jb20vcjJtMDEuY2VyMAwGA1UdEwEB/wQC
MAAwggF/BgorBgEEAdZ5AgQCBIIBbwSCAWsBaQB3ANdtfRDRp/V3wsfpX9cAv/mC
yTNaZeHQswFzF8DIxWl3AAABmnAb33MAAAQDAEgwRgIhANXAgMEZWU326cqxqwnf
ntD0XcBjRbmvVMOp3hZ8boPXAiEAkI3NTMXcdLCChHak1ipOae7K7r3spMGUMk6Q
cEUKqBEAdgDCMX5XRRmjRe5/ON6ykEHrx8IhWiK/f9W1rXaa2Q5SzQAAAZpwG9+u
AAAEAwBHMEUCIQD+Qyok8NYaFuQkccW+XIMmxHxj6Yka2wjtg6UN/tbU5wIgcp4z
8MyC/dUfeLRuHAt0owtVgEu7xXqrMBOYlbXrfC4AdgDLOPcViXyEoURfW8Hd+8lu
8ppZzUcKaQWFsMsUwxRY5wAAAZpwG9+yAAAEAwBHMEUCIQCmu1jQUG9A2br7OqwM
FvQXtBX10yIvvDa6a2Ov1Zgg6gIgKlqRvN6WhX0pSHAN2bKmjRwIUI3X9kjS/A/m
DYULaV4wDQYJKoZIhvcNAQELBQADggEBAIbTQWQhqrG6SzwLq79tKCpI0aL0xlD+
/jrGPxpwTlK7rtAArHiEVh/bsmwLYRlIxPBiU+NE/kqeT0lhJA6/e3X3KRmnpJ6u
Z70PJGYwmZbSRsFom0vGFBMncX0qYx1iD0dooPeAkkSnM5j81rBh+FepV3HfF+tA
9gaglWLsU7Z/A0fdn9D32UPreVHloOut5EyEinvXRUAWZco9CRloyEXJr7Mxq9MZ
vYOK+5wuSPHnPij+fGlQsPxEgoTnCmU03PqNS49kL13jjEnYYdijqL+4rfHtuZbc
4hlVoZfttwg8wD3m5brhQ+GkBBNYN8HFtdVy/BnFi+SPJqv6BgB3Y00=
-----END CERTIFICATE-----
`;
const TopicArn = 'arn:aws:sns:us-west-2:131990247566:dongie-standard-topic';
const common = { TopicArn, SigningCertURL: certificateUrl };
const version1 = {
  ...common,
  Type: 'Notification',
  MessageId: '26858270-545e-5848-82a2-e05566af3dcf',
  Subject: 'My message subject',
  Message: 'Hello! This message has a subject.',
  Timestamp: '2026-03-06T19:53:21.424Z',
  SignatureVersion: '1',
  Signature:
    'jvNSgHVOF9KUOKI3bmQZhURD0kDN6txhfjiyuvnV95Dw6b2SRa7nq3AhM8agP0KUCIrRgKHqUlN6K2XBA35Lzkx1eI5RT0oXIN00pvvzGxSz0ddnuSGmDJM7bd/b1vl2RlLjz+KvkhzEtspxLnxjLsGl2EpOmztt+um7owb4475sOLdGTx1QiFV/8HqB2J0DyjeWdRZvu7Xpsf1Yd2rgmijFoz8x89Vw8pIksjczr4q16pxdh/XKWjbN2uPoC+3EeYdljL8KUvLYH9ueHSs5E9qq2iLdze4+FtANnE73XRvvSGE0KI+FGOvz1igest6qon3g1/CVy4mq3n19TsCSmA==',
};
const version2 = {
  ...common,
  Type: 'Notification',
  MessageId: '9d2c5580-b61d-550c-8583-37a582870907',
  Message: 'This message uses signature version 2.',
  Timestamp: '2026-03-06T20:00:26.893Z',
  SignatureVersion: '2',
  Signature:
    'kGNJ7FIM5DJxRv9bdoSJBty2WHpADFWrJ0ZQU/A2sALy6tBE5hqfUvPRlklTJ+PACFMguoFOO7W6ac/Bs4gR+JBRFhx4598X8/HWzrmaLrtB2f7nzViHbpzYN+u+OewXhxjj2lNsu0bLKv6fogkACytDIOhjZylbfJoPphDYAB7T3Ila7u+K3m2wLHH4k1cPYKyBf5FI/kAoQAVsY6qFHeb6CWfHsdM98I2gwyEvwJSzW0iyYBfqckmthQwH3Ex53jrhQlZylXFDYmstSJAdvbLeGqIUxKyk+O25wYgBjbbbeR+2qE2UCGEQrk1Bq018wmTxdHZmDhoBjJXiGmFkfg==',
};
const Token =
  '2336412f37fb687f5d51e6e2425929f52e8e353134fe72d55ef8b330217d82da14007cbccefffd35b695feb8f0294d01fd9644f41e1ddfad261519a2c0bac743ff375eeb64530147d2da57f3acc54739da14c8dbd48a9d58ce996eff0d498ea6b4b9f58720d8959b52b99b8de148081720d7da17434e376614a00c992e7823e4';
const confirmation = {
  ...common,
  Type: 'SubscriptionConfirmation',
  MessageId: 'f3f2fc87-c426-4c2f-9044-b55890c0939c',
  Token,
  Message: `You have chosen to subscribe to the topic ${TopicArn}.\nTo confirm the subscription, visit the SubscribeURL included in this message.`,
  SubscribeURL: `https://sns.us-west-2.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${TopicArn}&Token=${Token}`,
  Timestamp: '2026-03-06T19:31:32.895Z',
  SignatureVersion: '1',
  Signature:
    'Ce2Ax8UbEq0RrVH7gsjP9WZ9bzif7dUkAY4OH99Pv7FSrvs8cK+uiH3a6ig54rXWUnZRUejk8K6KeK5Q80O9iJp8KbPRKdQ0PkJ3YASdabhfK0e7evC05YR2pFoS6nNaqNzT7HrR1d1Z9iLoFxluo2Dzb7kWVB7e9jp/y+ZBXRzRIaZgscM84kahBc6QgXOFJA1/PFA4cB5qaa6tBcUFtTE63o9vJ4wMmKk93W9MoszC+dNJeVFr8VHmt3toR+3JauBCZnGdgXgsDhni4PduSfWJJxEpuOK41iYf1hW+xFNFFsv46siTFiHdHiYDfI7/VlaY4spMgkq3EndRr7rHzQ==',
};

type Answers = Record<string, () => Response>;

/** SNS as the internet has it: the certificate at its address, and what else a test adds. */
function messages(options: { now?: string; topicArns?: string[]; endpoint?: string; answers?: Answers } = {}) {
  const asked: string[] = [];
  const answers: Answers = { [certificateUrl]: () => new Response(certificate), ...options.answers };
  const reader = new SnsMessages({
    topicArns: options.topicArns ?? [TopicArn],
    endpoint: options.endpoint,
    clock: { now: () => new Date(options.now ?? '2026-03-06T20:01:00Z') },
    fetch: async (url) => {
      asked.push(String(url));
      const [address = ''] = String(url).split('?');
      const answer = answers[address];
      if (!answer) throw new TypeError('fetch failed');
      return answer();
    },
  });
  return { asked, open: (message: unknown) => reader.open(typeof message === 'string' ? message : JSON.stringify(message)) };
}

it.each([
  ['1, with a subject', version1],
  ['2, without one', version2],
])('opens what SNS signed, version %s', async (_version, message) => {
  expect(await messages().open(message)).toBe(message.Message);
});

it('the certificate is fetched once', async () => {
  const { asked, open } = messages();
  for (const message of [version1, version2, version1]) await open(message);
  expect(asked).toEqual([certificateUrl]);
});

it.each<[string, Record<string, unknown>]>([
  ['another text', { ...version2, Message: 'This message uses signature version 3.' }],
  ['another time', { ...version2, Timestamp: '2026-03-06T20:00:27.893Z' }],
  ['another id', { ...version2, MessageId: '9d2c5580-b61d-550c-8583-37a582870908' }],
  ['a subject that was not signed', { ...version2, Subject: 'x' }],
  ['a subject taken away', { ...version1, Subject: undefined }],
  ['a version below the signed one', { ...version2, SignatureVersion: '1' }],
  ['a version above the signed one', { ...version1, SignatureVersion: '2' }],
  ['no version that SNS has', { ...version2, SignatureVersion: '3' }],
  ['another signature', { ...version2, Signature: version1.Signature }],
  ['no signature', { ...version2, Signature: '' }],
  ['another kind', { ...version2, Type: 'UnsubscribeConfirmation' }],
])('refuses %s', async (_what, message) => {
  await expect(messages().open(message)).rejects.toMatchObject({ code: 'not_found' });
});

it.each(['', 'null', '[]', '{}', '{"Type":"Notification"}', 'x'.repeat(100)])('refuses what is no message at all: %s', async (body) => {
  await expect(messages().open(body)).rejects.toMatchObject({ code: 'not_found' });
});

it('nothing of a topic that is not ours counts, and nothing is fetched for it', async () => {
  const { asked, open } = messages({ topicArns: [`${TopicArn}-of-ours`] });
  await expect(open(version2)).rejects.toMatchObject({ code: 'not_found' });
  expect(asked).toEqual([]);
});

it.each([
  ['too old', '2026-03-06T21:10:00Z', version2],
  ['from the future', '2026-03-06T19:50:00Z', version2],
])('refuses what is %s, before anything is fetched', async (_what, now, message) => {
  const { asked, open } = messages({ now });
  await expect(open(message)).rejects.toMatchObject({ code: 'not_found' });
  expect(asked).toEqual([]);
});

it('SNS may try for an hour', async () => {
  expect(await messages({ now: '2026-03-06T21:00:00Z' }).open(version2)).toBe(version2.Message);
});

it.each([
  'http://sns.us-west-2.amazonaws.com/SimpleNotificationService-7506a1e35b36ef5a444dd1a8e7cc3ed8.pem',
  'https://sns.us-west-2.amazonaws.com.evil.example/SimpleNotificationService-7506a1e35b36ef5a444dd1a8e7cc3ed8.pem',
  'https://evil.example/sns.us-west-2.amazonaws.com/SimpleNotificationService-7506a1e35b36ef5a444dd1a8e7cc3ed8.pem',
  'https://sns.us-west-2.amazonaws.com@evil.example/SimpleNotificationService-7506a1e35b36ef5a444dd1a8e7cc3ed8.pem',
  'https://user@sns.us-west-2.amazonaws.com/SimpleNotificationService-7506a1e35b36ef5a444dd1a8e7cc3ed8.pem',
  'https://sns.us-west-2.amazonaws.com:8443/SimpleNotificationService-7506a1e35b36ef5a444dd1a8e7cc3ed8.pem',
  'https://my-bucket.s3.amazonaws.com/SimpleNotificationService-7506a1e35b36ef5a444dd1a8e7cc3ed8.pem',
  'https://sns.us-west-2.amazonaws.com/?Action=GetTopicAttributes&x=/SimpleNotificationService-7506a1e35b36ef5a444dd1a8e7cc3ed8.pem',
  'https://sns.us-west-2.amazonaws.com/evil/SimpleNotificationService-7506a1e35b36ef5a444dd1a8e7cc3ed8.pem',
  'https://sns.us-west-2.amazonaws.com/SimpleNotificationService-7506a1e35b36ef5a444dd1a8e7cc3ed8.pem?x=1',
  'https://169.254.169.254/latest/meta-data',
  'file:///etc/passwd',
])('a certificate is never looked for at %s', async (SigningCertURL) => {
  const { asked, open } = messages();
  await expect(open({ ...version2, SigningCertURL })).rejects.toMatchObject({ code: 'not_found' });
  expect(asked).toEqual([]);
});

it('where something stands in for SNS, SNS itself does not count, nor anything else', async () => {
  const { asked, open } = messages({ endpoint: 'http://127.0.0.1:8025' });
  await expect(open(version2)).rejects.toMatchObject({ code: 'not_found' });
  await expect(open({ ...version2, SigningCertURL: 'http://127.0.0.1:8026/SimpleNotificationService-7506a1e35b36ef5a444dd1a8e7cc3ed8.pem' })).rejects.toMatchObject({ code: 'not_found' });
  expect(asked).toEqual([]);
});

it('a certificate counts only while it is valid', async () => {
  const { asked, open } = messages({ now: '2026-11-01T00:00:00Z' });
  await expect(open({ ...version2, Timestamp: '2026-11-01T00:00:00.000Z' })).rejects.toMatchObject({ code: 'not_found' });
  expect(asked).toEqual([certificateUrl]);
});

it.each([
  ['CN=sns.amazonaws.com', true],
  ['C=US\nO=Amazon\nCN=sns.amazonaws.com', true],
  ['CN=sns-us-gov-west-1.amazonaws.com', true],
  ['CN=sns-cn-north-1.amazonaws.com.cn', true],
  ['CN=sns-signing.me-south-1.amazonaws.com', true],
  ['CN=sqs.amazonaws.com', false],
  ['CN=sns.s3.amazonaws.com', false],
  ['CN=sns.amazonaws.com.evil.example', false],
  ['O=CN=sns.amazonaws.com', false],
])('a certificate for %j is one of SNS: %s', (subject, expected) => expect(isOfSns(subject)).toBe(expected));

it.each<[string, () => Response, string]>([
  ['there is none', () => new Response('', { status: 404 }), 'not_found'],
  ['it is refused', () => new Response('', { status: 403 }), 'not_found'],
  ['SNS is in trouble', () => new Response('', { status: 503 }), 'unavailable'],
  ['something else answers', () => new Response('<html>Welcome to the hotel Wi-Fi</html>'), 'unavailable'],
])('when the certificate is looked for and %s: %s', async (_what, answer, code) => {
  let bad = true;
  const { open } = messages({ answers: { [certificateUrl]: () => (bad ? answer() : new Response(certificate)) } });
  await expect(open(version2)).rejects.toMatchObject({ code });
  // Nothing bad is remembered.
  bad = false;
  expect(await open(version2)).toBe(version2.Message);
});

it('forgeries that name ever new certificates make us look for a few of them only', async () => {
  const { asked, open } = messages();
  const forged = (number: number) => ({ ...version2, SigningCertURL: `https://sns.us-west-2.amazonaws.com/SimpleNotificationService-${String(number).padStart(32, '0')}.pem` });
  for (let number = 0; number < 50; number += 1) await expect(open(forged(number))).rejects.toMatchObject({ code: 'unavailable' });
  expect(asked.length).toBeLessThanOrEqual(10);
});

it('a subscription is confirmed with SNS itself, at an address made from the topic', async () => {
  const { asked, open } = messages({ now: '2026-03-06T19:32:00Z', answers: { 'https://sns.us-west-2.amazonaws.com/': () => new Response('<ConfirmSubscriptionResponse/>') } });
  expect(await open(confirmation)).toBeUndefined();
  expect(asked).toHaveLength(2);
  expect(asked[1]).toBe(`https://sns.us-west-2.amazonaws.com/?Action=ConfirmSubscription&TopicArn=${encodeURIComponent(TopicArn)}&Token=${Token}`);
});

it.each<[string, Record<string, unknown>]>([
  ['with another address to visit', { SubscribeURL: 'https://evil.example/' }],
  ['with another token', { Token: '1234' }],
  ['without a token', { Token: undefined }],
])('a subscription %s is not confirmed', async (_what, changes) => {
  const { asked, open } = messages({ now: '2026-03-06T19:32:00Z' });
  await expect(open({ ...confirmation, ...changes })).rejects.toMatchObject({ code: 'not_found' });
  expect(asked).toEqual([certificateUrl]);
});

it('a confirmation that SNS does not take is tried again by SNS', async () => {
  const { open } = messages({ now: '2026-03-06T19:32:00Z', answers: { 'https://sns.us-west-2.amazonaws.com/': () => new Response('', { status: 500 }) } });
  await expect(open(confirmation)).rejects.toMatchObject({ code: 'unavailable' });
});
