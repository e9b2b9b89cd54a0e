import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { autocommit } from '@plataforma/runtime/transaction';
import type { Tentativa } from '../../src/webhooks/application/ports.ts';
import { PostgresFilaDeEntregas } from '../../src/webhooks/infrastructure/fila-de-entregas.ts';
import { createServiceDatabase, type ServiceDatabase } from '../support/database.ts';

describe('a sender whose lease is over', () => {
  const agora = new Date('2026-11-20T13:00:00Z');
  const daqui = (ms: number) => new Date(agora.getTime() + ms);
  const resposta: Tentativa = {
    ...{ resultado: { tipo: 'INACESSIVEL' }, em: agora, duracaoMs: 1, erro: 'ECONNREFUSED', resposta: '' },
  };
  let database: ServiceDatabase;
  let fila: PostgresFilaDeEntregas;

  beforeAll(async () => {
    database = await createServiceDatabase();
    fila = new PostgresFilaDeEntregas(autocommit(database.dataSource));
  });

  afterAll(() => database.drop());

  beforeEach(async () => {
    await database.dataSource.query('delete from webhooks');
    await database.dataSource.query('delete from webhook_eventos');
    await database.dataSource.query(
      `insert into webhooks (id, dono_id, nome, url, tipos, espacos, assinatura, chave, criado_em)
       values ('whk_1', 'cli_1', 'Loja', 'https://exemplo.com/', '{RESERVA_CRIADA}', '{}', 'HMAC', '\\x00', now())`,
    );
    await database.dataSource.query(
      `insert into webhook_eventos (id, tipo, chave, versao, reserva_id, espaco_id, ocorrido_em, recebido_em, corpo)
       values ('e1', 'RESERVA_CRIADA', 'reserva:r1', 1, 'r1', 'esp_1', $1, $1, '{}')`,
      [agora],
    );
    await database.dataSource.query(
      `insert into webhook_entregas (webhook_id, evento_id, chave, versao, tentar_em, desde, criada_em)
       values ('whk_1', 'e1', 'reserva:r1', 1, $1, $1, $1)`,
      [agora],
    );
  });

  it('is given nothing, changes nothing of the address, and does not take the lease of the next one', async () => {
    const [velho] = await fila.tomar(10, agora, daqui(1_000));
    expect(await fila.tomar(10, daqui(999), daqui(2_000))).toEqual([]);
    const [novo] = await fila.tomar(10, daqui(1_000), daqui(60_000));
    if (!velho || !novo) throw new Error('the address was taken by neither');
    // Of one list, as one process gives them back that has lost the first of them meanwhile.
    const [entrega, ...outras] = (await fila.devidas([velho, novo], daqui(1_001), 10)).get('whk_1') ?? [];
    expect(outras).toEqual([]);
    expect((await fila.devidas([velho], daqui(1_001), 10)).size).toBe(0);
    if (!entrega) throw new Error('nothing is due');
    expect(await fila.soltar([velho], daqui(1_002))).toEqual([]);
    expect(await fila.tomar(10, daqui(1_002), daqui(60_000))).toEqual([]);
    const depois = { repetirEm: daqui(5_000), pausarAte: daqui(900_000) };
    await fila.marcarFalha(velho, entrega, resposta, depois);
    expect(await fila.desativar(velho, 'GONE')).toBeUndefined();
    const [webhook] = await database.dataSource.query(
      'select falhas, pausado_ate, desativado_por from webhooks',
    );
    expect(webhook).toEqual({ falhas: 0, pausado_ate: null, desativado_por: null });
    expect(await fila.soltar([velho, novo], daqui(6_000))).toEqual(['whk_1']);
    expect(await fila.tomar(10, daqui(6_000), daqui(60_000))).toHaveLength(1);
  });

  it('leaves what it has delivered delivered', async () => {
    const [velho] = await fila.tomar(10, agora, daqui(1_000));
    const [novo] = await fila.tomar(10, daqui(1_000), daqui(60_000));
    if (!velho || !novo) throw new Error('the address was taken by neither');
    const [entrega] = (await fila.devidas([novo], daqui(1_001), 10)).get('whk_1') ?? [];
    if (!entrega) throw new Error('nothing is due');
    const bem = {
      ...resposta,
      resultado: { tipo: 'RESPONDIDA', status: 204, esperarMs: undefined },
    } as const;
    await fila.marcarEntregues([{ webhook: velho, entrega, tentativa: bem }]);
    const tarde = { repetirEm: daqui(5_000), pausarAte: daqui(1_000) };
    await fila.marcarFalha(novo, entrega, resposta, tarde);
    expect(await database.dataSource.query('select situacao, status_http from webhook_entregas')).toEqual([
      { situacao: 'ENTREGUE', status_http: 204 },
    ]);
  });
});
