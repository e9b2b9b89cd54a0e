import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { PostgresContatosRepository } from '../../src/contatos/infrastructure/contatos-repository.ts';
import { PostgresFilaDeSaida } from '../../src/envio/infrastructure/fila-de-saida.ts';
import type { NovaNotificacao } from '../../src/mensagens/domain/notificacao.ts';
import { PostgresFila } from '../../src/mensagens/infrastructure/fila.ts';
import { createServiceDatabase, type ServiceDatabase } from '../support/database.ts';

const em = new Date('2026-11-23T12:00:00Z');
const daqui = (ms: number) => new Date(em.getTime() + ms);

let database: ServiceDatabase;

beforeAll(async () => {
  database = await createServiceDatabase();
});

beforeEach(async () => {
  await database.dataSource.query('delete from notificacoes; delete from contatos');
  for (const quem of ['ana', 'bia'])
    await new PostgresContatosRepository(database.dataSource.manager).save(
      { usuarioId: `cli_${quem}`, nome: quem, email: `${quem}@exemplo.com`, versao: 1, verificado: true },
      em,
    );
});

afterAll(() => database.drop());

const saida = () => new PostgresFilaDeSaida(database.dataSource.manager);

const escrever = (id: string, mudancas: Partial<NovaNotificacao> = {}) =>
  new PostgresFila(database.dataSource.manager).add({
    ...{ id, clienteId: 'cli_ana', canal: 'EMAIL', modelo: 'RESERVA_CANCELADA', reservaId: `res_${id}` },
    ...{ assunto: () => 'Reserva cancelada', dados: { reservaId: `res_${id}`, motivo: '' }, fato: '' },
    ...{ criadoEm: em, devidaEm: em, validoAte: undefined, grupo: undefined },
    ...mudancas,
  } as unknown as NovaNotificacao);

const tomar = (agora: Date) =>
  saida().tomar({ canal: 'EMAIL', limite: 50, agora, ate: new Date(agora.getTime() + 1_000) });

const ids = (tomadas: readonly { readonly id: string }[]) => tomadas.map(({ id }) => id);

describe('messages that were leased and not begun', () => {
  it('go back in their place, and count nothing', async () => {
    for (const id of ['a', 'b']) await escrever(id);
    await saida().devolver(await tomar(em));
    await escrever('c', { devidaEm: daqui(1), criadoEm: daqui(1) });
    const tomadas = await tomar(daqui(1));
    expect(ids(tomadas)).toEqual(['a', 'b', 'c']);
    expect(tomadas[0]).toMatchObject({ recusas: 0, adiamentos: 0, devidaEm: em });
  });

  it('stay with whoever has them by now', async () => {
    await escrever('a');
    const antes = await tomar(em);
    expect(ids(await tomar(daqui(1_000)))).toEqual(['a']);
    await saida().devolver(antes);
    expect(await tomar(daqui(1_001))).toEqual([]);
  });
});

describe('messages that are marked together', () => {
  it('have what is noted of each, without those that are noted already', async () => {
    for (const [id, clienteId] of [
      ['a', 'cli_ana'],
      ['b', 'cli_bia'],
      ['c', 'cli_ana'],
    ])
      await escrever(`${id}`, { clienteId: `${clienteId}` });
    const fatos = (await tomar(em)).map(({ id, clienteId }) => {
      return { id, clienteId, destino: `${id}***`, em, recibo: { provedor: 'smtp', idDoProvedor: `p${id}` } };
    });
    expect([...(await saida().marcarEnviadas(fatos.slice(0, 1))).keys()]).toEqual(['a']);
    const envios = await saida().marcarEnviadas(fatos);
    expect([envios.get('a'), envios.get('b'), envios.get('c')]).toEqual([
      undefined,
      { versao: 2, destino: 'b***' },
      { versao: 2, destino: 'c***' },
    ]);
    const linhas = await database.dataSource.query(
      'select id, status, destino, id_do_provedor from notificacoes order by id',
    );
    expect(linhas[2]).toEqual({ id: 'c', status: 'ENVIADA', destino: 'c***', id_do_provedor: 'pc' });
  });
});

it('takes each of several groups as a whole', async () => {
  for (let n = 10; n < 60; n++)
    for (const [grupo, clienteId] of [
      ['ser_1/RESERVA_CANCELADA', 'cli_ana'],
      ['ser_2/RESERVA_CANCELADA', 'cli_bia'],
    ] as const)
      await escrever(`${n}${grupo.slice(0, 5)}`, { grupo, clienteId });
  const tomadas = await tomar(em);
  const quantas = (quem: string) => tomadas.filter(({ clienteId }) => clienteId === quem).length;
  expect([quantas('cli_ana'), quantas('cli_bia')]).toEqual([50, 50]);
});
