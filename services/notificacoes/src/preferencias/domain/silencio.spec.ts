import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Canal } from '../../canais/domain/mensagem.ts';
import type { Modelo } from '../../modelos/domain/modelo.ts';
import { CANAIS, MODELOS } from './grade.ts';
import { criarSilencio, esperaAte, fimDoSilencio, SILENCIO_INICIAL, type Silencio } from './silencio.ts';

const HORA_MS = 3_600_000;
const em = (texto: string) => new Date(texto);
const silencio = (inicio: string, fim: string, fuso = 'America/Sao_Paulo'): Silencio => ({
  ...{ inicio, fim, fuso, email: false },
});

/** With what switches clocks far and near: half an hour, a whole day left out, switches in both directions. */
const FUSOS = [
  ['America/Sao_Paulo', '2018-11-03T00:00:00Z'],
  ['America/Sao_Paulo', '2018-02-17T00:00:00Z'],
  ['America/New_York', '2026-03-07T12:00:00Z'],
  ['America/New_York', '2026-10-31T12:00:00Z'],
  ['Australia/Lord_Howe', '2026-04-04T00:00:00Z'],
  ['Australia/Lord_Howe', '2026-10-03T00:00:00Z'],
  ['Pacific/Apia', '2011-12-29T12:00:00Z'],
  ['Africa/Casablanca', '2026-02-14T00:00:00Z'],
  ['Asia/Kathmandu', '2026-06-01T00:00:00Z'],
] as const;

const relogioDe = (fuso: string) =>
  new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone: fuso, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  });
const RELOGIOS = new Map(FUSOS.map(([fuso]) => [fuso as string, relogioDe(fuso)]));

/** What a clock on a wall of the place shows. */
const parede = (instante: Date, fuso: string) => (RELOGIOS.get(fuso) ?? relogioDe(fuso)).format(instante);

const quieto = ({ inicio, fim, fuso }: Silencio, instante: Date) => {
  const hora = parede(instante, fuso);
  return inicio < fim ? hora >= inicio && hora < fim : hora >= inicio || hora < fim;
};

