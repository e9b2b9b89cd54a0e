import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '@plataforma/runtime/config';
import { fields } from './config.ts';

const { masterKey, serviceClients, trustedProxies, credentialsPerMinute, adminEmail, adminPassword } = fields;
const own = { masterKey, serviceClients, trustedProxies, credentialsPerMinute, adminEmail, adminPassword };
const MASTER_KEY = 'ab'.repeat(32);

describe('the configuration of auth', () => {
  it('lets no service and no proxy in, makes no administrator and allows 20 attempts, unless it is told', () => {
    expect(loadConfig({ MASTER_KEY }, own)).toEqual({
      masterKey: Buffer.alloc(32, 0xab),
      serviceClients: [],
      trustedProxies: [],
      credentialsPerMinute: 20,
      adminEmail: undefined,
      adminPassword: undefined,
    });
  });

  it('takes a password of eight characters for the first administrator', () => {
    const env = { MASTER_KEY, ADMIN_EMAIL: 'admin@exemplo.com', ADMIN_PASSWORD: '12345678' };
    expect(loadConfig(env, own)).toMatchObject({ adminPassword: '12345678' });
  });

  it.each([
    ['no master key', { MASTER_KEY: '' }, 'MASTER_KEY'],
    ['a master key of 31 bytes', { MASTER_KEY: 'ab'.repeat(31) }, 'MASTER_KEY'],
    ['no attempt at all', { CREDENTIALS_PER_MINUTE: '0' }, 'CREDENTIALS_PER_MINUTE'],
    [
      'more attempts than there are milliseconds',
      { CREDENTIALS_PER_MINUTE: '60001' },
      'CREDENTIALS_PER_MINUTE',
    ],
    ['a password of seven characters', { ADMIN_PASSWORD: '1234567' }, 'ADMIN_PASSWORD'],
  ])('is refused with %s', (_, env, name) => {
    expect(() => loadConfig({ MASTER_KEY, ...env }, own)).toThrow(name);
  });
});
