import { describe, expect, it } from '@jest/globals';
import { Secrets } from './secrets.ts';

const TOKEN = `eyJhbGciOiJSUzI1NiJ9.${'cGF5bG9hZA'.repeat(6)}.${'c2lnbmF0dXJl'.repeat(8)}`;
const line = (value: unknown) => `${JSON.stringify({ level: 'info', msg: 'called', value })}\n`;

function knowing(...secrets: (string | Uint8Array)[]): Secrets {
  const all = new Secrets();
  for (const secret of secrets) all.keep('a secret', secret);
  return all;
}

describe('secrets that a suite has used', () => {
  it.each([
    ['as it is', 'Senha@123'],
    ['inside a text', 'the password Senha@123 is wrong'],
    ['in an address', encodeURIComponent('Senha@123')],
    ['in hexadecimal', Buffer.from('Senha@123').toString('hex')],
    ['in Base64', Buffer.from('Senha@123 ').toString('base64')],
  ])('are found in a log %s', (_, said) => {
    expect(knowing('Senha@123').foundIn(line('x') + line(said))).toEqual([
      expect.stringMatching(/^a secret in: /),
    ]);
  });

  it('are found as JSON writes them', () => {
    expect(knowing('a"senha\\é\n').foundIn(line('a"senha\\é\n'))).toHaveLength(1);
  });

  it('are found by half a token, and not by the header that all tokens have', () => {
    const secrets = knowing(TOKEN);
    const [header, payload = '', signature = ''] = TOKEN.split('.');
    expect(secrets.foundIn(line(header))).toEqual([]);
    expect(secrets.foundIn(line(payload.slice(0, 30)))).toHaveLength(1);
    expect(secrets.foundIn(line(`...${signature.slice(-30)}`))).not.toEqual([]);
  });

  it('are found as bytes', () => {
    const key = Buffer.alloc(32, 7);
    for (const said of [key.toString('hex'), key.toString('base64'), key])
      expect(knowing(key).foundIn(line(said))).not.toEqual([]);
  });

  it('are found as codes that stand alone, and not in longer numbers', () => {
    expect(knowing('123456').foundIn(line('code 123456'))).toHaveLength(1);
    expect(knowing('123456').foundIn(line(1_234_567) + line('0.123456') + line('a-123456'))).toEqual([]);
  });

  it('are not repeated by what says where they stand', () => {
    const [told = ''] = knowing('Senha@123').foundIn(line('Senha@123'));
    expect(told).not.toContain('Senha@123');
    expect(told).toContain('"value":"***"');
  });

  it('are looked for in one pass: thousands of them in megabytes within seconds', () => {
    const secrets = new Secrets();
    for (let n = 0; n < 5_000; n += 1) secrets.keep('a secret', `segredo-${n}-`);
    const log = line('nothing to see').repeat(100_000);
    const before = performance.now();
    expect(secrets.foundIn(log + line('segredo-4999-'))).toHaveLength(1);
    expect(performance.now() - before).toBeLessThan(5_000);
  });
});
