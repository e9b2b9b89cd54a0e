import { describe, expect, it } from '@jest/globals';
import {
  ConfigError,
  flag,
  hexKey,
  hexKeys,
  integer,
  list,
  loadConfig,
  oneOf,
  optional,
  secret,
  text,
  url,
  urls,
} from './config.ts';

describe('loadConfig', () => {
  it('answers typed values', () => {
    const config = loadConfig(
      {
        PORT: '50052',
        NAME: ' reservas ',
        DB: 'postgres://u:p@h/d',
        ON: 'true',
        TAGS: 'a, b,',
        KEY: 'ab'.repeat(16),
        LEVEL: 'info',
      },
      {
        port: integer('PORT'),
        name: text('NAME'),
        db: url('DB', ['postgres', 'postgresql']),
        on: flag('ON'),
        tags: list('TAGS'),
        key: hexKey('KEY'),
        level: oneOf('LEVEL', ['info', 'debug']),
      },
    );
    expect(config).toEqual({
      port: 50052,
      name: 'reservas',
      db: 'postgres://u:p@h/d',
      on: true,
      tags: ['a', 'b'],
      key: Buffer.from('ab'.repeat(16), 'hex'),
      level: 'info',
    });
  });

  it('takes the default, and undefined for an optional field, when the variable is missing or empty', () => {
    expect(loadConfig({ B: '' }, { a: integer('A', { default: 7 }), b: optional(text('B')) })).toEqual({
      a: 7,
      b: undefined,
    });
  });

  it('takes each of the words, with nothing around them, and no other', () => {
    const level = (LEVEL: string) =>
      loadConfig({ LEVEL }, { level: oneOf('LEVEL', ['info', 'debug']) }).level;
    expect([level('info'), level(' debug ')]).toEqual(['info', 'debug']);
    expect(() => level('Debug')).toThrow('LEVEL needs one of info, debug');
  });

  it('takes several addresses and keys, whatever space is around them', () => {
    const env = { URLS: 'nats://a:1 , tls://b:2', KEYS: `${'ab'.repeat(16)} , ${'CD'.repeat(16)}` };
    expect(loadConfig(env, { urls: urls('URLS', ['nats', 'tls']), keys: hexKeys('KEYS') })).toEqual({
      urls: ['nats://a:1', 'tls://b:2'],
      keys: [Buffer.alloc(16, 0xab), Buffer.alloc(16, 0xcd)],
    });
  });

  it.each([
    ['a whole number', integer('A', { min: 2, max: 4 }), '2', '1'],
    ['a whole number of its upper end', integer('A', { min: 2, max: 4 }), '4', '5'],
    ['a number of 31 bits', integer('A'), '2147483647', '2147483648'],
    ['no negative number unless told', integer('A'), '0', '-1'],
    ['a number and nothing else', integer('A'), '7', '7.5'],
    ['a secret of 16 characters', secret('A'), 'x'.repeat(16), 'x'.repeat(15)],
    ['a key of 16 bytes', hexKey('A'), 'ab'.repeat(16), 'ab'.repeat(15)],
    ['keys of 16 bytes', hexKeys('A'), 'ab'.repeat(16), `${'ab'.repeat(16)},${'ab'.repeat(15)}`],
    ['whole bytes', hexKey('A', { minBytes: 1 }), 'ab', 'abc'],
    ['bytes in hexadecimal', hexKey('A', { minBytes: 1 }), 'ab', 'ag'],
    ['true or false', flag('A'), 'false', 'no'],
    ['an address of its scheme', url('A', ['http']), 'http://a', 'https://a'],
    ['an address', url('A', ['http']), 'http://a', 'a'],
  ])('takes %s', (_, spec, good, wrong) => {
    expect(() => loadConfig({ A: good }, { a: spec as never })).not.toThrow();
    expect(() => loadConfig({ A: wrong }, { a: spec as never })).toThrow(ConfigError);
  });

  it('lists every problem at once without repeating a value', () => {
    const attempt = () =>
      loadConfig(
        { PORT: 'fifty', SECRET: 'hunter2', DB: 'mysql://root:hunter2@h' },
        {
          port: integer('PORT'),
          secret: secret('SECRET'),
          db: url('DB', ['postgres']),
          missing: text('MISSING'),
        },
      );
    expect(attempt).toThrow(ConfigError);
    try {
      attempt();
    } catch (error) {
      const { problems, message } = error as ConfigError;
      expect(problems).toEqual([
        'PORT needs a whole number from 0 to 2147483647',
        'SECRET needs at least 16 characters',
        'DB needs a URL that starts with postgres://',
        'MISSING is missing',
      ]);
      expect(message).not.toContain('hunter2');
    }
  });

  it('takes several keys, the newest first, and refuses the list for one that is too short', () => {
    const fields = { keys: hexKeys('KEYS', { minBytes: 2 }) };
    expect(loadConfig({ KEYS: '0102, 0304' }, fields).keys).toEqual([Buffer.of(1, 2), Buffer.of(3, 4)]);
    for (const KEYS of ['0102,', '0102,03', 'zz'])
      expect(() => loadConfig({ KEYS }, fields)).toThrow('KEYS needs at least 2 bytes in hexadecimal');
  });
});
