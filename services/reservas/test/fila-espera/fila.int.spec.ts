import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { inTurn, oneByOne } from '@plataforma/runtime/one-by-one';
import { eventually } from '@plataforma/testing/eventually';
import { STATUS_OCUPANTES, STATUS_RESERVA } from '../../src/agenda/domain/status-reserva.ts';
import { CriarFechamentoHandler } from '../../src/espacos/application/criar-fechamento.ts';
import { RemoverFechamentoHandler } from '../../src/espacos/application/remover-fechamento.ts';
import { EncerrarEsperasHandler } from '../../src/fila-espera/application/encerrar-esperas.ts';
import { prometida } from '../../src/fila-espera/application/fila.ts';
import { Ciclo } from '../ciclo-fixture.ts';
import { newWorker } from '../new-worker.ts';
import { NOW, newId, storeEspaco } from '../reservas-fixture.ts';
import { Fila, MANHA } from './fila-fixture.ts';

let ciclo: Ciclo;
let fila: Fila;

beforeAll(async () => {
  ciclo = await Ciclo.open();
  fila = new Fila(ciclo);
});

afterAll(() => ciclo.close());

beforeEach(() => ciclo.clock.set(NOW));

/** The offer of an entry runs out: nobody pays, and pagamentos closes the charge. */
async function expirarOferta(entrada: { id: string }): Promise<void> {
  const reservaId = await fila.oferta(entrada);
  await ciclo.receber({ tipo: 'CobrancaCriada', ...ciclo.pagamento(reservaId), checkoutUrl: 'https://p' });
  ciclo.clock.advance(30 * 60_000);
  await ciclo.prazos.execute('ESPERA');
  await ciclo.encerrarCobranca(reservaId);
}

