import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { inTransaction } from '@plataforma/runtime/transaction';
import { PostgresCalendariosRepository } from '../../src/calendarios/infrastructure/calendarios-repository.ts';
import { PostgresContasRepository } from '../../src/contas/infrastructure/contas-repository.ts';
import { AtualizarEspacoHandler } from '../../src/espacos/application/atualizar-espaco.ts';
import { DesativarEspacoHandler } from '../../src/espacos/application/desativar-espaco.ts';
import { PostgresGestoresRepository } from '../../src/espacos/infrastructure/gestores-repository.ts';
import { PostgresReservasRepository } from '../../src/reservas/infrastructure/reservas-repository.ts';
import type { Ciclo } from '../ciclo-fixture.ts';
import type { Fila } from '../fila-espera/fila-fixture.ts';
import { twoAtOnce } from '../fila-espera/two-at-once.ts';
import { NOW, newId, storeEspaco } from '../reservas-fixture.ts';

let ciclo: Ciclo;
let fila: Fila;

const { stop, passed } = twoAtOnce((aberto, daFila) => {
  ciclo = aberto;
  fila = daFila;
});

const MUDAR = /^update reservas set/;
const RESERVAR = /^insert into reservas /;

/** An hour of that day of June. */
const hora = (dia: number) => [`2026-06-${dia}T12:00:00Z`, `2026-06-${dia}T13:00:00Z`] as const;

describe('a payment', () => {
  it('waits for the cancellation that came before it, and goes back', async () => {
    const { id, clienteId } = await ciclo.esperando();
    const parado = stop(MUDAR);
    const cancelada = fila.cancelar(id, clienteId);
    await parado.reached();
    const paga = ciclo.pagar(id);
    expect(await passed(paga)).toBe('blocked');
    parado.open();
    await Promise.all([cancelada, paga]);
    expect(await ciclo.status(id)).toBe('CANCELADA');
    expect((await ciclo.anunciados(id)).slice(1)).toEqual(['ReservaCancelada', 'PagamentoNaoAproveitado']);
  });

  it('of a reservation that does not exist gets the next number, also beside another one', async () => {
    const reservaId = newId('res');
    const parado = stop(/^\s*insert into outbox/);
    const primeira = ciclo.pagar(reservaId);
    await parado.reached();
    const segunda = ciclo.receber({ tipo: 'PagamentoAprovado', reservaId, pagamentoId: 'pag_outro' });
    expect(await passed(segunda)).toBe('blocked');
    parado.open();
    await Promise.all([primeira, segunda]);
    const rows: { agregado_versao: number }[] = await ciclo.dataSource.query(
      'select agregado_versao from outbox where agregado_id = $1 order by posicao',
      [reservaId],
    );
    expect(rows.map(({ agregado_versao }) => agregado_versao)).toEqual([1, 2]);
  });
});

describe('a late payment', () => {
  it('waits for the booking under way before it takes its slot back', async () => {
    const { id, espaco } = await ciclo.esperando();
    await ciclo.receber({ tipo: 'CobrancaCancelada', ...ciclo.pagamento(id) });
    const parado = stop(RESERVAR);
    const reservada = fila.reservar(espaco, ['2026-06-10T11:00:00Z', '2026-06-10T13:00:00Z']);
    await parado.reached();
    const paga = ciclo.pagar(id);
    expect(await passed(paga)).toBe('blocked');
    parado.open();
    expect(await reservada).toBe('PENDENTE_PAGAMENTO');
    await paga;
    expect(await ciclo.anuncio(id, 'PagamentoNaoAproveitado')).toMatchObject({ codigo: 'SLOT_OCUPADO' });
  });
});

