import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { migrate } from '@plataforma/runtime/postgres';
import type { DataSource } from 'typeorm';
import { aprovar } from '../../src/cobrancas/domain/captura.ts';
import { solicitarEstorno } from '../../src/estornos/domain/estorno.ts';
import { verificarLivro } from '../../src/livro/infrastructure/ledger-verifier.ts';
import { reconstruirProjecoes } from '../../src/livro/infrastructure/reconstruir-projecoes.ts';
import { migrations } from '../../src/persistence/migrations.ts';
import { createUnitOfWork } from '../../src/persistence/unit-of-work.ts';
import { openTestDatabase } from '../pagamentos-under-test.ts';

const T0 = new Date('2026-11-24T12:00:00Z');

let dataSource: DataSource;
let close: () => Promise<void>;

/** A database as it was left before credit could pay: a charge that waits, a bonus, and one that has expired. */
beforeAll(async () => {
  ({ dataSource, close } = await openTestDatabase());
  const primeira = migrations.findIndex(({ name }) => name.startsWith('CreditosNasCobrancas'));
  for (const _ of migrations.slice(primeira)) await dataSource.undoLastMigration();
  const criada = `{"pagamentoId": "pag_1", "reservaId": "res_1", "clienteId": "cli_1", "descricao": "Sala",
    "valor": {"centavos": "10000", "moeda": "BRL"}, "expiraEm": "2026-11-24T12:15:00.000Z"}`;
  await dataSource.query(
    `insert into eventos_pagamento (fluxo, versao, tipo, versao_esquema, dados, meta, ocorrido_em)
     values ('pag_1', 1, 'CobrancaCriada', 1, $1, '{}', $2)`,
    [criada, T0],
  );
  await dataSource.query(
    `insert into pagamentos (id, reserva_id, cliente_id, centavos, moeda, descricao, status, expira_em, criado_em,
       atualizado_em, versao)
     values ('pag_1', 'res_1', 'cli_1', 10000, 'BRL', 'Sala', 'PENDENTE', $1, $1, $1, 1)`,
    [T0],
  );
  await dataSource.query(
    `insert into creditos_lotes (id, cliente_id, centavos, criado_em, expira_em)
     values ('bonus:res_7', 'cli_1', 500, $1, $1), ('bonus:res_8', 'cli_1', 700, $1, $1)`,
    [T0],
  );
  await dataSource.query(
    `insert into creditos_lancamentos (transacao, lote, conta, centavos, em) values
       ('bonus:res_7', 'bonus:res_7', 'plataforma:bonus', -500, $1),
       ('bonus:res_7', 'bonus:res_7', 'cliente:cli_1', 500, $1),
       ('bonus:res_8', 'bonus:res_8', 'plataforma:bonus', -700, $1),
       ('bonus:res_8', 'bonus:res_8', 'cliente:cli_1', 700, $1),
       ('expiracao:bonus:res_7', 'bonus:res_7', 'cliente:cli_1', -500, $1),
       ('expiracao:bonus:res_7', 'bonus:res_7', 'plataforma:expirados', 500, $1)`,
    [T0],
  );
  await migrate(dataSource);
});

afterAll(() => close());

describe('what was there before credit could pay', () => {
  it('is told by the movements', async () => {
    const sql = 'select id, reserva_id, tipo, centavos::int from transacoes order by id';
    expect(await dataSource.query(sql)).toEqual([
      { id: 'bonus:res_7', reserva_id: 'res_7', tipo: 'CREDITO_CONCEDIDO', centavos: 500 },
      { id: 'bonus:res_8', reserva_id: 'res_8', tipo: 'CREDITO_CONCEDIDO', centavos: 700 },
      { id: 'expiracao:bonus:res_7', reserva_id: null, tipo: 'CREDITO_EXPIRADO', centavos: 500 },
    ]);
    expect((await verificarLivro(dataSource)).defeitos).toEqual([]);
  });

  it('goes on: the card pays everything and gets everything back', async () => {
    const valor = Dinheiro.deCentavos(10_000);
    const captura = { pagamentoId: 'pag_1', intencaoId: 'pi_1', valor };
    const pedido = { pagamentoId: 'pag_1', origem: 'CANCELAMENTO', valor, motivo: 'x' } as const;
    const { estado } = await createUnitOfWork(dataSource).run(async ({ pagamentos }) => {
      const aprovado = aprovar((await pagamentos.findById('pag_1')).estado, captura, T0);
      if (aprovado.isFailure) throw aprovado.error;
      const pago = await pagamentos.append(await pagamentos.findById('pag_1'), aprovado.value, 'teste');
      const devolvido = solicitarEstorno(pago.estado, pedido, T0);
      if (devolvido.isFailure) throw devolvido.error;
      return pagamentos.append(pago, devolvido.value, 'teste');
    });
    expect(estado).toMatchObject({ creditos: Dinheiro.zero(), estornos: [{ meio: 'CARTAO', valor }] });
    const movimentos = () => dataSource.query('select * from transacoes order by id');
    const antes = await movimentos();
    await reconstruirProjecoes(dataSource);
    expect(await movimentos()).toEqual(antes);
    expect((await verificarLivro(dataSource)).defeitos).toEqual([]);
  });
});