describe('a slot that becomes free', () => {
  it('is held for the first in line, at the price of that moment, and announced', async () => {
    const { espaco, id, dono } = await fila.espacoTomado();
    const [primeiro, segundo] = [await fila.esperar(espaco), await fila.esperar(espaco)];
    expect(await fila.entrada(primeiro.id)).toMatchObject({ status: 'AGUARDANDO', posicao: 1 });
    expect(await fila.entrada(segundo.id)).toMatchObject({ status: 'AGUARDANDO', posicao: 2 });
    await fila.cancelar(id, dono);
    await fila.round();

    const expiraEm = new Date('2026-06-02T09:30:00Z');
    const reservaId = await fila.oferta(primeiro);
    expect(await fila.entrada(primeiro.id)).toMatchObject({
      status: 'OFERTADA',
      posicao: 0,
      oferta: { expiraEm },
    });
    expect(await fila.entrada(segundo.id)).toMatchObject({ status: 'AGUARDANDO', posicao: 1 });
    expect(await fila.ocupantes(espaco)).toEqual([primeiro.clienteId]);
    expect(await ciclo.status(reservaId)).toBe('PENDENTE_COBRANCA');
    expect(await ciclo.anuncio(reservaId, 'ReservaCriada')).toMatchObject({ reservaId });
    expect(await ciclo.anuncio(primeiro.id, 'VagaOferecida')).toMatchObject({
      entradaId: primeiro.id,
      reservaId,
      clienteId: primeiro.clienteId,
      espacoNome: 'Sala Ipê',
      valor: { centavos: '25000', moeda: 'BRL' },
      expiraEm: expiraEm.toISOString().replace('.000Z', 'Z'),
    });
    expect(await fila.reservar(espaco)).toBe('ESPACO_INDISPONIVEL');
    expect(await fila.vagas(espaco)).toBe(0);
  });

  it('is theirs when they pay, whatever the others wait for', async () => {
    const { espaco, id, dono } = await fila.espacoTomado();
    const [primeiro, segundo] = [await fila.esperar(espaco), await fila.esperar(espaco)];
    await fila.cancelar(id, dono);
    await fila.round();
    const reservaId = await fila.oferta(primeiro);
    await ciclo.pagar(reservaId);
    await fila.round();
    expect(await fila.status(primeiro, segundo)).toEqual(['ATENDIDA', 'AGUARDANDO']);
    // Paid is paid: leaving the line changes nothing any more.
    await fila.sair.execute({ entradaId: primeiro.id, solicitante: primeiro.solicitante });
    expect(await ciclo.status(reservaId)).toBe('CONFIRMADA');
  });

  it('goes to the next in line when the offer expires, as long as there is one', async () => {
    const { espaco, id, dono } = await fila.espacoTomado();
    const [primeiro, segundo] = [await fila.esperar(espaco), await fila.esperar(espaco)];
    await fila.cancelar(id, dono);
    await fila.round();
    await expirarOferta(primeiro);
    await fila.round();
    expect(await fila.status(primeiro, segundo)).toEqual(['EXPIRADA', 'OFERTADA']);
    expect(await fila.ocupantes(espaco)).toEqual([segundo.clienteId]);
    await expirarOferta(segundo);
    await fila.round();
    expect(await fila.reservar(espaco)).toBe('PENDENTE_PAGAMENTO');
  });

  it('goes to the next in line when the offer is declined, and twice is once', async () => {
    const { espaco, id, dono } = await fila.espacoTomado();
    const [primeiro, segundo] = [await fila.esperar(espaco), await fila.esperar(espaco)];
    await fila.cancelar(id, dono);
    await fila.round();
    for (const _ of [1, 2]) {
      const saida = await fila.sair.execute({ entradaId: primeiro.id, solicitante: primeiro.solicitante });
      expect(saida).toMatchObject({ isSuccess: true, value: { status: 'CANCELADA' } });
    }
    expect(await ciclo.status(await fila.oferta(primeiro))).toBe('CANCELADA');
    await fila.round();
    expect(await fila.status(primeiro, segundo)).toEqual(['CANCELADA', 'OFERTADA']);
  });

  it('was theirs after all when the late payment of an expired offer is taken', async () => {
    const { espaco, id, dono } = await fila.espacoTomado();
    const unico = await fila.esperar(espaco);
    await fila.cancelar(id, dono);
    await fila.round();
    await expirarOferta(unico);
    await ciclo.pagar(await fila.oferta(unico));
    expect(await fila.status(unico)).toEqual(['ATENDIDA']);
  });

  it('passes over who has as many reservations as allowed, who keeps their place', async () => {
    const { espaco, id, dono } = await fila.espacoTomado();
    const [cheio, outro] = [await fila.esperar(espaco), await fila.esperar(espaco)];
    const suas: string[] = [];
    for (const _ of [1, 2, 3, 4, 5]) {
      const { espaco: seu } = await fila.espacoTomado();
      suas.push(
        (await fila.tomar(seu, ['2026-06-11T10:00:00Z', '2026-06-11T11:00:00Z'], cheio.clienteId)).id,
      );
    }
    await fila.cancelar(id, dono);
    await fila.round();
    expect(await fila.status(cheio, outro)).toEqual(['AGUARDANDO', 'OFERTADA']);
    await fila.sair.execute({ entradaId: outro.id, solicitante: outro.solicitante });
    await fila.round();
    // Free for everybody as long as nobody in line can have it, and theirs as soon as they can.
    expect(await fila.status(cheio)).toEqual(['AGUARDANDO']);
    await fila.cancelar(suas[0] ?? '', cheio.clienteId);
    await fila.round();
    expect(await fila.status(cheio)).toEqual(['OFERTADA']);
  });

  it('is offered only to those whose whole period is free, buffers included', async () => {
    const { espaco, id, dono } = await fila.espacoTomado();
    const tarde = await fila.tomar(espaco, ['2026-06-10T13:00:00Z', '2026-06-10T15:00:00Z']);
    const longo = await fila.esperar(espaco, ['2026-06-10T11:00:00Z', '2026-06-10T14:00:00Z']);
    const justo = await fila.esperar(espaco, ['2026-06-10T11:45:00Z', '2026-06-10T13:00:00Z']);
    const curto = await fila.esperar(espaco, ['2026-06-10T10:00:00Z', '2026-06-10T11:00:00Z']);
    const vizinho = await fila.esperar(espaco, ['2026-06-10T11:00:00Z', '2026-06-10T12:00:00Z']);
    await fila.cancelar(id, dono);
    await fila.round();
    // 13:00 is taken, so 11:45 to 13:00 lacks its buffer; 11:00 stands too near to the offer before it.
    expect(await fila.status(longo, justo, curto, vizinho)).toEqual([
      'AGUARDANDO',
      'AGUARDANDO',
      'OFERTADA',
      'AGUARDANDO',
    ]);
    await fila.cancelar(tarde.id, tarde.dono);
    await fila.round();
    expect(await fila.status(longo, justo)).toEqual(['AGUARDANDO', 'OFERTADA']);
  });

  it('serves several who do not stand in each other’s way', async () => {
    const { espaco, id, dono } = await fila.espacoTomado(['2026-06-10T08:00:00Z', '2026-06-10T12:00:00Z'], {
      folgaMinutos: 0,
    });
    const cedo = await fila.esperar(espaco, ['2026-06-10T08:00:00Z', '2026-06-10T10:00:00Z']);
    const tarde = await fila.esperar(espaco, ['2026-06-10T10:00:00Z', '2026-06-10T12:00:00Z']);
    await fila.cancelar(id, dono);
    await fila.round();
    expect(await fila.status(cedo, tarde)).toEqual(['OFERTADA', 'OFERTADA']);
  });
});

