import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { PostgresFilaDeSaida } from '../../src/envio/infrastructure/fila-de-saida.ts';
import { situacaoDaFila } from '../../src/envio/infrastructure/situacao-da-fila.ts';
import { createServiceDatabase, type ServiceDatabase } from '../support/database.ts';

const AGORA = new Date('2026-11-23T12:00:00Z');
const antes = (ms: number) => new Date(AGORA.getTime() - ms);
const DIA_MS = 24 * 3_600_000;

let database: ServiceDatabase;

beforeAll(async () => {
  database = await createServiceDatabase();
  await database.dataSource.query(
    `insert into contatos (usuario_id, nome, email, versao, atualizado_em, email_verificado)
     values ('cli_1', 'Ana', 'ana@exemplo.com', 1, $1, true), ('cli_2', 'Bia', 'bia@exemplo.com', 1, $1, false)`,
    [AGORA],
  );
});

afterAll(() => database.drop());

let numero = 0;

const mensagem = (clienteId: string, colunas: Record<string, unknown>) => {
  const linha = {
    ...{ id: `not_${++numero}`, cliente_id: clienteId, canal: 'EMAIL', modelo: 'RESERVA_CONFIRMADA' },
    ...{ reserva_id: `res_${numero}`, assunto: '', dados: {}, status: 'PENDENTE', versao: 1 },
    ...{ disponivel_em: AGORA, criada_em: AGORA, ...colunas },
  };
  const nomes = Object.keys(linha);
  return database.dataSource.query(
    `insert into notificacoes (${nomes.join(', ')}) values (${nomes.map((_, n) => `$${n + 1}`).join(', ')})`,
    Object.values(linha),
  );
};

it('tells since when the oldest message is due, how many are put off, and how many were given up', async () => {
  const { dataSource } = database;
  expect(await situacaoDaFila(dataSource, 'EMAIL', AGORA)).toEqual({
    dueSince: undefined,
    putOff: 0,
    dead: 0,
  });
  await mensagem('cli_1', { disponivel_em: antes(60_000) });
  await mensagem('cli_1', { disponivel_em: antes(90_000), recusas: 2 });
  await mensagem('cli_1', { disponivel_em: antes(-90_000), adiamentos: 1 });
  // Not due, whoever looks: its address is not verified, or it is held back.
  await mensagem('cli_2', { disponivel_em: antes(DIA_MS) });
  await mensagem('cli_1', { disponivel_em: antes(DIA_MS), retida: true, recusas: 1 });
  await mensagem('cli_1', { status: 'FALHOU', criada_em: antes(6 * DIA_MS) });
  await mensagem('cli_1', { status: 'FALHOU', criada_em: antes(8 * DIA_MS) });
  expect(await situacaoDaFila(dataSource, 'EMAIL', AGORA)).toEqual({
    dueSince: antes(90_000),
    putOff: 2,
    dead: 1,
  });
});

it('has a message that was given up tried again when an operator brings it back', async () => {
  const { dataSource } = database;
  await mensagem('cli_1', { id: 'not_morta', status: 'FALHOU', recusas: 8 });
  const { dead } = await situacaoDaFila(dataSource, 'EMAIL', AGORA);
  // As docs/runbooks/workers.md says.
  await dataSource.query(`
    update notificacoes set status = 'PENDENTE', recusas = 0, adiamentos = 0, disponivel_em = now()
    where id = 'not_morta' and status = 'FALHOU' and modelo <> 'BOAS_VINDAS'`);
  expect((await situacaoDaFila(dataSource, 'EMAIL', AGORA)).dead).toBe(dead - 1);
  const tomadas = await new PostgresFilaDeSaida(dataSource.manager).tomar({
    ...{ canal: 'EMAIL', limite: 10 },
    ...{ agora: new Date(Date.now() + 1_000), ate: new Date(Date.now() + 60_000) },
  });
  expect(tomadas.map(({ id }) => id)).toContain('not_morta');
});
