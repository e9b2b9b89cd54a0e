import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RegistroHistorico } from '../../src/mensagens/application/ports.ts';
import { PostgresHistorico } from '../../src/mensagens/infrastructure/historico.ts';
import { createServiceDatabase, type ServiceDatabase } from '../support/database.ts';

let database: ServiceDatabase;
let historico: PostgresHistorico;

beforeAll(async () => {
  database = await createServiceDatabase();
  historico = new PostgresHistorico(database.dataSource.manager);
});

afterAll(() => database.drop());

const criada: RegistroHistorico = {
  notificacaoId: 'not_00000001',
  sequencia: 1,
  clienteId: 'cli_00000001',
  canal: 'EMAIL',
  modelo: 'RESERVA_CONFIRMADA',
  reservaId: 'res_00000001',
  tipo: 'CRIADA',
  destino: '',
  detalhe: '',
  ocorridoEm: new Date('2026-11-23T12:00:00.123Z'),
};

const falhou: RegistroHistorico = {
  ...criada,
  sequencia: 2,
  tipo: 'TENTATIVA_FALHOU',
  destino: 'a***a@exemplo.com',
  detalhe: 'SMTP 451 4.7.1 EMESSAGE DATA',
};

const daNotificacao = (id: string): Promise<RegistroHistorico[]> =>
  database.dataSource.query(
    `select notificacao_id as "notificacaoId", sequencia, cliente_id as "clienteId", canal, modelo,
       reserva_id as "reservaId", tipo, destino, detalhe, ocorrido_em as "ocorridoEm"
     from historico_notificacoes where notificacao_id = $1 order by sequencia`,
    [id],
  );

const de = (notificacaoId: string, ...registros: RegistroHistorico[]) =>
  registros.map((registro) => ({ ...registro, notificacaoId }));

describe('PostgresHistorico', () => {
  it.each([
    ['changed', "update historico_notificacoes set destino = 'x'"],
    ['deleted', 'delete from historico_notificacoes'],
    ['truncated', 'truncate historico_notificacoes'],
  ])('refuses to be %s', async (_, sql) => {
    await historico.registrar({ ...criada, notificacaoId: 'not_guardada', ocorridoEm: new Date() });
    await expect(database.dataSource.query(sql)).rejects.toThrow('historico_notificacoes is append-only');
  });

  it('keeps all records of a message, in whatever order they came, apart from others', async () => {
    for (const registro of [...de('not_uma', falhou, criada), ...de('not_outra', criada)])
      await historico.registrar(registro);
    expect(await daNotificacao('not_uma')).toEqual(de('not_uma', criada, falhou));
    expect(await daNotificacao('not_outra')).toEqual(de('not_outra', criada));
  });

  it('keeps the first record when the same one comes again, even changed', async () => {
    const primeira = { ...criada, notificacaoId: 'not_repetida' };
    await historico.registrar(primeira);
    await historico.registrar({ ...primeira, tipo: 'ENVIADA' });
    expect(await daNotificacao('not_repetida')).toEqual([primeira]);
  });

  it('keeps one record when the same one comes many times at once', async () => {
    const registro = { ...criada, notificacaoId: 'not_corrida' };
    await Promise.all(Array.from({ length: 8 }, () => historico.registrar(registro)));
    expect(await daNotificacao('not_corrida')).toEqual([registro]);
  });
});