describe('the mark of a space', () => {
  it.each(STATUS_OCUPANTES)(
    'is made when a reservation leaves %s, for each status that is free',
    async (de) => {
      for (const para of STATUS_RESERVA) {
        const espaco = await storeEspaco(ciclo.uow);
        const { id } = await fila.tomar(espaco, ['2026-06-10T10:00:00Z', '2026-06-10T12:00:00Z']);
        const mudar = (status: string) =>
          ciclo.dataSource.query(
            `update reservas set status = $2, pagamento_id = id, checkout_url = 'x', confirmada_em = now(),
             expirando_desde = now(), anuncios = 1, proximo_anuncio_em = now(), cancelada_em = now(),
             motivo_cancelamento = '', reembolso_centavos = 0, bonus_centavos = 0 where id = $1`,
            [id, status],
          );
        await mudar(de);
        await ciclo.dataSource.query('delete from fila_vagas');
        await mudar(para);
        const ocupa = (STATUS_OCUPANTES as readonly string[]).includes(para);
        expect([para, await fila.vagas(espaco)]).toEqual([para, ocupa ? 0 : 1]);
      }
    },
  );

  it('is made when a closure is removed, and the slot is offered', async () => {
    const { uow, clock } = ciclo;
    const { espaco, id, dono } = await fila.espacoTomado();
    const entrada = await fila.esperar(espaco);
    const ids = { next: async () => newId('fec') };
    const fechar = new CriarFechamentoHandler({ uow, ids, clock });
    const dia = { inicio: new Date('2026-06-10T00:00:00Z'), fim: new Date('2026-06-11T00:00:00Z') };
    const fechado = await fechar.execute({
      espacoId: espaco.id,
      ...dia,
      anual: false,
      motivo: '',
      quem: 'a',
    });
    if (fechado.isFailure) throw fechado.error;
    await fila.cancelar(id, dono);
    await fila.round();
    expect(await fila.status(entrada)).toEqual(['AGUARDANDO']);
    const { id: fechamentoId } = fechado.value;
    await new RemoverFechamentoHandler({ uow }).execute({ espacoId: espaco.id, fechamentoId });
    await fila.round();
    expect(await fila.status(entrada)).toEqual(['OFERTADA']);
  });
});

describe('standing in line', () => {
  it('is refused when the period is free, or a booking would be refused anyway', async () => {
    const espaco = await storeEspaco(ciclo.uow);
    const motivo = async (...pedido: Parameters<Fila['pedir']>) => {
      const feita = await fila.pedir(...pedido);
      return feita.isFailure ? feita.error.motivo : feita.value.entrada.status;
    };
    expect(await motivo(espaco, 'cli_1')).toBe('VAGA_DISPONIVEL');
    expect(await motivo(espaco, 'cli_1', ['2026-06-10T10:05:00Z', '2026-06-10T12:00:00Z'])).toBe(
      'FORA_DA_GRADE',
    );
    expect(await motivo(espaco, 'cli_1', ['2026-06-10T12:00:00Z', '2026-06-10T10:00:00Z'])).toBe(
      'PERIODO_INVALIDO',
    );
    const nenhum = [{ codigo: 'PISCINA', quantidade: 1 }];
    expect(await motivo(espaco, 'cli_1', undefined, nenhum)).toBe('EXTRA_INVALIDO');
  });

  it('is one place for one period, and at most ten places', async () => {
    const clienteId = newId('cli');
    const { espaco } = await fila.espacoTomado(['2026-06-10T00:00:00Z', '2026-06-10T18:00:00Z']);
    const hora = (h: number) => `2026-06-10T${String(h).padStart(2, '0')}:00:00Z`;
    const primeira = await fila.esperar(espaco, [hora(0), hora(1)], clienteId);
    expect(await fila.esperar(espaco, [hora(0), hora(1)], clienteId)).toEqual(primeira);
    for (let h = 1; h < 10; h += 1) await fila.esperar(espaco, [hora(h), hora(h + 1)], clienteId);
    const demais = await fila.pedir(espaco, clienteId, [hora(10), hora(11)]);
    expect(demais).toMatchObject({ error: { motivo: 'LIMITE_DE_ESPERAS', detalhes: { maximo: 10 } } });
    await fila.sair.execute({ entradaId: primeira.id, solicitante: primeira.solicitante });
    expect((await fila.pedir(espaco, clienteId, [hora(10), hora(11)])).isSuccess).toBe(true);
  });

  it('ends when the period came too near, and is offered nothing then', async () => {
    const { espaco, id } = await fila.espacoTomado();
    const entrada = await fila.esperar(espaco);
    ciclo.clock.set('2026-06-10T07:59:59Z');
    await fila.encerrar.execute();
    expect(await fila.status(entrada)).toEqual(['AGUARDANDO']);
    ciclo.clock.set('2026-06-10T08:00:00Z');
    const admin = { id: 'cli_admin', admin: true };
    await ciclo.cancelar.execute({ reservaId: id, solicitante: admin, motivo: 'x', excecao: undefined });
    await fila.round();
    await fila.encerrar.execute();
    expect(await fila.status(entrada)).toEqual(['ENCERRADA']);
  });
});

