import { describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import fc from 'fast-check';
import { EXCECOES_CANCELAMENTO, POLITICA_PADRAO } from '../../reservas/domain/politica-cancelamento.ts';
import { avaliarCancelamento, type PedidoDeCancelamento } from './avaliar-cancelamento.ts';

const INICIO = new Date('2026-06-10T12:00:00Z');
const PAGO = Dinheiro.deCentavos(333_33);

/** Paid, the last `creditos` of it by store credit, of which `devolvido` is back, or on its way. */
function pagou(
  valor: Dinheiro,
  creditos = 0,
  devolvido: readonly [creditos: number, cartao: number] = [0, 0],
) {
  const partes = (a: bigint | number, b: bigint | number) => ({
    creditos: Dinheiro.deCentavos(a),
    cartao: Dinheiro.deCentavos(b),
  });
  return { pago: partes(creditos, valor.centavos - BigInt(creditos)), devolvido: partes(...devolvido) };
}

/** Asked for `horas` before the start. */
function pedido(horas: number, mudancas: Partial<PedidoDeCancelamento> = {}): PedidoDeCancelamento {
  return {
    politica: POLITICA_PADRAO,
    criadoEm: new Date('2026-06-01T12:00:00Z'),
    inicio: INICIO,
    recebido: pagou(PAGO),
    agora: antes(horas),
    admin: false,
    motivo: '',
    excecao: undefined,
    ...mudancas,
  };
}

function antes(horas: number): Date {
  return new Date(INICIO.getTime() - horas * 3_600_000);
}

/** What comes back in cents, or the reason of the refusal. */
function resposta(p: PedidoDeCancelamento): string {
  const avaliada = avaliarCancelamento(p);
  if (avaliada.isFailure) return avaliada.error.motivo;
  const { percentual, reembolso, creditoBonus } = avaliada.value;
  return `${percentual} % ${reembolso.centavos} +${creditoBonus.centavos}`;
}

const SEGUNDO = 1 / 3600;
const TARDE = 'CANCELAMENTO_FORA_DO_PRAZO';

describe('cancellation policy', () => {
  it.each([
    ['48 h before', 48, '100 % 33333 +0', '100 % 33333 +0'],
    ['exactly 24 h before', 24, '100 % 33333 +0', '100 % 33333 +0'],
    ['a second less than 24 h before', 24 - SEGUNDO, '50 % 16667 +0', '50 % 16667 +0'],
    ['exactly 12 h before', 12, '50 % 16667 +0', '50 % 16667 +0'],
    ['a second less than 12 h before', 12 - SEGUNDO, TARDE, '0 % 0 +0'],
    ['a second before the start', SEGUNDO, TARDE, '0 % 0 +0'],
    ['at the start', 0, TARDE, 'MOTIVO_OBRIGATORIO'],
    ['after the start', -1, TARDE, 'MOTIVO_OBRIGATORIO'],
  ])('answers the customer and the admin when it is asked %s', (_, horas, cliente, admin) => {
    expect(resposta(pedido(horas))).toBe(cliente);
    expect(resposta(pedido(horas, { admin: true }))).toBe(admin);
  });

  it('lets an admin cancel after the start when there is a reason, and gives nothing back', () => {
    expect(resposta(pedido(-1, { admin: true, motivo: 'não apareceu' }))).toBe('0 % 0 +0');
    expect(resposta(pedido(-1, { admin: true, motivo: '  ' }))).toBe('MOTIVO_OBRIGATORIO');
  });

  it.each([
    ['FORCA_MAIOR', 48, '100 % 33333 +0'],
    ['FORCA_MAIOR', 1, '100 % 33333 +0'],
    ['FORCA_MAIOR', -1, '100 % 33333 +0'],
    ['PROBLEMA_NO_ESPACO', 1, '100 % 33333 +3333'],
    ['PROBLEMA_NO_ESPACO', -1, '100 % 33333 +3333'],
  ] as const)('gives everything back for %s %i h before the start', (excecao, horas, esperado) => {
    expect(resposta(pedido(horas, { admin: true, motivo: 'temporal', excecao }))).toBe(esperado);
  });

  it('takes the bonus from the snapshot', () => {
    const politica = { ...POLITICA_PADRAO, bonusPercentual: 25 };
    const p = pedido(1, { admin: true, excecao: 'PROBLEMA_NO_ESPACO', politica });
    expect(resposta(p)).toBe('100 % 33333 +8333');
  });

  it.each(EXCECOES_CANCELAMENTO)('ignores %s when a customer claims it', (excecao) => {
    expect(resposta(pedido(1, { excecao }))).toBe(TARDE);
  });

  it('asks for a reason after the start when an exception is claimed, too', () => {
    expect(resposta(pedido(-1, { admin: true, excecao: 'FORCA_MAIOR' }))).toBe('MOTIVO_OBRIGATORIO');
  });

  it.each([
    ['30 min after booking', 30, 5, '100 % 33333 +0'],
    ['a second more than 30 min after booking', 30 + 1 / 60, 5, TARDE],
    ['exactly 2 h before the start', 10, 2, '100 % 33333 +0'],
    ['a second less than 2 h before the start', 10, 2 - SEGUNDO, TARDE],
  ])('gives everything back inside the grace period of 30 min: %s', (_, minutosDepois, horas, esperado) => {
    const agora = antes(horas);
    const criadoEm = new Date(agora.getTime() - minutosDepois * 60_000);
    const politica = { ...POLITICA_PADRAO, carenciaMinutos: 30 };
    expect(resposta(pedido(horas, { criadoEm, politica }))).toBe(esperado);
  });

  it('has no grace period when none was agreed on', () => {
    expect(resposta(pedido(5, { criadoEm: antes(5) }))).toBe(TARDE);
  });

  it('gives nothing back and lets everybody cancel when nobody has paid', () => {
    for (const horas of [48, 13, 1, -1])
      expect(resposta(pedido(horas, { recebido: undefined }))).toBe('0 % 0 +0');
  });

  it.each<[string, PedidoDeCancelamento]>([
    ['Pelo menos 24 horas antes do início: volta 100 % do valor pago.', pedido(48)],
    ['Pelo menos 12 horas antes do início: volta 50 % do valor pago.', pedido(13)],
    ['A reserva só pode ser cancelada até 12 horas antes do início.', pedido(1)],
    ['O início está perto demais: nada volta.', pedido(1, { admin: true })],
    ['A reserva não foi paga: não há o que devolver.', pedido(48, { recebido: undefined })],
    ['A reserva não custou nada: não há o que devolver.', pedido(48, { recebido: pagou(Dinheiro.zero()) })],
    ['A reserva já começou.', pedido(0)],
    ['Depois do início, diga o motivo do cancelamento.', pedido(0, { admin: true })],
    ['A reserva já começou: nada volta.', pedido(0, { admin: true, motivo: 'não veio' })],
    ['Força maior: o valor pago volta por inteiro.', pedido(1, { admin: true, excecao: 'FORCA_MAIOR' })],
    [
      'Problema no espaço: o valor pago volta por inteiro, com crédito bônus.',
      pedido(1, { admin: true, excecao: 'PROBLEMA_NO_ESPACO' }),
    ],
    [
      'Dentro da carência de 30 minutos: volta tudo.',
      pedido(5, { criadoEm: antes(5), politica: { ...POLITICA_PADRAO, carenciaMinutos: 30 } }),
    ],
    ['Esta reserva não pode ser cancelada.', pedido(48, { politica: { ...POLITICA_PADRAO, faixas: [] } })],
  ])('says why in words: %s', (palavras, p) => {
    const avaliada = avaliarCancelamento(p);
    expect(avaliada.isSuccess ? avaliada.value.explicacao : avaliada.error.message).toBe(palavras);
  });

  it('gives nothing back, and lets only an admin cancel, when a policy has no row for the time left', () => {
    const [primeira] = POLITICA_PADRAO.faixas;
    const politica = { ...POLITICA_PADRAO, faixas: primeira ? [primeira] : [] };
    expect(resposta(pedido(1, { politica }))).toBe(TARDE);
    expect(resposta(pedido(1, { politica, admin: true }))).toBe('0 % 0 +0');
  });

  const exc = { admin: true, motivo: 'x' } as const;

  it.each<[string, PedidoDeCancelamento, string]>([
    ['a part went back', pedido(48, { recebido: pagou(PAGO, 0, [0, 200_00]) }), '100 % 13333 +0'],
    ['everything went back', pedido(48, { recebido: pagou(PAGO, 0, [0, 333_33]) }), '100 % 0 +0'],
    ['less than the rest is due', pedido(13, { recebido: pagou(PAGO, 0, [0, 100_00]) }), '50 % 16667 +0'],
    ['more than the rest is due', pedido(13, { recebido: pagou(PAGO, 0, [0, 300_00]) }), '50 % 3333 +0'],
    [
      'the space failed: the bonus is a share of the rest',
      pedido(1, { ...exc, excecao: 'PROBLEMA_NO_ESPACO', recebido: pagou(PAGO, 0, [0, 233_33]) }),
      '100 % 10000 +1000',
    ],
    [
      'the space failed and all was back: there is no bonus on nothing',
      pedido(1, { ...exc, excecao: 'PROBLEMA_NO_ESPACO', recebido: pagou(PAGO, 0, [0, 333_33]) }),
      '100 % 0 +0',
    ],
  ])('promises only what has not gone back yet when %s', (_, p, esperado) => {
    expect(resposta(p)).toBe(esperado);
  });

  it('says what went back before when that is why less comes back', () => {
    const avaliada = avaliarCancelamento(pedido(48, { recebido: pagou(PAGO, 0, [0, 200_00]) }));
    if (avaliada.isFailure) throw avaliada.error;
    const { explicacao, jaDevolvido } = avaliada.value;
    expect(jaDevolvido.centavos).toBe(200_00n);
    expect(explicacao).toBe(
      'Pelo menos 24 horas antes do início: volta 100 % do valor pago. Já voltaram R$\u00a0200,00 antes.',
    );
  });

  it('splits what comes back as pagamentos will, whatever went back before', () => {
    const partes = (devolvido: readonly [number, number]) => {
      const cem = Dinheiro.deCentavos(100_00);
      const avaliada = avaliarCancelamento(pedido(48, { recebido: pagou(cem, 30_00, devolvido) }));
      if (avaliada.isFailure) throw avaliada.error;
      const { reembolso, reembolsoCreditos } = avaliada.value;
      return [reembolso.centavos, reembolsoCreditos.centavos];
    };
    expect(partes([0, 0])).toEqual([100_00n, 30_00n]);
    expect(partes([0, 70_00])).toEqual([30_00n, 30_00n]);
    expect(partes([15_00, 35_00])).toEqual([50_00n, 15_00n]);
  });

  it('never promises more than has not gone back yet', () => {
    const centavos = fc.integer({ min: 0, max: 1_000_000 });
    fc.assert(
      fc.property(centavos, centavos, fc.integer({ min: 0, max: 48 }), (a, b, horas) => {
        const [pago, fora] = [Math.max(a, b), Math.min(a, b)];
        const p = pedido(horas, { ...exc, recebido: pagou(Dinheiro.deCentavos(pago), 0, [0, fora]) });
        const avaliada = avaliarCancelamento(p);
        if (avaliada.isFailure) throw avaliada.error;
        expect(avaliada.value.reembolso.centavos <= BigInt(pago - fora)).toBe(true);
      }),
    );
  });

  it('never gives back more than was paid, nor less than nothing, whoever asks whenever', () => {
    let emParte = 0;
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 12n }),
        fc.oneof(
          fc.integer({ min: -100, max: 400 }),
          fc.integer({ min: 12, max: 23 }),
          fc.integer({ min: 12, max: 23 }),
        ),
        fc.boolean(),
        fc.option(fc.constantFrom(...EXCECOES_CANCELAMENTO), { nil: undefined, freq: 2 }),
        fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 1440 })),
        fc.integer({ min: 0, max: 100 }),
        (centavos, horas, admin, excecao, carenciaMinutos, bonusPercentual) => {
          const pago = Dinheiro.deCentavos(centavos);
          const politica = { ...POLITICA_PADRAO, carenciaMinutos, bonusPercentual };
          const p = pedido(horas, {
            recebido: pagou(pago),
            admin,
            excecao,
            politica,
            motivo: 'x',
            criadoEm: antes(horas + 1),
          });
          const avaliada = avaliarCancelamento(p);
          if (avaliada.isFailure) return expect(admin).toBe(false);
          const { reembolso, creditoBonus, percentual } = avaliada.value;
          if (reembolso.centavos > 0n && reembolso.centavos < centavos) emParte += 1;
          const dentro = (volta: Dinheiro) => volta.centavos >= 0n && volta.centavos <= centavos;
          expect([reembolso, creditoBonus].map(dentro)).toEqual([true, true]);
          expect(reembolso.centavos).toBe(pago.multiplicarFracao(BigInt(percentual), 100n).centavos);
          if (creditoBonus.centavos > 0n) expect([admin, excecao]).toEqual([true, 'PROBLEMA_NO_ESPACO']);
        },
      ),
    );
    expect(emParte).toBeGreaterThan(10);
  });

  it('never gives more back to the customer when less time is left', () => {
    const horas = fc.integer({ min: -10 * 4, max: 40 * 4 }).map((quartos) => quartos / 4);
    let outras = 0;
    const volta = (h: number) => {
      const avaliada = avaliarCancelamento(pedido(h));
      return avaliada.isSuccess ? avaliada.value.reembolso.centavos : 0n;
    };
    const sobe = (a: number, b: number) => {
      if (volta(a) !== volta(b)) outras += 1;
      return volta(Math.max(a, b)) >= volta(Math.min(a, b));
    };
    fc.assert(fc.property(horas, horas, (a, b) => expect(sobe(a, b)).toBe(true)));
    expect(outras).toBeGreaterThan(20);
  });
});