describe('a late payment of who is leaving', () => {
  async function expirada() {
    const reserva = await ciclo.esperando();
    await ciclo.receber({ tipo: 'CobrancaCancelada', ...ciclo.pagamento(reserva.id) });
    return reserva;
  }

  it('is waited for, so that the reservation that it confirms is cancelled with the others', async () => {
    const { id, clienteId } = await expirada();
    const parado = stop(MUDAR);
    const paga = ciclo.pagar(id);
    await parado.reached();
    const remocao = new PostgresContasRepository(ciclo.dataSource).encerrar(clienteId, new Date(NOW));
    expect(await passed(remocao)).toBe('blocked');
    parado.open();
    await Promise.all([paga, remocao]);
    expect(await ciclo.status(id)).toBe('CONFIRMADA');
  });

  it('waits for the removal, and goes back', async () => {
    const { id, clienteId } = await expirada();
    const parado = stop(/insert into contas/);
    const remocao = new PostgresContasRepository(ciclo.dataSource).encerrar(clienteId, new Date(NOW));
    await parado.reached();
    const paga = ciclo.pagar(id);
    expect(await passed(paga)).toBe('blocked');
    parado.open();
    await Promise.all([remocao, paga]);
    expect(await ciclo.status(id)).toBe('EXPIRADA');
  });
});

describe('the last reservation that a customer may have', () => {
  it('is made once, in whichever of two spaces they ask for it first', async () => {
    const clienteId = newId('cli');
    const [espaco, outro] = [await storeEspaco(ciclo.uow), await storeEspaco(ciclo.uow)];
    for (const dia of [11, 12, 13, 14]) await fila.tomar(espaco, hora(dia), clienteId);
    const parado = stop(RESERVAR);
    const primeira = fila.reservar(espaco, hora(15), clienteId);
    await parado.reached();
    const segunda = fila.reservar(outro, hora(16), clienteId);
    expect(await passed(segunda)).toBe('blocked');
    parado.open();
    expect([await primeira, await segunda]).toEqual(['PENDENTE_PAGAMENTO', 'LIMITE_DE_RESERVAS']);
  });
});

describe('whoever books', () => {
  it('waits for others no longer than three seconds, for the customer or for the space', async () => {
    for (const travar of ['travar', 'tentarTravar'] as const) {
      const [{ lock_timeout: prazo }] = await inTransaction(ciclo.dataSource, async (sql) => {
        await new PostgresReservasRepository(sql, new Set())[travar](newId('cli'), newId('esp'));
        return sql.query<[{ lock_timeout: string }]>('show lock_timeout');
      });
      expect([travar, prazo]).toEqual([travar, '3s']);
    }
  });
});

describe('a change of a space', () => {
  it('waits for the one before it, and keeps what that has changed', async () => {
    const { uow, clock } = ciclo;
    const { id: espacoId } = await storeEspaco(uow);
    const atualizar = new AtualizarEspacoHandler({ uow, clock });
    const parado = stop(/^update espacos set/);
    const uma = atualizar.execute({ espacoId, etag: undefined, mudanca: { nome: 'Novo nome' } });
    await parado.reached();
    const outra = atualizar.execute({ espacoId, etag: undefined, mudanca: { capacidade: 99 } });
    expect(await passed(outra)).toBe('blocked');
    parado.open();
    await uma;
    expect(await outra).toMatchObject({ value: { nome: 'Novo nome', capacidade: 99, versao: 3 } });
  });

  it('is not stored over another one when the space was read without its lock', async () => {
    const { uow, clock } = ciclo;
    const { id: espacoId } = await storeEspaco(uow);
    const guardar = uow.run(async (tx) => {
      const espaco = await tx.espacos.findById(espacoId);
      await new DesativarEspacoHandler({ uow, clock }).execute({ espacoId });
      espaco?.atualizar({ nome: 'Novo nome' }, undefined, clock.now());
      if (espaco) await tx.espacos.save(espaco);
    });
    await expect(guardar).rejects.toThrow('was not locked');
  });
});

