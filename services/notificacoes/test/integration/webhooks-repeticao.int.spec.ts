import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { autocommit } from '@plataforma/runtime/transaction';
import { PostgresEntregasRepository } from '../../src/webhooks/infrastructure/entregas-repository.ts';
import { createServiceDatabase, type ServiceDatabase } from '../support/database.ts';

// Real servers on a busy machine: slowness is no failure.
jest.setTimeout(60_000);

const INICIO = new Date('2026-11-20T13:00:00.000Z');
const AGORA = new Date('2026-11-21T13:00:00.000Z');
const daqui = (ms: number) => new Date(INICIO.getTime() + ms);
const TUDO = { de: INICIO, ate: AGORA };

let database: ServiceDatabase;
let entregas: PostgresEntregasRepository;

beforeAll(async () => {
  database = await createServiceDatabase();
  entregas = new PostgresEntregasRepository(autocommit(database.dataSource));
});
afterAll(() => database.drop());

beforeEach(async () => {
  await database.dataSource.query('delete from webhooks');
  await database.dataSource.query('delete from webhook_eventos');
  await database.dataSource.query(
    `insert into webhooks (id, dono_id, nome, url, tipos, espacos, assinatura, chave, criado_em)
     values ('whk_1', 'cli_1', 'Loja', 'https://exemplo.com/', '{RESERVA_CRIADA}', '{esp_1}', 'HMAC', '\\x00', now())`,
  );
});

/** One event for each instant, in milliseconds; those of `outro` are of a space that is not wanted. */
async function eventos(instantes: readonly number[], outro: readonly number[] = []): Promise<void> {
  for (const [n, ms] of instantes.entries())
    await database.dataSource.query(
      `insert into webhook_eventos (id, tipo, chave, versao, reserva_id, espaco_id, ocorrido_em, recebido_em, corpo)
       values ($1, 'RESERVA_CRIADA', $1, 1, $1, $2, $3, $3, '{}')`,
      [`e${n}`, outro.includes(n) ? 'esp_2' : 'esp_1', daqui(ms)],
    );
}

const pendentes = async (): Promise<string[]> => {
  const linhas: { id: string }[] = await database.dataSource.query(
    `select evento_id as id from webhook_entregas where situacao = 'PENDENTE' order by sequencia`,
  );
  return linhas.map(({ id }) => id);
};

describe('a replay of more than one call brings', () => {
  it('says where to go on, so that calls one after the other bring all of it, each once', async () => {
    await eventos([0, 1, 2, 3, 4]);
    const primeira = await entregas.repetirPeriodo('whk_1', TUDO, AGORA, 2);
    expect(primeira).toEqual({ quantos: 2, continuarDe: daqui(2) });
    const segunda = await entregas.repetirPeriodo('whk_1', { ...TUDO, de: daqui(2) }, AGORA, 2);
    expect(segunda).toEqual({ quantos: 2, continuarDe: daqui(4) });
    const ultima = await entregas.repetirPeriodo('whk_1', { ...TUDO, de: daqui(4) }, AGORA, 2);
    expect(ultima).toEqual({ quantos: 1, continuarDe: undefined });
    expect(await pendentes()).toEqual(['e0', 'e1', 'e2', 'e3', 'e4']);
  });

  it('leaves none out of several of one instant, and always gets on', async () => {
    await eventos([0, 1, 1, 1, 2]);
    const primeira = await entregas.repetirPeriodo('whk_1', TUDO, AGORA, 2);
    expect(primeira).toEqual({ quantos: 4, continuarDe: daqui(2) });
    expect(await pendentes()).toEqual(['e0', 'e1', 'e2', 'e3']);
  });

  it('looks at no more events where few are wanted, and ends where none is left', async () => {
    await eventos([0, 1, 2, 3], [0, 1]);
    expect(await entregas.repetirPeriodo('whk_1', TUDO, AGORA, 2)).toEqual({
      ...{ quantos: 0, continuarDe: daqui(2) },
    });
    expect(await entregas.repetirPeriodo('whk_1', { ...TUDO, de: daqui(2) }, AGORA, 2)).toEqual({
      ...{ quantos: 2, continuarDe: undefined },
    });
    expect(await entregas.repetirPeriodo('whk_1', { de: daqui(9), ate: AGORA }, AGORA, 2)).toEqual({
      ...{ quantos: 0, continuarDe: undefined },
    });
  });

  it('does not put behind what waits already, nor count it', async () => {
    await eventos([0, 1]);
    expect(await entregas.repetirPeriodo('whk_1', TUDO, AGORA, 1)).toMatchObject({ quantos: 1 });
    expect(await entregas.repetirPeriodo('whk_1', TUDO, AGORA, 2)).toEqual({
      ...{ quantos: 1, continuarDe: undefined },
    });
  });
});
