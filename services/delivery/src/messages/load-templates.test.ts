import { describe, expect, it } from 'vitest';
import { loadTemplates, WrongTemplates } from './load-templates.ts';
import { templateFiles } from './template-files.ts';

/** The files as they are, one of them with other words. */
const withFile = (name: string, content: string) => ({ ...templateFiles, [name]: content });
const edited = (name: string, edit: (json: any) => void) => {
  const json = JSON.parse(templateFiles[name] ?? '');
  edit(json);
  return JSON.stringify(json);
};
function problemsOf(files: Record<string, string>): string[] {
  try {
    loadTemplates(files);
  } catch (error) {
    expect(error).toBeInstanceOf(WrongTemplates);
    return (error as Error).message.split('\n').slice(1).map((line) => line.trim());
  }
  return [];
}
const problemsOfEnglish = (edit: (json: any) => void) => problemsOf(withFile('en.json', edited('en.json', edit)));

it('English, Spanish, French and German are there', () => {
  expect([...loadTemplates(templateFiles).languages.keys()]).toEqual(expect.arrayContaining(['en', 'es', 'fr', 'de']));
});

it('everything wrong in every file is told at once', () => {
  const files = {
    ...templateFiles,
    'de.json': edited('de.json', (json) => {
      delete json.codes.login.sms;
      json.codes.login.smss = 'misspelt';
      json.notices.new_device.subject = 'Neue Anmeldung über {gerät}';
    }),
    'es.json': edited('es.json', (json) => (json.everyCode.validFor = 'Vale {minutes, plural, one {# minuto}}.')),
    'fr.json': '{"direction":',
    'klingonese.json': templateFiles['en.json'] ?? '',
    'layout.txt': '{{heading}} {{intro}} {{headline}}',
    'nl.jsn': '{}',
  };
  const problems = problemsOf(files);
  expect(problems).toEqual(
    expect.arrayContaining([
      'de.json: codes.login.sms is missing',
      'de.json: codes.login.smss is unknown',
      'de.json: notices.new_device.subject does not use {brand}',
      'de.json: notices.new_device.subject does not use {device}',
      'de.json: notices.new_device.subject uses {gerät}, which it is not given',
      expect.stringMatching(/^es\.json: everyCode\.validFor is no ICU message: .*OTHER/),
      expect.stringMatching(/^fr\.json: is not JSON/),
      'klingonese.json: no language has this tag',
      'layout.txt: does not show {{code}}',
      'layout.txt: {{headline}} is unknown',
      'nl.jsn: is neither a language nor a layout',
    ]),
  );
  expect(problems.filter((problem) => problem.startsWith('en.json'))).toEqual([]);
});

describe('a language file that would fail later is refused at the start', () => {
  it.each<[string, (json: any) => void, string]>([
    ['an argument in one branch only of another kind', (json) => (json.everyCode.validFor = '{minutes, plural, one {a minute} other {{hours} hours}}'), 'everyCode.validFor uses {hours}, which it is not given'],
    ['a choice that is never made', (json) => (json.facts.method = '{method, select, sms {Number} post {Letter} other {App}}'), 'facts.method {method} is never post'],
    ['words told as a date', (json) => (json.notices.invitation.note = '{account} {until, date, long}'), 'notices.invitation.note is no ICU message'],
    ['a text that needs two segments', (json) => (json.notices.two_factor_off.sms = 'x'.repeat(161)), 'notices.two_factor_off.sms is too long for one segment of a text message'],
    ['a list instead of words', (json) => (json.everyNotice.footer = ['{brand}']), 'everyNotice.footer must be words'],
    ['empty words', (json) => (json.everyNotice.notMe = ' '), 'everyNotice.notMe must be words'],
    ['a group that is no group', (json) => (json.notices = 'none'), 'notices must be an object'],
    ['a direction that is none', (json) => (json.direction = 'up'), 'direction must be ltr or rtl'],
    ['a key that every object has', (json) => (json.codes.login = JSON.parse('{"__proto__": "x"}')), 'codes.login.__proto__ is unknown'],
  ])('%s', (_, edit, problem) => {
    expect(problemsOfEnglish(edit)).toContainEqual(expect.stringContaining(`en.json: ${problem}`));
  });

  it('a layout that does not escape, or includes what is not there', () => {
    const layout = templateFiles['layout.html'] ?? '';
    expect(problemsOf(withFile('layout.html', layout.replace('{{heading}}', '{{{heading}}}')))).toContain('layout.html: {{{heading}}} is unknown');
    expect(problemsOf(withFile('layout.html', `${layout}{{> footer}}{{> other}}`))).toContain('layout.html: {{other}} is unknown');
    expect(problemsOf(withFile('layout.html', `${layout}{{#note}}`))).toContainEqual(expect.stringMatching(/^layout\.html: Unclosed section "note"/));
  });

  it('English and both layouts have to be there', () => {
    const { 'de.json': german = '' } = templateFiles;
    expect(problemsOf({ 'de.json': german })).toEqual(['en.json: is missing', 'layout.html: is missing', 'layout.txt: is missing']);
  });
});

it('a new language is one file, also one written from right to left', () => {
  const arabic = edited('en.json', (json) => {
    json.direction = 'rtl';
    json.codes.login.sms = '{code} رمز {brand}';
  });
  const { languages } = loadTemplates(withFile('ar.json', arabic));
  expect(languages.get('ar')?.direction).toBe('rtl');
  expect(languages.get('ar')?.codes.login.sms({ brand: 'Demo', code: '012345' })).toBe('012345 رمز Demo');
});
