import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DEAD_AFTER } from '@plataforma/domain/work-queue';
import { inTurn } from '@plataforma/runtime/one-by-one';
import { eventually } from '@plataforma/testing/eventually';
import { situacaoDaFila } from '../../src/fila-espera/infrastructure/consulta-da-fila.ts';
import { CumprirPrazoHandler, PRAZOS } from '../../src/reservas/application/cumprir-prazo.ts';
import { situacaoDosPrazos } from '../../src/reservas/infrastructure/vencidas-sql.ts';
import type { Trabalho } from '../../src/trabalhos/domain/trabalhos-adiados.ts';
import { Ciclo } from '../ciclo-fixture.ts';
import { InMemoryObservador } from '../doubles.ts';
import { Fila } from '../fila-espera/fila-fixture.ts';
import { newWorker } from '../new-worker.ts';
import { NOW, newId, storeEspaco } from '../reservas-fixture.ts';

let ciclo: Ciclo;
let fila: Fila;

beforeAll(async () => {
  ciclo = await Ciclo.open();
  fila = new Fila(ciclo);
});

afterAll(() => ciclo.close());

beforeEach(() => {
  ciclo.clock.set(NOW);
  ciclo.observador.falhas.length = 0;
});

const adiados = async () =>
  (await ciclo.dataSource.query('select item_id from trabalhos_adiados order by 1')).map(
    ({ item_id }: { item_id: string }) => item_id,
  );

describe('a reservation over which a deadline fails', () => {
  it('keeps no other one waiting, is tried again later and later, and catches up', async () => {
    const [boa, ma, outra] = [await ciclo.esperando(), await ciclo.esperando(), await ciclo.esperando()];
    const consertar = await ciclo.breakRows('reservas', 'update', `new.id = '${ma.id}'`);
    ciclo.clock.set('2026-06-02T09:15:00Z');
    expect(await ciclo.prazos.execute('ESPERA')).toBe(false);
    expect(await Promise.all([boa, ma, outra].map(({ id }) => ciclo.status(id)))).toEqual([
      'EXPIRANDO',
      'PENDENTE_PAGAMENTO',
      'EXPIRANDO',
    ]);
    expect(ciclo.observador.falhas).toEqual([`ESPERA ${ma.id} 1`]);

    // Left alone for five seconds, then for ten.
    await ciclo.prazos.execute('ESPERA');
    ciclo.clock.advance(5_000);
    await ciclo.prazos.execute('ESPERA');
    ciclo.clock.advance(5_000);
    await ciclo.prazos.execute('ESPERA');
    expect(ciclo.observador.falhas).toEqual([`ESPERA ${ma.id} 1`, `ESPERA ${ma.id} 2`]);

    await consertar();
    ciclo.clock.advance(5_000);
    await ciclo.prazos.execute('ESPERA');
    expect(await ciclo.status(ma.id)).toBe('EXPIRANDO');
    expect(await adiados()).toEqual([]);
  });

  it('keeps no other deadline waiting', async () => {
    const feitos: string[] = [];
    const prazos = PRAZOS.map((prazo) => {
      const work = async () => {
        feitos.push(prazo);
        if (prazo === 'ESPERA') throw new Error('broken for a spec');
        return 0;
      };
      return [prazo, work] as const;
    });
    const worker = newWorker(inTurn(Object.fromEntries(prazos)));
    await worker.start();
    await eventually(async () => expect(feitos.length).toBeGreaterThan(6));
    await worker.stop();
    expect(new Set(feitos)).toEqual(new Set(['ESPERA', 'RESPOSTA', 'DEVOLUCAO', 'TERMINO']));
  });

  it('still counts its failures when another replica has it locked', async () => {
    const { id } = await ciclo.esperando();
    ciclo.clock.set('2026-06-02T09:15:00Z');
    const { uow, clock, dataSource } = ciclo;
    await uow.run(({ adiados: novos }) => novos.adiar('ESPERA', id, new Error('x'), new Date(NOW)));
    await dataSource.transaction(async (outra) => {
      await outra.query('select from reservas where id = $1 for no key update', [id]);
      await new CumprirPrazoHandler({ prazo: 'ESPERA', uow, clock }).execute(id);
    });
    expect(await adiados()).toEqual([id]);
    await ciclo.prazos.execute('ESPERA');
    expect([await ciclo.status(id), await adiados()]).toEqual(['EXPIRANDO', []]);
  });

  it('does not put off anything while the database is away', async () => {
    const { id } = await ciclo.esperando();
    ciclo.clock.set('2026-06-02T09:15:00Z');
    const run = ciclo.uow.run.bind(ciclo.uow);
    ciclo.uow.run = () => Promise.reject(new Error('connection lost'));
    await expect(ciclo.prazos.execute('ESPERA')).rejects.toThrow('connection lost');
    ciclo.uow.run = run;
    expect(await adiados()).toEqual([]);
    await ciclo.prazos.execute('ESPERA');
    expect(await ciclo.status(id)).toBe('EXPIRANDO');
  });
});

