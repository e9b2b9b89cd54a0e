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
