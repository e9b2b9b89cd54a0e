import { describe, expect, it } from '@jest/globals';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { type Aceita, MarcasDeEnvio } from './marcas-de-envio.ts';

const AGORA = '2026-11-20T13:00:00Z';

function aceita(id: string): Aceita {
  return {
    tomada: { id } as Aceita['tomada'],
    destino: 'a***@exemplo.com',
    em: new Date(AGORA),
    recibo: { provedor: 'smtp' },
  };
}

function marcas(quebradas: ReadonlySet<string>) {
  const clock = new FixedClock(AGORA);
  const marcadas: string[] = [];
  const faltas: string[] = [];
  const todas = new MarcasDeEnvio({
    clock,
    observador: { semMarca: ({ id }, vezes) => void faltas.push(`${id} ${vezes}`) },
    async marcar({ tomada: { id } }) {
      if (quebradas.has(id)) throw new Error('broken for a spec');
      marcadas.push(id);
    },
  });
  return { todas, clock, marcadas, faltas };
}

describe('MarcasDeEnvio', () => {
  it('lets others be marked while one cannot be, and tries that one later and later', async () => {
    const quebradas = new Set(['ruim']);
    const { todas, clock, marcadas, faltas } = marcas(quebradas);
    await todas.marcar(aceita('ruim'));
    await todas.marcar(aceita('boa'));
    expect([marcadas, todas.tem('ruim'), todas.tem('boa')]).toEqual([['boa'], true, false]);
    await todas.tentarDeNovo();
    expect(faltas).toEqual(['ruim 1']);
    clock.advance(1_000);
    await todas.tentarDeNovo();
    clock.advance(1_000);
    await todas.tentarDeNovo();
    expect(faltas).toEqual(['ruim 1', 'ruim 2']);
    quebradas.clear();
    clock.advance(1_000);
    await todas.tentarDeNovo();
    expect([marcadas, todas.tem('ruim')]).toEqual([['boa', 'ruim'], false]);
  });

  it('tries one that cannot be marked at least once a minute, however often it failed', async () => {
    const { todas, clock, faltas } = marcas(new Set(['ruim']));
    await todas.marcar(aceita('ruim'));
    for (let vez = 2; vez <= 10; vez++) {
      clock.advance(60_000);
      await todas.tentarDeNovo();
    }
    expect(faltas).toHaveLength(10);
    clock.advance(59_999);
    await todas.tentarDeNovo();
    expect(faltas).toHaveLength(10);
  });

  it('lets nothing else be taken when many cannot be marked', async () => {
    const ids = Array.from({ length: 20 }, (_, n) => `m${n}`);
    const quebradas = new Set(ids);
    const { todas, clock } = marcas(quebradas);
    for (const id of ids) await todas.marcar(aceita(id));
    await expect(todas.tentarDeNovo()).rejects.toThrow('20 messages are sent and cannot be marked');
    quebradas.clear();
    clock.advance(1_000);
    await todas.tentarDeNovo();
    expect(ids.some((id) => todas.tem(id))).toBe(false);
  });
});