describe('an entry of the waitlist over which its end fails', () => {
  it('keeps no other one waiting', async () => {
    const { espaco } = await fila.espacoTomado();
    const [boa, ma] = [await fila.esperar(espaco), await fila.esperar(espaco)];
    const consertar = await ciclo.breakRows('fila_espera', 'update', `new.id = '${ma.id}'`);
    ciclo.clock.set('2026-06-10T09:00:00Z');
    await fila.encerrar.execute();
    expect(await fila.status(boa, ma)).toEqual(['ENCERRADA', 'AGUARDANDO']);
    await consertar();
    ciclo.clock.advance(4_999);
    await fila.encerrar.execute();
    expect(await fila.status(boa, ma)).toEqual(['ENCERRADA', 'AGUARDANDO']);
    ciclo.clock.advance(1);
    await fila.encerrar.execute();
    expect(await fila.status(boa, ma)).toEqual(['ENCERRADA', 'ENCERRADA']);
    expect(await adiados()).toEqual([]);
  });
});

describe('a slot whose offer keeps failing', () => {
  const rodadas = async (vezes: number) => {
    for (let n = 0; n < vezes; n += 1) await fila.round();
  };

  it('goes to the next in line, and to who lost their turn when they can have it', async () => {
    const { espaco, id, dono } = await fila.espacoTomado();
    const [primeiro, segundo] = [await fila.esperar(espaco), await fila.esperar(espaco)];
    const consertar = await ciclo.breakRows('reservas', 'insert', `new.cliente_id = '${primeiro.clienteId}'`);
    await fila.cancelar(id, dono);
    await rodadas(2);
    // Twice may be bad luck.
    expect(await fila.status(primeiro, segundo)).toEqual(['AGUARDANDO', 'AGUARDANDO']);
    expect(await fila.reservar(espaco)).toBe('ESPACO_INDISPONIVEL');
    await rodadas(2);
    expect(await fila.status(primeiro, segundo)).toEqual(['AGUARDANDO', 'OFERTADA']);
    await consertar();
    const solicitante = { id: segundo.clienteId, admin: false };
    await fila.sair.execute({ entradaId: segundo.id, solicitante });
    ciclo.clock.advance(60_000);
    await rodadas(1);
    expect(await fila.status(primeiro, segundo)).toEqual(['OFERTADA', 'CANCELADA']);
    expect(await adiados()).toEqual([]);
  });

  it('can be booked when nobody else is in line, and is looked at again afterwards', async () => {
    const { espaco, id, dono } = await fila.espacoTomado();
    const so = await fila.esperar(espaco);
    const consertar = await ciclo.breakRows('reservas', 'insert', `new.cliente_id = '${so.clienteId}'`);
    await fila.cancelar(id, dono);
    await rodadas(3);
    const outro = newId('cli');
    expect(await fila.reservar(espaco, undefined, outro)).toBe('PENDENTE_PAGAMENTO');
    await rodadas(1);
    expect(await fila.vagas(espaco)).toBe(1);
    await consertar();
    ciclo.clock.advance(60_000);
    await rodadas(1);
    expect(await fila.status(so)).toEqual(['AGUARDANDO']);
    expect(await fila.vagas(espaco)).toBe(0);
    await ciclo.dataSource.query('delete from trabalhos_adiados');
  });

  it('is not put off by a deadlock, after which the same works', async () => {
    const { espaco, id, dono } = await fila.espacoTomado();
    const so = await fila.esperar(espaco);
    const desfazer = await ciclo.deadlockOnce('reservas', 'insert', `new.cliente_id = '${so.clienteId}'`);
    await fila.cancelar(id, dono);
    await rodadas(1);
    expect(await fila.status(so)).toEqual(['OFERTADA']);
    expect(await adiados()).toEqual([]);
    await desfazer();
  });

  it('is not put off by an identity that is taken, after which the next one works', async () => {
    const { espaco, id, dono } = await fila.espacoTomado();
    const so = await fila.esperar(espaco);
    await fila.cancelar(id, dono);
    const observador = new InMemoryObservador();
    const ids = [id, newId('res')];
    const atender = fila.atender(ciclo.uow, observador, { next: async () => ids.shift() ?? '' });
    expect(await atender.execute(espaco.id)).toBe(true);
    expect([await fila.status(so), observador.falhas]).toEqual([['OFERTADA'], []]);
    await rodadas(1);
  });

  it('does not hide the other spaces behind it', async () => {
    const antes = await fila.espacoTomado();
    const depois = await fila.espacoTomado();
    const so = await fila.esperar(antes.espaco);
    const consertar = await ciclo.breakRows('reservas', 'insert', `new.cliente_id = '${so.clienteId}'`);
    await fila.cancelar(antes.id, antes.dono);
    await fila.atender().execute(antes.espaco.id);
    await storeEspaco(ciclo.uow);
    await ciclo.dataSource.query('insert into fila_vagas (espaco_id) values ($1)', [depois.espaco.id]);
    await fila.atender().execute(antes.espaco.id);
    expect(await fila.atender().espacos()).toEqual([depois.espaco.id, antes.espaco.id]);
    await consertar();
    await rodadas(1);
    expect(await fila.status(so)).toEqual(['OFERTADA']);
  });
});

