import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Result } from '@plataforma/domain/result';
import { eventually } from '@plataforma/testing/eventually';
import { FalhaDeEnvioError, type TipoFalha } from '../domain/falha-de-envio.ts';
import { CarteiroComReserva } from './carteiro-com-reserva.ts';

const MENSAGEM = {
  id: 'not_1',
  para: { nome: 'Ana', email: 'ana@exemplo.com' },
  ...{ assunto: 'Reserva', html: '<p>Oi</p>', texto: 'Oi', anexos: [] },
};

/** A provider that answers this from now on. */
function provedor() {
  const este = {
    falha: undefined as FalhaDeEnvioError | undefined,
    chamadas: 0,
    async enviar() {
      este.chamadas += 1;
      return este.falha ? Result.fail(este.falha) : Result.ok({ provedor: 'um' });
    },
  };
  return este;
}

const falha = (tipo: TipoFalha, espera = 0) => new FalhaDeEnvioError(tipo, `HTTP ${tipo}`, espera);

let primeiro: ReturnType<typeof provedor>;
let reserva: ReturnType<typeof provedor>;
let estados: string[];
let carteiro: CarteiroComReserva<typeof MENSAGEM>;
let substituidas: number;

beforeEach(() => {
  [primeiro, reserva, estados] = [provedor(), provedor(), []];
  const aoMudar = (estado: string) => void estados.push(estado);
  substituidas = 0;
  const aoSubstituir = () => void substituidas++;
  carteiro = new CarteiroComReserva({ nome: 'email', primeiro, reserva, aoMudar, aoSubstituir, resetMs: 50 });
});

afterEach(() => carteiro.close());

/** Who was asked, and what became of the message. */
async function enviar() {
  const antes = [primeiro.chamadas, reserva.chamadas];
  const entrega = await carteiro.enviar(MENSAGEM);
  const chamados = [primeiro.chamadas - (antes[0] ?? 0), reserva.chamadas - (antes[1] ?? 0)];
  return [...chamados, entrega.isFailure ? [entrega.error.tipo, entrega.error.depoisDeMs] : 'sent'];
}

describe('CarteiroComReserva', () => {
  it('leaves the second one alone while the first one takes messages', async () => {
    expect(await enviar()).toEqual([1, 0, 'sent']);
    expect(substituidas).toBe(0);
  });

  it.each(['INDISPONIVEL', 'CREDENCIAIS'] as const)(
    'asks the second one when the first one answers %s',
    async (tipo) => {
      primeiro.falha = falha(tipo);
      expect(await enviar()).toEqual([1, 1, 'sent']);
      expect(substituidas).toBe(1);
    },
  );

  it.each(['PERMANENTE', 'TEMPORARIA'] as const)('takes %s for an answer about the message', async (tipo) => {
    primeiro.falha = falha(tipo);
    for (const _ of [1, 2, 3, 4]) expect(await enviar()).toEqual([1, 0, [tipo, 0]]);
  });

  describe('what the first one does not carry there', () => {
    const foraDeAlcance = () => new FalhaDeEnvioError('PERMANENTE', 'HTTP 400', 0, 'FORA_DE_ALCANCE');

    beforeEach(() => {
      primeiro.falha = foraDeAlcance();
    });

    it('is handed to the second one, and says nothing against the first one', async () => {
      for (const _ of [1, 2, 3, 4]) expect(await enviar()).toEqual([1, 1, 'sent']);
      expect(estados).toEqual([]);
    });

    it('fails when the second one does not carry it there either', async () => {
      reserva.falha = foraDeAlcance();
      expect(await enviar()).toEqual([1, 1, ['PERMANENTE', 0]]);
    });

    it.each(['INDISPONIVEL', 'CREDENCIAIS'] as const)(
      'waits alone, and stops nobody, while the second one answers %s',
      async (tipo) => {
        reserva.falha = falha(tipo, 60_000);
        expect(await enviar()).toEqual([1, 1, ['TEMPORARIA', 60_000]]);
      },
    );
  });

  it('does not wait as long as one of them says, since the other may be back', async () => {
    primeiro.falha = falha('INDISPONIVEL', 60_000);
    reserva.falha = falha('INDISPONIVEL', 3_600_000);
    expect(await enviar()).toEqual([1, 1, ['INDISPONIVEL', 0]]);
  });

  it('keeps what the second one says about the message', async () => {
    primeiro.falha = falha('INDISPONIVEL');
    reserva.falha = falha('PERMANENTE');
    expect(await enviar()).toEqual([1, 1, ['PERMANENTE', 0]]);
  });

  it('asks the first one no more after three failures, and goes back to it when it is back', async () => {
    primeiro.falha = falha('INDISPONIVEL');
    for (const _ of [1, 2, 3]) expect(await enviar()).toEqual([1, 1, 'sent']);
    expect(await enviar()).toEqual([0, 1, 'sent']);
    primeiro.falha = undefined;
    await eventually(async () => expect(await enviar()).toEqual([1, 0, 'sent']));
    await enviar();
    expect(estados).toEqual(['open', 'half-open', 'closed']);
  });
});