describe('the worker of the waitlist', () => {
  function filaWorker(uow = ciclo.uow) {
    const atender = fila.atender(uow);
    const encerramentos = oneByOne(new EncerrarEsperasHandler(ciclo));
    return newWorker(inTurn({ ofertas: atender.ofertar, encerramentos }));
  }

  it('offers and ends by itself, goes on after a failure, and stops', async () => {
    const { espaco, id, dono } = await fila.espacoTomado();
    const { espaco: outro } = await fila.espacoTomado();
    const [entrada, perdida] = [await fila.esperar(espaco), await fila.esperar(outro)];
    let vezes = 0;
    const run: typeof ciclo.uow.run = (work) =>
      ++vezes === 1 ? Promise.reject(new Error('the database is away')) : ciclo.uow.run(work);
    const worker = filaWorker({ ...ciclo.uow, run });
    await worker.start();
    await fila.cancelar(id, dono);
    await eventually(async () => expect(await fila.status(entrada)).toEqual(['OFERTADA']));
    ciclo.clock.set('2026-06-10T09:00:00Z');
    await eventually(async () => expect(await fila.status(perdida)).toEqual(['ENCERRADA']));
    await worker.stop();
    expect(vezes).toBeGreaterThan(1);
  });

  it('offers once a turn when a proof turns it, until there is nobody to offer to', async () => {
    const [uma, outra] = [await fila.espacoTomado(), await fila.espacoTomado()];
    const entradas = [await fila.esperar(uma.espaco), await fila.esperar(outra.espaco)] as const;
    const worker = filaWorker();
    for (const { id, dono } of [uma, outra]) await fila.cancelar(id, dono);
    expect(await worker.turn()).toBe(true);
    expect(await fila.status(...entradas)).toEqual(['OFERTADA', 'AGUARDANDO']);
    expect(await worker.turn()).toBe(true);
    expect(await fila.status(...entradas)).toEqual(['OFERTADA', 'OFERTADA']);
    expect(await worker.turn()).toBe(false);
  });
});

describe('a long line', () => {
  it('takes a hundred people for the same time, and others for another one', async () => {
    const { espaco } = await fila.espacoTomado();
    await ciclo.dataSource.query(
      `insert into fila_espera (id, versao, status, cliente_id, espaco_id, data_inicio, data_fim, extras, encerra_em,
         criada_em, atualizada_em)
       select 'fil_longa' || n, 1, 'AGUARDANDO', 'cli_longa' || n, $1, $2::timestamptz, $2::timestamptz + interval '1 hour',
         '[]', $2, $3, $3
       from generate_series(1, 100) as n`,
      [espaco.id, new Date(MANHA[0]), new Date(NOW)],
    );
    const recusada = await fila.pedir(espaco, newId('cli'));
    expect(recusada.isFailure && [recusada.error.motivo, recusada.error.detalhes]).toEqual([
      'LIMITE_DE_ESPERAS',
      { maximoNaFila: 100 },
    ]);
    const depois = await fila.pedir(espaco, newId('cli'), [MANHA[0].replace('T10', 'T11'), MANHA[1]]);
    expect(depois.isSuccess).toBe(true);
  });

  it('is looked at once beside a booking, with the space locked, however many stand in it', async () => {
    const { espaco } = await fila.espacoTomado();
    const ids = await Promise.all([1, 2, 3, 4].map(() => fila.esperar(espaco)));
    const [primeira, ...outras] = await Promise.all(ids.map(({ id }) => fila.entrada(id)));
    if (!primeira) throw new Error('nobody stands in line');
    const pedido = { periodo: primeira.periodo, clienteId: newId('cli') };
    let vezes = 0;
    const dele = await ciclo.uow.run((tx) => {
      const entre: typeof tx.fechamentos.entre = (...trecho) => {
        vezes += 1;
        return tx.fechamentos.entre(...trecho);
      };
      const contado = { ...tx, fechamentos: { ...tx.fechamentos, entre } };
      return prometida(contado, espaco, pedido, [primeira, ...outras], new Date(NOW));
    });
    expect([dele, vezes]).toEqual([false, 1]);
  });
});