describe('what is put off', () => {
  it('is tried again after twice as long each time, and within an hour', async () => {
    const agora = new Date(NOW);
    const pausas: number[] = [];
    for (let vez = 1; vez <= 14; vez += 1) {
      await ciclo.uow.run(({ adiados: observador }) =>
        observador.adiar('TERMINO', 'res_y', new Error('x'), agora),
      );
      const [{ pausa }] = await ciclo.dataSource.query(
        `select extract(epoch from tentar_em - $1)::int as pausa from trabalhos_adiados where item_id = 'res_y'`,
        [agora],
      );
      pausas.push(pausa);
    }
    expect(pausas.slice(0, 4)).toEqual([5, 10, 20, 40]);
    expect(pausas.slice(-4)).toEqual(Array(4).fill(3_600));
    await ciclo.uow.run(({ adiados: observador }) => observador.concluir('TERMINO', ['res_y']));
  });

  it('keeps the beginning of its error, whatever that says', async () => {
    const erro = new Error(`\0${'x'.repeat(900)}`);
    await ciclo.uow.run(({ adiados: novos }) => novos.adiar('TERMINO', 'res_z', erro, new Date(NOW)));
    const guardado = await ciclo.dataSource.query(
      `select erro from trabalhos_adiados where item_id = 'res_z'`,
    );
    expect(guardado).toEqual([{ erro: `Error: \uFFFD${'x'.repeat(492)}` }]);
    await ciclo.uow.run(({ adiados: feitos }) => feitos.concluir('TERMINO', ['res_z']));
  });

  it('is counted for operators, and so is what is dead', async () => {
    const prazos = () => situacaoDosPrazos(ciclo.dataSource, PRAZOS, ciclo.clock.now());
    const naFila = () => situacaoDaFila(ciclo.dataSource, ciclo.clock.now());
    const { id } = await ciclo.esperando();
    const { espaco, id: tomada, dono } = await fila.espacoTomado();
    const [primeira, segunda] = [await fila.esperar(espaco), await fila.esperar(espaco)];
    ciclo.clock.set('2026-06-02T09:15:00Z');
    const adiar = (trabalho: Trabalho, itemId: string) =>
      ciclo.uow.run((tx) => tx.adiados.adiar(trabalho, itemId, new Error('x'), ciclo.clock.now()));
    for (let vez = 1; vez <= DEAD_AFTER; vez += 1) {
      expect(await prazos()).toMatchObject({ putOff: Math.min(vez - 1, 1), dead: 0 });
      await adiar('ESPERA', id);
    }
    await fila.cancelar(tomada, dono);
    await adiar('OFERTA', primeira.id);
    await adiar('OFERTA', espaco.id);
    expect([await prazos(), await naFila()]).toMatchObject([
      { putOff: 1, dead: 1 },
      { putOff: 2, dead: 0 },
    ]);

    // Settled by others, and not yet purged.
    await ciclo.pagar(id);
    await fila.sair.execute({ entradaId: primeira.id, solicitante: primeira.solicitante });
    expect([await prazos(), await naFila()]).toMatchObject([
      { putOff: 0, dead: 0 },
      { putOff: 1, dead: 0 },
    ]);
    await ciclo.dataSource.query('delete from fila_vagas where espaco_id = $1', [espaco.id]);
    expect(await naFila()).toMatchObject({ putOff: 0 });
    await adiar('FIM_DA_ESPERA', segunda.id);
    expect(await naFila()).toMatchObject({ putOff: 0 });
    ciclo.clock.set('2026-06-10T09:00:00Z');
    expect(await naFila()).toMatchObject({ putOff: 1 });
    await ciclo.dataSource.query('delete from trabalhos_adiados');
  });
});

