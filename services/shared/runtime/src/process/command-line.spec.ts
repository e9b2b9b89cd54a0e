import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { misused, numberOption, readCommandLine } from './command-line.ts';

/** In the place of the end of the process. */
class Exit extends Error {
  readonly code: unknown;

  constructor(code: unknown) {
    super(`exit ${code}`);
    this.code = code;
  }
}

let told: unknown[];
let complained: unknown[];

beforeEach(() => {
  told = [];
  complained = [];
  jest.spyOn(console, 'log').mockImplementation((line) => void told.push(line));
  jest.spyOn(console, 'error').mockImplementation((line) => void complained.push(line));
  jest.spyOn(process, 'exit').mockImplementation((code) => {
    throw new Exit(code);
  });
});

afterEach(() => {
  jest.restoreAllMocks();
});

function exitOf(attempt: () => unknown): unknown {
  try {
    return attempt();
  } catch (error) {
    return error instanceof Exit ? error.code : error;
  }
}

const COMMAND = {
  name: 'dlq',
  help: 'dlq: shows dead letters.',
  options: { from: { type: 'string' }, all: { type: 'boolean' } },
  words: 1,
} as const;

describe('readCommandLine', () => {
  it('answers the options and the words', () => {
    const { values, words } = readCommandLine(COMMAND, ['--from', '7', 'list', '--all']);
    expect([{ ...values }, words]).toEqual([{ from: '7', all: true }, ['list']]);
    expect(complained).toEqual([]);
  });

  it.each(['--help', '-h'])('prints its help for %s and does nothing', (word) => {
    expect(exitOf(() => readCommandLine(COMMAND, [word]))).toBe(0);
    expect(told).toEqual([COMMAND.help]);
  });

  it.each([
    ['an unknown option', ['--nada'], `dlq: Unknown option '--nada'; --help tells what it takes.`],
    ['an option without its value', ['--from'], /^dlq: Option '--from <value>' argument missing; --help/],
    ['a word too many', ['a', 'b'], 'dlq: "b" is one word too many; --help tells what it takes.'],
  ])('ends with one sentence and 2 for %s', (_, args, sentence) => {
    expect(exitOf(() => readCommandLine(COMMAND, args))).toBe(2);
    expect(complained).toEqual([typeof sentence === 'string' ? sentence : expect.stringMatching(sentence)]);
  });

  it('takes no words and no options but its help unless it says so', () => {
    const plain = { name: 'reset', help: 'reset: forgets.' };
    expect(readCommandLine(plain, []).words).toEqual([]);
    expect(exitOf(() => readCommandLine(plain, ['agora']))).toBe(2);
    expect(exitOf(() => readCommandLine(plain, ['--all']))).toBe(2);
  });

  it('does not take a mistake in the command itself for one of who calls it', () => {
    const wrong = { ...COMMAND, options: { from: { type: 'date' } } } as unknown as typeof COMMAND;
    expect(exitOf(() => readCommandLine(wrong, []))).toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
    expect(complained).toEqual([]);
  });
});

describe('misused', () => {
  it('ends with 2', () => {
    expect(exitOf(() => misused('dlq', 'no'))).toBe(2);
  });
});

describe('numberOption', () => {
  const number = (text: string, bounds: { min: number; integer?: boolean } = { min: 1 }) =>
    exitOf(() => numberOption('dlq', 'from', text, bounds));

  it.each([
    ['1', { min: 1 }, 1],
    [' 7 ', { min: 1 }, 7],
    ['1.5', { min: 1, integer: false }, 1.5],
    ['0', { min: 0 }, 0],
  ])('takes "%s"', (text, bounds, expected) => {
    expect(number(text, bounds)).toBe(expected);
    expect(complained).toEqual([]);
  });

  it.each([
    ['', 'a whole number from 1 up, not ""'],
    ['  ', 'a whole number from 1 up, not "  "'],
    ['0', 'a whole number from 1 up, not "0"'],
    ['1.5', 'a whole number from 1 up, not "1.5"'],
    ['x', 'a whole number from 1 up, not "x"'],
    ['Infinity', 'a whole number from 1 up, not "Infinity"'],
  ])('refuses "%s"', (text, wanted) => {
    expect(number(text)).toBe(2);
    expect(complained).toEqual([`dlq: --from wants ${wanted}; --help tells what it takes.`]);
  });

  it('refuses what is no number also where fractions are taken', () => {
    expect(number('', { min: 0, integer: false })).toBe(2);
    expect(complained).toEqual(['dlq: --from wants a number from 0 up, not ""; --help tells what it takes.']);
  });
});
