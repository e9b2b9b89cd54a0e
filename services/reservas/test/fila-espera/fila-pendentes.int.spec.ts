import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { LIMITES_DE_PENDENTES_PADRAO } from '../../src/espacos/domain/limites-de-pendentes.ts';
import { Ciclo } from '../ciclo-fixture.ts';
import { NOW, newId } from '../reservas-fixture.ts';
import { Fila, MANHA } from './fila-fixture.ts';

const PADRAO = { limitesPendentes: LIMITES_DE_PENDENTES_PADRAO };
/** Overlaps the morning. */
const QUASE = ['2026-06-10T10:15:00Z', '2026-06-10T12:00:00Z'] as const;

let ciclo: Ciclo;
let fila: Fila;

beforeAll(async () => {
  ciclo = await Ciclo.open();
  fila = new Fila(ciclo);
});

afterAll(() => ciclo.close());

beforeEach(() => ciclo.clock.set(NOW));

const dia = (n: number, horas = 2) => {
  const inicio = new Date(Date.UTC(2026, 5, n, 10));
  return [inicio.toISOString(), new Date(inicio.getTime() + horas * 3_600_000).toISOString()] as const;
};

describe('who stands in line', () => {
  it('is not offered again what they have just let go, by another place in line', async () => {
    const { espaco, dono, id } = await fila.espacoTomado(MANHA, PADRAO);
    const primeira = await fila.esperar(espaco);
    const segunda = await fila.esperar(espaco, QUASE, primeira.clienteId);
    await fila.cancelar(id, dono);
    await fila.round();
    expect(await fila.status(primeira, segunda)).toEqual(['OFERTADA', 'AGUARDANDO']);

    await fila.sair.execute({ entradaId: primeira.id, solicitante: primeira.solicitante });
    await fila.round();
    expect(await fila.status(primeira, segunda)).toEqual(['CANCELADA', 'AGUARDANDO']);
    ciclo.clock.set('2026-06-02T09:29:59Z');
    await fila.round();
    expect(await fila.status(segunda)).toEqual(['AGUARDANDO']);

    // Nothing else happens at the space: the line itself remembers that somebody is to be asked later.
    ciclo.clock.set('2026-06-02T09:30:00Z');
    await fila.round();
    expect(await fila.status(segunda)).toEqual(['OFERTADA']);
  });

  it('keeps nobody from what they let go: the next in line has it, or whoever books', async () => {
    const { espaco, dono, id } = await fila.espacoTomado(MANHA, PADRAO);
    const primeira = await fila.esperar(espaco);
    await fila.esperar(espaco, QUASE, primeira.clienteId);
    const outra = await fila.esperar(espaco);
    await fila.cancelar(id, dono);
    await fila.round();
    ciclo.clock.set('2026-06-02T09:31:00Z');
    await ciclo.prazos.execute('ESPERA');
    const oferta = await fila.oferta(primeira);
    await ciclo.encerrarCobranca(oferta);
    expect(await ciclo.status(oferta)).toBe('EXPIRADA');
    await fila.round();
    expect(await fila.status(outra)).toEqual(['OFERTADA']);
    await fila.sair.execute({ entradaId: outra.id, solicitante: outra.solicitante });
    await fila.round();
    expect(await fila.reservar(espaco)).toBe('PENDENTE_PAGAMENTO');
  });

  it('is not offered more than one may hold unpaid, and is asked again once it is paid', async () => {
    const clienteId = newId('cli');
    const { espaco, dono, id } = await fila.espacoTomado(dia(10), PADRAO);
    const tomadas = [{ id, dono }];
    for (const n of [11, 12, 13]) tomadas.push(await fila.tomar(espaco, dia(n)));
    const entradas = [];
    for (const n of [10, 11, 12, 13]) entradas.push(await fila.esperar(espaco, dia(n), clienteId));
    for (const tomada of tomadas) await fila.cancelar(tomada.id, tomada.dono);
    await fila.round();
    expect(await fila.status(...entradas)).toEqual(['OFERTADA', 'OFERTADA', 'OFERTADA', 'AGUARDANDO']);
    expect(await fila.reservar(espaco, dia(13))).toBe('PENDENTE_PAGAMENTO');
    const [primeira, , , ultima] = entradas;
    const intrusa = (await fila.ocupantes(espaco)).find((ocupante) => ocupante !== clienteId);
    await ciclo.pagar(await fila.oferta(primeira as { id: string }));
    const [{ id: dela }] = await ciclo.dataSource.query('select id from reservas where cliente_id = $1', [
      intrusa,
    ]);
    await fila.cancelar(dela, String(intrusa));
    await fila.round();
    expect(await fila.status(ultima as { id: string })).toEqual(['OFERTADA']);
  });

  it('is not offered more hours than one may hold unpaid', async () => {
    const clienteId = newId('cli');
    const { espaco, dono, id } = await fila.espacoTomado(dia(10, 13), PADRAO);
    const outra = await fila.tomar(espaco, dia(12, 13));
    const [primeira, segunda] = [
      await fila.esperar(espaco, dia(10, 13), clienteId),
      await fila.esperar(espaco, dia(12, 13), clienteId),
    ];
    await fila.cancelar(id, dono);
    await fila.cancelar(outra.id, outra.dono);
    await fila.round();
    expect(await fila.status(primeira, segunda)).toEqual(['OFERTADA', 'AGUARDANDO']);
    await ciclo.pagar(await fila.oferta(primeira));
    await fila.round();
    expect(await fila.status(segunda)).toEqual(['OFERTADA']);
  });

  it('gets nothing held while their account is suspended, and keeps nobody from it', async () => {
    const { espaco, dono, id } = await fila.espacoTomado(MANHA, PADRAO);
    const suspensa = await fila.esperar(espaco);
    const seguinte = await fila.esperar(espaco);
    await ciclo.dataSource.query('insert into contas (usuario_id, versao, ativa) values ($1, 2, false)', [
      suspensa.clienteId,
    ]);
    await fila.cancelar(id, dono);
    await fila.round();
    expect(await fila.status(suspensa, seguinte)).toEqual(['AGUARDANDO', 'OFERTADA']);

    await fila.sair.execute({ entradaId: seguinte.id, solicitante: seguinte.solicitante });
    await fila.round();
    expect(await fila.vagas(espaco)).toBe(0);
    await ciclo.dataSource.query('update contas set ativa = true where usuario_id = $1', [
      suspensa.clienteId,
    ]);
    await fila.round();
    expect(await fila.status(suspensa)).toEqual(['OFERTADA']);
  });
});

