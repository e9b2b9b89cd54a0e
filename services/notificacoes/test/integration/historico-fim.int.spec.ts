import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { PostgresFilaDeCopia } from '../../src/historico/infrastructure/fila-de-copia.ts';
import { terminarHistorico } from '../../src/historico/infrastructure/fim-do-historico.ts';
import type { RegistroHistorico } from '../../src/mensagens/application/ports.ts';
import { PostgresHistorico } from '../../src/mensagens/infrastructure/historico.ts';
import { createServiceDatabase, type ServiceDatabase } from '../support/database.ts';

const DIA_MS = 86_400_000;
let database: ServiceDatabase;
let numero = 0;

beforeAll(async () => {
  database = await createServiceDatabase();
});
beforeEach(() => {
  numero += 1;
});
afterAll(() => database.drop());

const haDias = (dias: number) => new Date(Date.now() - dias * DIA_MS);
const registro = (dias: number, sequencia = 1): RegistroHistorico => ({
  ...{ notificacaoId: `not_${numero}d${dias}`, sequencia, clienteId: `cli_${numero}`, canal: 'EMAIL' },
  ...{ modelo: 'RESERVA_CONFIRMADA', reservaId: '', tipo: 'CRIADA', destino: '', detalhe: '' },
  ocorridoEm: haDias(dias),
});
const restam = async () => {
  const linhas: Array<{ id: string }> = await database.dataSource.query(
    'select notificacao_id as id from historico_notificacoes where cliente_id = $1 order by ocorrido_em',
    [`cli_${numero}`],
  );
  return linhas.map(({ id }) => id.replace(/^not_\d+d/, ''));
};

it('deletes what was kept long enough, some at a time, and nothing else', async () => {
  const historico = new PostgresHistorico(database.dataSource.manager);
  for (const dias of [900, 800, 701, 699, 1]) await historico.registrar(registro(dias));
  const terminar = () => terminarHistorico(database.dataSource.manager, new Date(), 700, 2);
  expect(await terminar()).toBe(2);
  expect(await terminar()).toBe(1);
  expect(await terminar()).toBe(0);
  expect(await restam()).toEqual(['699', '1']);
});

it('lets nobody delete what is younger than a year, nor what is still to be copied', async () => {
  const { manager } = database.dataSource;
  const copiado = new PostgresHistorico(manager, true);
  await copiado.registrar(registro(900));
  await new PostgresHistorico(manager).registrar(registro(364));
  for (const dias of [900, 364])
    await expect(
      database.dataSource.query('delete from historico_notificacoes where notificacao_id = $1', [
        `not_${numero}d${dias}`,
      ]),
    ).rejects.toThrow('append-only');
  expect(await terminarHistorico(manager, new Date(), 700, 10)).toBe(0);
  const fila = new PostgresFilaDeCopia(manager);
  await fila.copiados(await fila.devidos(10));
  expect(await terminarHistorico(manager, new Date(), 700, 10)).toBe(1);
  expect(await restam()).toEqual(['364']);
});
