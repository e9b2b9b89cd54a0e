import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { nkeys } from '@nats-io/transport-node';
import { type Env, loadConfig } from '../process/config.ts';
import { natsAccess, natsFields } from './nats-access.ts';

const access = (env: Env) => natsAccess(loadConfig({ NATS_URL: 'nats://a:1', ...env }, natsFields));

/** What is shown to a server that asks who comes. */
const shown = (env: Env) => access(env).authenticator?.('nonce');

describe('how a process proves who it is', () => {
  let folder: string;
  const user = nkeys.createUser();
  const seed = new TextDecoder().decode(user.getSeed());

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'nats-access-'));
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  function file(name: string, text: string): string {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  }

  it('does not show anything unless it is told to', () => {
    expect(access({})).toEqual({ servers: ['nats://a:1'] });
  });

  it.each([
    ['a user and a password', { NATS_USER: 'u', NATS_PASSWORD: 'p' }, { user: 'u', pass: 'p' }],
    ['a token', { NATS_TOKEN: 't' }, { auth_token: 't' }],
    ['a user in the address', { NATS_URL: 'nats://u:p%40@a:1' }, { user: 'u', pass: 'p@' }],
    ['a token in the address', { NATS_URL: 'nats://t%3A@a:1' }, { auth_token: 't:' }],
    ['a user in one of the addresses', { NATS_URL: 'nats://a:1,nats://u:p@b:2' }, { user: 'u', pass: 'p' }],
  ])('shows %s', (_, env, expected) => {
    expect(shown(env)).toEqual(expected);
  });

  it('signs with the key of a file, whatever space is around it', () => {
    const NATS_NKEY_FILE = file('nkey', `\n ${seed} \n`);
    expect(shown({ NATS_NKEY_FILE })).toMatchObject({ nkey: user.getPublicKey(), sig: expect.any(String) });
  });

  it('shows the credentials of a file, also without a line end behind them', () => {
    const NATS_CREDS_FILE = file(
      'creds',
      [
        ...['-----BEGIN NATS USER JWT-----', 'jwt', '------END NATS USER JWT------', ''],
        ...['-----BEGIN USER NKEY SEED-----', seed, '------END USER NKEY SEED------'],
      ].join('\n'),
    );
    expect(shown({ NATS_CREDS_FILE })).toMatchObject({ jwt: 'jwt', sig: expect.any(String) });
  });

  it.each([
    ['NATS_USER', 'NATS_TOKEN', { NATS_USER: 'u', NATS_PASSWORD: 'p', NATS_TOKEN: 't' }],
    ['NATS_TOKEN', 'NATS_URL', { NATS_TOKEN: 't', NATS_URL: 'nats://a:1,nats://u:p@b:2' }],
  ])('takes %s and %s together for a mistake', (first, second, env) => {
    expect(() => access(env)).toThrow(`NATS: more than one way to log in: ${first}, ${second}`);
  });

  it('does not take a file that is there for one more way to log in by itself', () => {
    const NATS_NKEY_FILE = file('nkey', seed);
    expect(() => access({ NATS_NKEY_FILE, NATS_TOKEN: 't' })).toThrow('NATS_TOKEN, NATS_NKEY_FILE');
  });

  describe('over TLS', () => {
    it('asks for it where an address does, of any server', () => {
      expect(access({ NATS_URL: 'tls://a:1' })).toEqual({ servers: ['tls://a:1'], tls: {} });
      expect(access({ NATS_URL: 'nats://a:1,tls://b:2' }).tls).toEqual({});
    });

    it('asks for it where certificates are named', () => {
      const [caFile, certFile, keyFile] = ['ca', 'cert', 'key'].map((name) => file(name, '')) as [
        string,
        string,
        string,
      ];
      expect(access({ NATS_CA_FILE: caFile }).tls).toEqual({ caFile });
      expect(access({ NATS_CERT_FILE: certFile, NATS_KEY_FILE: keyFile }).tls).toEqual({ certFile, keyFile });
      const all = { NATS_CA_FILE: caFile, NATS_CERT_FILE: certFile, NATS_KEY_FILE: keyFile };
      expect(access(all).tls).toEqual({ caFile, certFile, keyFile });
    });

    it.each([
      ['NATS_CA_FILE', { NATS_CA_FILE: '/nada' }],
      ['NATS_CERT_FILE', { NATS_CERT_FILE: '/nada', NATS_KEY_FILE: '/dev/null' }],
      ['NATS_KEY_FILE', { NATS_CERT_FILE: '/dev/null', NATS_KEY_FILE: '/nada' }],
    ])('refuses a %s that cannot be read', (name, env) => {
      expect(() => access(env)).toThrow(`${name} cannot be read (ENOENT)`);
    });

    it.each([{ NATS_CERT_FILE: '/dev/null' }, { NATS_KEY_FILE: '/dev/null' }])(
      'refuses half of a pair: %j',
      (env) => {
        expect(() => access(env)).toThrow('NATS_CERT_FILE and NATS_KEY_FILE: one of them is missing');
      },
    );
  });
});
