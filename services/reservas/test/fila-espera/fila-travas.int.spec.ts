import { describe, expect, it } from '@jest/globals';
import { underKey } from '@plataforma/runtime/call-key';
import { CriarFechamentoHandler } from '../../src/espacos/application/criar-fechamento.ts';
import type { Ciclo } from '../ciclo-fixture.ts';
import { InMemoryObservador } from '../doubles.ts';
import { newId } from '../reservas-fixture.ts';
import { type Fila, MANHA } from './fila-fixture.ts';
import { twoAtOnce } from './two-at-once.ts';

let ciclo: Ciclo;
let fila: Fila;

const { stop, passed } = twoAtOnce((aberto, daFila) => {
  ciclo = aberto;
  fila = daFila;
});

/** A slot that has just become free, and who waits for it. */
async function vagaComFila() {
  const { espaco, id, dono } = await fila.espacoTomado();
  const entrada = await fila.esperar(espaco);
  await fila.cancelar(id, dono);
  return { espaco, entrada };
}

const sair = ({ id: entradaId, solicitante }: Awaited<ReturnType<Fila['esperar']>>) =>
  fila.sair.execute({ entradaId, solicitante });

describe('an offer', () => {
  it('waits for who is leaving the line, and is then made to nobody', async () => {
    const { espaco, entrada } = await vagaComFila();
    const observador = new InMemoryObservador();
    const parado = stop(/^\s*update fila_espera/);
    const saida = sair(entrada);
    await parado.reached();
    const rodada = fila.round(fila.atender(ciclo.uow, observador));
    expect(await passed(rodada)).toBe('blocked');
    parado.open();
    expect(await saida).toMatchObject({ isSuccess: true, value: { status: 'CANCELADA' } });
    await rodada;
    expect([await fila.ocupantes(espaco), observador.falhas]).toEqual([[], []]);
  });

  it('is declined by who was about to leave when it came', async () => {
    const { espaco, entrada } = await vagaComFila();
    const parado = stop(/from fila_espera f where id = \$1 for no key update/);
    const chave = { escopo: 'spec', chave: newId('chave'), metodo: 'SairDaFila', impressao: Buffer.of(1) };
    const saida = underKey(chave, () => sair(entrada));
    await parado.reached();
    await fila.round();
    expect(await fila.status(entrada)).toEqual(['OFERTADA']);
    parado.open();
    expect(await saida).toMatchObject({ isSuccess: true, value: { status: 'CANCELADA' } });
    expect(await ciclo.status(await fila.oferta(entrada))).toBe('CANCELADA');
    expect(await fila.ocupantes(espaco)).toEqual([]);
    // The turn that came to nothing had given its key back.
    const feito = await ciclo.dataSource.query('select efeito from idempotencia where chave = $1', [
      chave.chave,
    ]);
    expect(feito).toEqual([{ efeito: entrada.id }]);
  });

  it('waits for a closure that is under way, and is not made within it', async () => {
    const { espaco, entrada } = await vagaComFila();
    const { uow, clock } = ciclo;
    const observador = new InMemoryObservador();
    const fechar = new CriarFechamentoHandler({ uow, ids: { next: async () => newId('fec') }, clock });
    const parado = stop(/^insert into fechamentos/);
    const [inicio, fim] = MANHA.map((hora) => new Date(hora)) as [Date, Date];
    const fechado = fechar.execute({ espacoId: espaco.id, inicio, fim, anual: false, motivo: '', quem: 'a' });
    await parado.reached();
    const rodada = fila.round(fila.atender(uow, observador));
    expect(await passed(rodada)).toBe('blocked');
    parado.open();
    expect((await fechado).isSuccess).toBe(true);
    await rodada;
    expect([await fila.status(entrada), observador.falhas]).toEqual([['AGUARDANDO'], []]);
  });

  it('is made by one worker, and another one goes on to other spaces meanwhile', async () => {
    const { espaco, entrada } = await vagaComFila();
    const parado = stop(/^insert into reservas /);
    const um = fila.atender().execute(espaco.id);
    await parado.reached();
    const outro = fila.atender().execute(espaco.id);
    expect([await passed(outro), await outro]).toEqual(['done', false]);
    parado.open();
    expect(await um).toBe(true);
    expect(await fila.ocupantes(espaco)).toEqual([entrada.clienteId]);
  });

  it('finds who was entering the line when the slot became free', async () => {
    const { espaco, id, dono } = await fila.espacoTomado();
    const parado = stop(/^insert into fila_espera /);
    const entrando = fila.esperar(espaco);
    await parado.reached();
    await fila.cancelar(id, dono);
    const rodada = fila.round();
    expect(await passed(rodada)).toBe('blocked');
    parado.open();
    await rodada;
    expect(await fila.status(await entrando)).toEqual(['OFERTADA']);
  });
});

describe('the last place in line of one customer', () => {
  it('is taken once, in whichever of two spaces they ask for it first', async () => {
    const clienteId = newId('cli');
    const { espaco } = await fila.espacoTomado(['2026-06-10T00:00:00Z', '2026-06-10T18:00:00Z']);
    const { espaco: outro } = await fila.espacoTomado();
    for (let hora = 10; hora < 19; hora += 1)
      await fila.esperar(espaco, [`2026-06-10T0${hora - 10}:00:00Z`, `2026-06-10T${hora}:00:00Z`], clienteId);
    const parado = stop(/^insert into fila_espera /);
    const primeira = fila.pedir(espaco, clienteId);
    await parado.reached();
    const segunda = fila.pedir(outro, clienteId);
    expect(await passed(segunda)).toBe('blocked');
    parado.open();
    expect(await primeira).toMatchObject({ isSuccess: true });
    expect(await segunda).toMatchObject({ error: { motivo: 'LIMITE_DE_ESPERAS' } });
  });
});

describe('the end of a wait', () => {
  it('is brought about by one worker, and another one leaves it alone without waiting', async () => {
    const { espaco } = await fila.espacoTomado();
    const entradas = [await fila.esperar(espaco), await fila.esperar(espaco)];
    ciclo.clock.set('2026-06-10T08:00:00Z');
    const parado = stop(/^\s*update fila_espera/);
    const um = fila.encerrar.execute();
    await parado.reached();
    const outro = fila.encerrar.execute();
    expect(await passed(outro)).toBe('done');
    expect(await fila.status(...entradas)).toEqual(['AGUARDANDO', 'AGUARDANDO']);
    parado.open();
    await um;
    expect(await fila.status(...entradas)).toEqual(['ENCERRADA', 'ENCERRADA']);
  });
});

describe('a place in line that was read without its lock', () => {
  it('is not stored over what somebody else has made of it', async () => {
    const { entrada } = await vagaComFila();
    const guardar = ciclo.uow.run(async (tx) => {
      const vista = await tx.fila.ver(entrada.id);
      await sair(entrada);
      vista?.sair(ciclo.clock.now());
      if (vista) await tx.fila.save(vista);
    });
    await expect(guardar).rejects.toThrow('was not locked');
  });
});
