import { describe, expect, it } from '@jest/globals';
import type { Sql } from '@plataforma/runtime/transaction';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import type { Redis } from 'ioredis';
import type { DataSource } from 'typeorm';
import { PostgresChavesRepository } from '../../src/chaves/infrastructure/chaves-repository.ts';
import { PostgresColeta } from '../../src/exportacoes/infrastructure/coleta.ts';
import { PostgresFatoresRepository } from '../../src/fatores/infrastructure/fatores-repository.ts';
import { RedisTentativas } from '../../src/google/infrastructure/redis-tentativas.ts';
import { PostgresChavesPessoais } from '../../src/pessoais/infrastructure/chaves-pessoais-repository.ts';
import { type Finalidade, Selos } from '../../src/selos/infrastructure/selos.ts';

/** Under this master key everything below was sealed once, by the code of November 2026. It stays as it is. */
const MASTER = Buffer.alloc(32, 1);

const selos = (finalidade: Finalidade) =>
  new Selos({ masterKey: MASTER, previousMasterKey: undefined }, finalidade);

const answering = (...rows: readonly object[]) => ({ query: async () => rows }) as unknown as Sql;

const hex = (text: string) => Buffer.from(text.replaceAll(/\s/g, ''), 'hex');

const PRIVADA = hex(`
  3b5dcfcd6d7766833b89660028226d4b01c3e69d571cc5019a0a19795aa8ff9c81143323779182f4edbca3204e6fb4c0e1b44982f565b0
  8d859db64e0621ee3687d84943527b8b17ff41983e`);

const SEGREDO = hex(`
  8f844bcb933012035472adbf4f3c7ffb3025990168c0b58ea1a2fb5df0a9352f02851d6cb3ec68af6e2cafb9c7ee659f`);

const CHAVE = hex(`
  3aa14a6d6b4dfe253e14c0c621befc80b2772427b6eda97dcf176d50de102797865ec6b3f121abc193d2e3155913ca7b5d4c986b50ac0f
  12aa256db2`);

const PARTE = hex('6b6bd430cdf0ecc9a8f0d31942371ac97d9c4cf78aa2e223b2673ba2dd750a676b10dad09ea6006769a3');

const TENTATIVA = `
  q2mYZV0ehkbL9PazAaMbGkTsL8zA335wnR8+y808sGiKFxnA4q3co6HZnXOkdCW9sfyAQ5Tn0vzg1CAlfdbJVctDetw+SJdP97ntP5cy2Ml8tD
  W0knU/ZnbpVSRQlUT4zgM=`.replaceAll(/\s/g, '');

describe('what is stored sealed can be read by every version to come:', () => {
  it('the private half of a signing key', async () => {
    const manager = answering({ kid: 'kid-1', privada_cifrada: PRIVADA });
    const chaves = new PostgresChavesRepository({
      ...{ dataSource: { manager } as unknown as DataSource, clock: new FixedClock('2026-11-30T12:00:00Z') },
      selos: selos('signing-keys'),
    });
    expect(await chaves.ativa()).toMatchObject({ kid: 'kid-1' });
  });

  it('the secret of an authenticator app', async () => {
    const row = { id: '0190f5a0-0000-7000-8000-000000000001', usuarioId: 'cli_ana', segredoCifrado: SEGREDO };
    const fator = await new PostgresFatoresRepository(answering(row), selos('totp-secrets')).doUsuario(
      'cli_ana',
    );
    expect(fator?.estado.segredo).toEqual(Buffer.from('12345678901234567890'));
  });

  it('the key of a person', async () => {
    const row = { chave: CHAVE, selo: 'e655dfd084f97b4b' };
    const chaves = new PostgresChavesPessoais(answering(row), selos('personal-keys'));
    expect(await chaves.chaveDe('cli_ana')).toEqual(Buffer.alloc(32, 9));
  });

  it('a part of an archive', async () => {
    const master = { query: async () => ({ command: 'SELECT', rows: [{ conteudo: PARTE }] }) };
    const dataSource = { driver: { master } } as unknown as DataSource;
    const coleta = new PostgresColeta(dataSource, selos('exports'));
    const { value: parte } = await coleta.partes({ id: 'exp_1', partes: 1 }).next();
    expect(String(parte)).toBe('{"nome":"Ana"}');
  });

  it('an attempt to log in with Google', async () => {
    const redis = { eval: async () => TENTATIVA } as unknown as Redis;
    const tentativas = new RedisTentativas(redis, selos('google-logins'));
    expect(await tentativas.take('state-1', { navegador: 'n' })).toEqual({
      ...{ state: 'state-1', redirectUri: 'https://exemplo.com/volta', nonce: 'n', verifier: 'v' },
    });
  });
});

describe('the name of a key that seals', () => {
  it('stays as rows have it', () => {
    expect(selos('totp-secrets').nome).toBe('19daf2383368ece4');
    expect(selos('personal-keys').nome).toBe('e655dfd084f97b4b');
  });
});
