import { Writable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { createLogger } from './logger.ts';

function capture() {
  const lines: string[] = [];
  const destination = new Writable({
    write(chunk, _, done) {
      lines.push(String(chunk));
      done();
    },
  });
  return { lines, logger: createLogger({ service: 'reservas', destination }) };
}

describe('createLogger', () => {
  it('writes one JSON line with the service and the level by name', () => {
    const { lines, logger } = capture();
    logger.info({ reservaId: 'res_1' }, 'reservation made');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'info',
      service: 'reservas',
      reservaId: 'res_1',
      msg: 'reservation made',
    });
  });

  it('says when, in UTC (ASVS 16.2.2)', () => {
    const { lines, logger } = capture();
    const before = Date.now();
    logger.info('now');
    const { time } = JSON.parse(lines[0] ?? '');
    expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(Date.parse(time)).toBeGreaterThanOrEqual(before);
  });

  it('keeps whatever a text contains in one line, and in its value (ASVS 16.4.1)', () => {
    const { lines, logger } = capture();
    const text = 'x\n{"level":"info","msg":"login"}\r\u2028\u001b[2K","caller":"cli_1"';
    logger.info({ requestId: text }, text);
    expect(lines.join('').match(/\n/g)).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ requestId: text, msg: text });
    expect(JSON.parse(lines[0] ?? '')).not.toHaveProperty('caller');
    expect(lines[0]).not.toContain('\u001b');
  });

  it('keeps the parameters of a failed query out of the line', () => {
    const { lines, logger } = capture();
    const error = Object.assign(new Error('duplicate key'), {
      code: '23505',
      parameters: ['ana@exemplo.com'],
      driverError: { detail: 'ana@exemplo.com' },
    });
    logger.error({ err: error }, 'query failed');
    expect(lines[0]).toContain('23505');
    expect(lines[0]).not.toContain('ana@exemplo.com');
  });

  it('replaces secrets up to two levels deep', () => {
    const { lines, logger } = capture();
    logger.info({ senha: 'x1', req: { authorization: 'x2', body: { refreshToken: 'x3' } } }, 'login');
    expect(lines[0]).not.toMatch(/x[123]/);
    expect(lines[0]).toContain('[redacted]');
  });
});