describe('what is due', () => {
  it('is told to operators with the time since when', async () => {
    await ciclo.esperando();
    const { espaco } = await fila.espacoTomado();
    await fila.esperar(espaco);
    ciclo.clock.set('2026-06-02T09:15:00Z');
    const { dueSince } = await situacaoDosPrazos(ciclo.dataSource, ['ESPERA'], ciclo.clock.now());
    expect(dueSince).toEqual(new Date('2026-06-02T09:15:00Z'));
    ciclo.clock.set('2026-06-10T09:30:00Z');
    expect((await situacaoDaFila(ciclo.dataSource, ciclo.clock.now())).dueSince).toEqual(
      new Date('2026-06-10T08:00:00Z'),
    );
  });
});

describe('a space that cannot be looked at', () => {
  it('is put off like an offer, keeps no other waiting, and is forgotten once it can', async () => {
    const [ma, boa] = [await fila.espacoTomado(), await fila.espacoTomado()];
    const [nela, outra] = [await fila.esperar(ma.espaco), await fila.esperar(boa.espaco)];
    for (const { id, dono } of [ma, boa]) await fila.cancelar(id, dono);
    let quebrado = true;
    const run: typeof ciclo.uow.run = (work) =>
      ciclo.uow.run((tx) => {
        const { travarEspaco } = tx.reservas;
        tx.reservas.travarEspaco = async (id) => {
          if (quebrado && id === ma.espaco.id) throw new Error('broken for a spec');
          await travarEspaco.call(tx.reservas, id);
        };
        return work(tx);
      });
    const observador = new InMemoryObservador();
    const atender = fila.atender({ ...ciclo.uow, run }, observador);
    expect(await atender.ofertar(50)).toBe(1);
    expect([await fila.status(nela, outra), observador.falhas]).toEqual([
      ['AGUARDANDO', 'OFERTADA'],
      [`OFERTA ${ma.espaco.id} 1`],
    ]);
    quebrado = false;
    expect(await atender.ofertar(50)).toBe(1);
    expect([await fila.status(nela), await adiados()]).toEqual([['OFERTADA'], []]);
  });
});
