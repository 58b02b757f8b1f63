import { expect, test } from 'vitest';
import { countTests } from './steps.ts';

const base = { numPassedTests: 3, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [] };

test('a file that could not be loaded is a failure', () => {
  const testResults = [{ name: 'broken.test.ts', status: 'failed', message: 'SyntaxError', assertionResults: [] }];
  expect(countTests({ ...base, testResults }, 1)).toEqual({ passed: 3, failed: 1, skipped: 0 });
});

test('a run without tests is a failure', () => {
  expect(countTests({ ...base, numPassedTests: 0 }, 0).failed).toBe(1);
});

test('an unhandled error that fails no test is a failure', () => {
  expect(countTests(base, 1).failed).toBe(1);
});

test('failed tests are counted once', () => {
  const testResults = [{ name: 'a.test.ts', status: 'failed', assertionResults: [{ status: 'failed' }, { status: 'passed' }] }];
  expect(countTests({ ...base, numFailedTests: 1, testResults }, 1).failed).toBe(1);
});