describe('fimDoSilencio', () => {
  it.each([
    ['in the evening', '2026-11-20T02:30:00Z', '2026-11-20T11:00:00.000Z'],
    ['in the morning', '2026-11-20T10:59:59Z', '2026-11-20T11:00:00.000Z'],
    ['at the first minute', '2026-11-20T01:00:00Z', '2026-11-20T11:00:00.000Z'],
    ['at the last one, which is out of it', '2026-11-20T11:00:00Z', undefined],
    ['by day', '2026-11-20T15:00:00Z', undefined],
  ])('is the end of the night %s', (_, agora, fim) => {
    expect(fimDoSilencio(SILENCIO_INICIAL, em(agora))?.toISOString()).toBe(fim);
  });

  it('is on the same day for hours of one day', () => {
    const almoco = silencio('12:00', '14:00');
    expect(fimDoSilencio(almoco, em('2026-11-20T15:30:00Z'))).toEqual(em('2026-11-20T17:00:00Z'));
    expect(fimDoSilencio(almoco, em('2026-11-20T14:59:00Z'))).toBeUndefined();
  });

  it('is where the clock jumps when it jumps over the end', () => {
    const noite = silencio('22:00', '02:30', 'America/New_York');
    expect(fimDoSilencio(noite, em('2026-03-08T06:00:00Z'))).toEqual(em('2026-03-08T07:00:00Z'));
  });

  it('is the next of the two when the clock shows the end twice', () => {
    const noite = silencio('22:00', '01:30', 'America/New_York');
    expect(fimDoSilencio(noite, em('2026-11-01T05:00:00Z'))).toEqual(em('2026-11-01T05:30:00Z'));
    expect(fimDoSilencio(noite, em('2026-11-01T06:10:00Z'))).toEqual(em('2026-11-01T06:30:00Z'));
  });

  it('is the first moment out of the quiet hours, whatever the hours, the place and the switches of its clocks', () => {
    const QUARTO_MS = 15 * 60_000;
    const hora = fc
      .integer({ min: 0, max: 95 })
      .map((n) => `${String(Math.floor(n / 4)).padStart(2, '0')}:${String((n % 4) * 15).padStart(2, '0')}`);
    fc.assert(
      fc.property(
        fc.constantFrom(...FUSOS),
        hora,
        hora,
        fc.integer({ min: 0, max: 200 }),
        ([fuso, desde], inicio, fim, quartos) => {
          fc.pre(inicio !== fim);
          const horas = silencio(inicio, fim, fuso);
          const agora = new Date(Date.parse(desde) + quartos * QUARTO_MS);
          const final = fimDoSilencio(horas, agora);
          expect(final !== undefined).toBe(quieto(horas, agora));
          if (final === undefined) return;
          expect(quieto(horas, final)).toBe(false);
          for (let ate = agora.getTime(); ate < final.getTime(); ate += QUARTO_MS)
            expect([new Date(ate), quieto(horas, new Date(ate))]).toEqual([new Date(ate), true]);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('goes by the zone of the start where a zone is known no more', () => {
    const sumido = { ...SILENCIO_INICIAL, fuso: 'Atlantis/Capital' };
    expect(fimDoSilencio(sumido, em('2026-11-20T02:30:00Z'))).toEqual(em('2026-11-20T11:00:00Z'));
  });
});

describe('criarSilencio', () => {
  const recusa = (pedido: Silencio) => {
    const criado = criarSilencio(pedido);
    return criado.isFailure && criado.error.motivo;
  };

  it('refuses hours that never end, times that are none and places that are nowhere', () => {
    expect(recusa(silencio('22:00', '22:00'))).toBe('SILENCIO_INVALIDO');
    expect(recusa(silencio('24:00', '07:00'))).toBe('SILENCIO_INVALIDO');
    expect(recusa(silencio('22:00', '7:00'))).toBe('SILENCIO_INVALIDO');
    for (const fuso of ['', 'Atlantis/Capital', '+03:00', 'FOO+5'])
      expect(recusa(silencio('22:00', '07:00', fuso))).toBe('FUSO_INVALIDO');
  });

  it('keeps a place in one spelling', () => {
    const criado = criarSilencio(silencio('22:00', '07:00', 'america/sao_paulo'));
    expect(criado).toMatchObject({ isSuccess: true, value: { fuso: 'America/Sao_Paulo' } });
  });
});

describe('esperaAte', () => {
  const agora = em('2026-11-20T02:30:00Z');
  const fim = em('2026-11-20T11:00:00Z');
  const sempre: Silencio = { ...SILENCIO_INICIAL, email: true };
  const mensagem = (modelo: Modelo, canal: Canal, validoAte?: Date, dados: object = {}) =>
    ({ modelo, canal, validoAte, dados }) as Parameters<typeof esperaAte>[1];

  it('lets reminders, refunds and offers wait, and nothing else', () => {
    const esperam = (Object.keys(MODELOS) as Modelo[]).filter((modelo) =>
      CANAIS.every((canal) => esperaAte(sempre, mensagem(modelo, canal), agora)),
    );
    expect(esperam).toEqual([
      ...['ESTORNO_SOLICITADO', 'ESTORNO_CONCLUIDO', 'ESTORNO_FALHOU', 'LEMBRETE_RESERVA', 'VAGA_OFERECIDA'],
    ]);
    const algum = (Object.keys(MODELOS) as Modelo[]).filter((modelo) =>
      CANAIS.some((canal) => esperaAte(sempre, mensagem(modelo, canal), agora)),
    );
    expect(algum).toEqual(esperam);
  });

  it('keeps what makes a sound, and e-mails of who wants that', () => {
    const canais = (horas: Silencio | null) =>
      CANAIS.filter((canal) => esperaAte(horas, mensagem('LEMBRETE_RESERVA', canal), agora));
    expect(canais(SILENCIO_INICIAL)).toEqual(['SMS', 'PUSH']);
    expect(canais(sempre)).toEqual(['EMAIL', 'SMS', 'PUSH']);
    expect(canais(null)).toEqual([]);
  });

  it('is never so late that too little is left: then the message goes at once', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<Modelo>('LEMBRETE_RESERVA', 'VAGA_OFERECIDA'),
        fc.integer({ min: 0, max: 48 * 60 }),
        fc.boolean(),
        (modelo, minutos, doInicio) => {
          const prazo = new Date(agora.getTime() + minutos * 60_000);
          const tarde = new Date(prazo.getTime() + 24 * HORA_MS);
          const espera = doInicio
            ? esperaAte(sempre, mensagem(modelo, 'SMS', tarde, { inicio: prazo.toISOString() }), agora)
            : esperaAte(sempre, mensagem(modelo, 'SMS', prazo, { inicio: tarde.toISOString() }), agora);
          expect(espera).toEqual(prazo.getTime() >= fim.getTime() + 2 * HORA_MS ? fim : undefined);
        },
      ),
    );
  });
});