describe('a calendar feed', () => {
  const criar = async (donoId: string, espacoId?: string) => {
    const criado = await new PostgresCalendariosRepository(ciclo.dataSource).add(
      {
        id: newId('cal'),
        donoId,
        espacoId,
        criadoEm: new Date(NOW),
        impressao: randomBytes(32),
        semente: '',
        geracao: 1,
        porAdmin: false,
      },
      1,
    );
    return criado.isSuccess ? 'CRIADO' : criado.error.motivo;
  };

  it('is made one at a time, so that nobody has more than they may', async () => {
    const donoId = newId('cli');
    const parado = stop(/^insert into calendarios /);
    const um = criar(donoId);
    await parado.reached();
    const outro = criar(donoId);
    expect(await passed(outro)).toBe('blocked');
    parado.open();
    expect([await um, await outro]).toEqual(['CRIADO', 'LIMITE_DE_CALENDARIOS']);
  });

  it('is revoked by who takes the space away while it is being made', async () => {
    const { id: espacoId } = await storeEspaco(ciclo.uow);
    const [usuarioId, em] = [newId('cli'), new Date(NOW)];
    const gestores = new PostgresGestoresRepository(ciclo.dataSource);
    await gestores.atribuir({ espacoId, usuarioId, atribuidoPor: 'cli_admin', atribuidoEm: em });
    const parado = stop(/^insert into calendarios /);
    const criado = criar(usuarioId, espacoId);
    await parado.reached();
    const removido = gestores.remover(espacoId, usuarioId, em);
    expect(await passed(removido)).toBe('blocked');
    parado.open();
    expect(await criado).toBe('CRIADO');
    await removido;
    const [{ vivos }] = await ciclo.dataSource.query(
      'select count(*)::int as vivos from calendarios where dono_id = $1 and revogado_em is null',
      [usuarioId],
    );
    expect(vivos).toBe(0);
  });
});

describe('the workers of a deadline', () => {
  const depoisDaEspera = () => ciclo.clock.set('2026-06-02T09:15:00Z');

  it('share what is due: none waits for what another one has in hand, or does it as well', async () => {
    const { id } = await ciclo.esperando();
    depoisDaEspera();
    const parado = stop(MUDAR);
    const um = ciclo.prazos.execute('ESPERA');
    await parado.reached();
    const outro = ciclo.prazos.execute('ESPERA');
    expect(await passed(outro)).toBe('done');
    expect(await ciclo.status(id)).toBe('PENDENTE_PAGAMENTO');
    parado.open();
    await um;
    expect(await ciclo.anunciados(id)).toEqual(['ReservaCriada', 'EncerrarCobranca']);
  });

  it('wait for nobody when they go one by one, and leave alone what was done meanwhile', async () => {
    const [quebrada, emUso, feita] = [
      await ciclo.esperando(),
      await ciclo.esperando(),
      await ciclo.esperando(),
    ];
    depoisDaEspera();
    const consertar = await ciclo.breakRows('reservas', 'update', `new.id = '${quebrada.id}'`);
    // The batch has failed and the due ones are known.
    const parado = stop(/where id = \$2 and status in/);
    const umPorUm = ciclo.prazos.execute('ESPERA');
    await parado.reached();
    await ciclo.pagar(feita.id);
    await ciclo.uow.run(async ({ reservas }) => {
      await reservas.findById(emUso.id);
      parado.open();
      expect(await passed(umPorUm)).toBe('done');
    });
    await umPorUm;
    await consertar();
    expect(await ciclo.status(quebrada.id)).toBe('PENDENTE_PAGAMENTO');
    expect(await ciclo.status(emUso.id)).toBe('PENDENTE_PAGAMENTO');
    expect(await ciclo.status(feita.id)).toBe('CONFIRMADA');
    expect(ciclo.observador.falhas.filter((falha) => falha.includes(quebrada.id))).toHaveLength(1);
    expect(ciclo.observador.falhas.filter((falha) => !falha.includes(quebrada.id))).toEqual([]);
  });
});
