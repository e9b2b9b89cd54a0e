import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Result } from '@plataforma/domain/result';
import { NENHUMA_DISPENSA } from '../../src/espacos/domain/dispensas.ts';
import { newId, storeEspaco } from '../reservas-fixture.ts';
import { SeriesUnderTest } from '../series/series-fixture.ts';

let sut: SeriesUnderTest;

beforeAll(async () => {
  sut = await SeriesUnderTest.open();
});

afterAll(() => sut?.close());

/** Everybody asks at the same time; nobody is kept by the limit. */
const SEM_LIMITE = { ...NENHUMA_DISPENSA, limite: true, motivo: 'prova' };

/** Pairs of reservations of a space that are nearer to each other than allowed. */
async function sobrepostas(espacoId: string): Promise<number> {
  const [{ pares }] = await sut.dataSource.query(
    `select count(*)::int as pares from reservas a join reservas b
       on a.espaco_id = b.espaco_id and a.id < b.id
         and a.data_inicio < b.bloqueio_fim and b.data_inicio < a.bloqueio_fim
     where a.espaco_id = $1`,
    [espacoId],
  );
  return pares;
}

/** Series that have not all of their reservations. */
async function incompletas(espacoId: string, tamanho: number): Promise<number> {
  const [{ quantas }] = await sut.dataSource.query(
    `select count(*)::int as quantas from series s
     where s.espaco_id = $1 and (select count(*) from reservas r where r.serie_id = s.id) <> $2`,
    [espacoId, tamanho],
  );
  return quantas;
}

describe('two series for the same slots', () => {
  it('end as exactly one series without rows of the other, thirty times', async () => {
    for (let rodada = 0; rodada < 30; rodada += 1) {
      const { id } = await storeEspaco(sut.uow);
      // The second one shares only its second date with the first one, and the other way round.
      const comandos = [
        sut.command(id, { inicioLocal: '2026-06-10T10:00' }),
        sut.command(id, { inicioLocal: '2026-06-17T11:00' }),
      ];
      const respostas = await Promise.all(comandos.map((command) => sut.criar.execute(command)));
      expect(respostas.filter(({ isSuccess }) => isSuccess)).toHaveLength(1);
      expect(respostas.find(({ isFailure }) => isFailure)).toMatchObject({
        error: { motivo: 'SERIE_COM_CONFLITOS' },
      });
      expect(await sut.rows(id)).toEqual({ series: 1, reservas: 4 });
    }
  });

  it('share the dates when both leave out what is taken', async () => {
    const { id } = await storeEspaco(sut.uow);
    const pular = { modo: 'PULAR_CONFLITOS', dispensas: SEM_LIMITE } as const;
    const rrule = 'FREQ=WEEKLY;COUNT=10';
    const respostas = await Promise.all([
      sut.criar.execute(sut.command(id, { rrule }, pular)),
      sut.criar.execute(sut.command(id, { rrule, inicioLocal: '2026-07-08T11:00' }, pular)),
    ]);
    const feitas = respostas.map((r) => (r.isSuccess ? r.value.reservas.length : 0));
    // Six dates of each are wanted by the other, too: whoever comes first has them.
    expect(feitas.toSorted((a, b) => a - b)).toEqual([4, 10]);
    expect(await sobrepostas(id)).toBe(0);
  });
});

describe('eight clients that ask at once for series and single slots of one room, sixty times', () => {
  it('never overlap, never leave half a series, never wait for each other in a circle', async () => {
    for (let rodada = 0; rodada < 60; rodada += 1) {
      const { id } = await storeEspaco(sut.uow);
      const respostas = await Promise.all(
        Array.from({ length: 8 }, (_, quem) =>
          quem % 4 === 3 ? reservaAvulsa(id, quem) : serieDeQuatro(id, rodada % 2 === 0 ? 0 : quem),
        ),
      );
      const recusas = respostas.flatMap((r) => (r.isFailure ? [r.error.motivo] : []));
      expect(recusas.length).toBeLessThan(8);
      for (const motivo of recusas) expect(['SERIE_COM_CONFLITOS', 'ESPACO_INDISPONIVEL']).toContain(motivo);
      expect(await sobrepostas(id)).toBe(0);
      expect(await incompletas(id, 4)).toBe(0);
    }
    expect(await sut.deadlocks()).toBe(0);
  });
});

/** Half hours of 10 June from 08:00 in São Paulo on. */
function inicioDe(meiaHora: number): string {
  return new Date(Date.UTC(2026, 5, 10, 8, meiaHora * 30)).toISOString().slice(0, 16);
}

function serieDeQuatro(espacoId: string, meiaHora: number) {
  const plano = { inicioLocal: inicioDe(meiaHora), duracaoMinutos: 60 };
  return sut.criar.execute(sut.command(espacoId, plano, { dispensas: SEM_LIMITE }));
}

async function reservaAvulsa(espacoId: string, meiaHora: number) {
  const clienteId = newId('cli');
  const inicio = new Date(`${inicioDe(meiaHora)}-03:00`);
  const criada = await sut.criarReserva.execute({
    clienteId,
    espacoId,
    inicio,
    fim: new Date(inicio.getTime() + 3_600_000),
    extras: [],
    cotacaoId: undefined,
    quem: clienteId,
    dispensas: NENHUMA_DISPENSA,
  });
  return criada.isFailure ? Result.fail(criada.error) : Result.ok(criada.value);
}
