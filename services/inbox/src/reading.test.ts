import { describe, expect, test } from 'vitest';

// The page's own module, as the browser loads it.
const { findCode, measureText } = (await import(new URL('../public/reading.js', import.meta.url).href)) as {
  findCode: (text: string) => string | undefined;
  measureText: (text: string) => { encoding: string; length: number; segments: number };
};

describe('the code in a message', () => {
  test.each([
    ['Your Latchkey code: 012345\n\n@localhost #012345', '012345'],
    ['Order 111111 is ready.\n\n@login.example.com #98765432', '98765432'],
    ['Ihr Code: 012345.', '012345'],
    ['Call +15555550100 or 1234567', undefined],
    ['Colour #123456', undefined],
    ['Nothing here', undefined],
  ])('%j is %j', (text, code) => {
    expect(findCode(text)).toBe(code);
  });
});

describe('the segments of a text', () => {
  test.each([
    ['x'.repeat(160), 'GSM-7', 160, 1],
    ['x'.repeat(161), 'GSM-7', 161, 2],
    ['x'.repeat(307), 'GSM-7', 307, 3],
    ['€'.repeat(80), 'GSM-7', 160, 1],
    ['€'.repeat(81), 'GSM-7', 162, 2],
    ['ş'.repeat(70), 'UCS-2', 70, 1],
    ['😀'.repeat(36), 'UCS-2', 72, 2],
  ])('of %s', (text, encoding, length, segments) => {
    expect(measureText(text)).toMatchObject({ encoding, length, segments });
  });
});
