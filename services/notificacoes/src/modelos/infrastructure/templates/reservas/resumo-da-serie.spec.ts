import { describe, expect, it } from '@jest/globals';
import { detalhes, elements, HOSTILE, HOSTILE_NAME, remetente } from '../../../../../test/support/samples.ts';
import type { DadosReservaCancelada } from '../../../domain/modelo.ts';
import { grupoDe, resumoDe } from '../../../domain/resumo.ts';
import { createModelos } from '../../modelos.ts';

const modelos = createModelos(remetente);

const cancelada = (n: number, mudancas: Partial<DadosReservaCancelada> = {}) =>
  ({
    modelo: 'RESERVA_CANCELADA',
    dados: {
      ...detalhes,
      reservaId: `res_${n}`,
      inicio: `2026-12-0${n}T17:00:00.000Z`,
      serieId: 'ser_1',
      motivo: '',
      pagamentoId: `pag_${n}`,
      reembolsoCentavos: `${n}0000`,
      creditoCentavos: '0',
      moeda: 'BRL',
      canceladaEm: '2026-11-22T12:34:56.000Z',
      comCalendario: true,
      ...mudancas,
    },
  }) as const;

function resumir(mensagens: ReadonlyArray<ReturnType<typeof cancelada>>, nome = 'Ana') {
  const resumo = resumoDe(mensagens);
  if (!resumo) throw new Error('these cannot be told together');
  return modelos.resumir(resumo, nome);
}

describe('the digest of a series', () => {
  it('names each occurrence in the order of its date, and adds up what comes back', () => {
    const { assunto, texto, anexos } = resumir([cancelada(2), cancelada(1)]);
    expect(assunto).toBe('2 reservas canceladas: Sala Ipê');
    expect(texto).toMatch(
      /01\/12\/2026 às 14:00: res_1 · reembolso de R\$\u00a0100,00\n02\/12\/2026 às 14:00: res_2 · reembolso de R\$\u00a0200,00\nTotal do reembolso: R\$\u00a0300,00/,
    );
    expect(anexos.map(({ nome }) => nome)).toEqual([
      'reserva-res_2-cancelada.ics',
      'reserva-res_1-cancelada.ics',
    ]);
  });

  it('adds up nothing of which a part is not known, and promises nothing where nothing comes back', () => {
    const semValor = resumir([cancelada(1), cancelada(2, { aConfirmar: true })]).texto;
    expect(semValor).toContain('res_2 · reembolso a confirmar');
    expect(semValor).not.toContain('Total');
    const nada = resumir([1, 2].map((n) => cancelada(n, { reembolsoCentavos: '0' }))).texto;
    expect(nada).toContain('Não há valor a devolver.');
  });

  it('is harmless when names are hostile', () => {
    const hostis = [1, 2].map((n) => cancelada(n, { espacoNome: HOSTILE }));
    const { html } = resumir(hostis, HOSTILE_NAME);
    expect(elements(html)).toEqual(elements(resumir([cancelada(1), cancelada(2)]).html));
  });

  it('is of one series and one model, and of what is told of many at once', () => {
    const { serieId: _, ...so } = cancelada(1).dados;
    expect(grupoDe(cancelada(1))).toBe('ser_1/RESERVA_CANCELADA');
    expect(grupoDe({ modelo: 'RESERVA_CANCELADA', dados: so })).toBeUndefined();
    const lembrete = { ...detalhes, serieId: 'ser_1', espacoEndereco: '' };
    expect(grupoDe({ modelo: 'LEMBRETE_RESERVA', dados: lembrete })).toBeUndefined();
    expect(resumoDe([cancelada(1), { modelo: 'RESERVA_EXPIRADA', dados: detalhes }])).toBeUndefined();
  });
});