describe('who always happens to be booking', () => {
  it('keeps the others in line waiting for three looks at most', async () => {
    const { espaco, dono, id } = await fila.espacoTomado(MANHA);
    const ocupada = await fila.esperar(espaco);
    const seguinte = await fila.esperar(espaco);
    await fila.cancelar(id, dono);
    const runner = ciclo.dataSource.createQueryRunner();
    await runner.startTransaction();
    await runner.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
      `reservas:cliente:${ocupada.clienteId}`,
    ]);
    try {
      await fila.round();
      expect(await fila.status(ocupada, seguinte)).toEqual(['AGUARDANDO', 'AGUARDANDO']);
      for (let vez = 0; vez < 3; vez += 1) await fila.round();
      expect(await fila.status(ocupada, seguinte)).toEqual(['AGUARDANDO', 'OFERTADA']);
    } finally {
      await runner.rollbackTransaction();
      await runner.release();
    }
  });
});

describe('a booking by somebody in line', () => {
  it('takes no more than their place in line is worth', async () => {
    const { espaco, dono, id } = await fila.espacoTomado(['2026-06-10T10:00:00Z', '2026-06-10T16:00:00Z']);
    const cedo = ['2026-06-10T10:00:00Z', '2026-06-10T11:00:00Z'] as const;
    const primeira = await fila.esperar(espaco, cedo);
    const tarde = await fila.esperar(espaco, ['2026-06-10T14:00:00Z', '2026-06-10T16:00:00Z']);
    await fila.cancelar(id, dono);
    const tudo = ['2026-06-10T10:00:00Z', '2026-06-10T16:00:00Z'] as const;
    expect(await fila.reservar(espaco, tudo, primeira.clienteId)).toBe('ESPACO_INDISPONIVEL');
    expect(await fila.reservar(espaco, cedo, primeira.clienteId)).toBe('PENDENTE_PAGAMENTO');
    await fila.round();
    expect(await fila.status(tarde)).toEqual(['OFERTADA']);
  });
});
