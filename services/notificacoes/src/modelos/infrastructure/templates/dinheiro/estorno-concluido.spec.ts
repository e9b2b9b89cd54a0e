import { describe, expect, it } from '@jest/globals';
import { expectGolden } from '../../../../../test/support/golden.ts';
import { detalhes, elements, HOSTILE, HOSTILE_NAME, remetente } from '../../../../../test/support/samples.ts';
import type { DadosEstornoConcluido } from '../../../domain/modelo.ts';
import { createModelos } from '../../modelos.ts';

const modelos = createModelos(remetente);
const modelo = 'ESTORNO_CONCLUIDO';

const dados: DadosEstornoConcluido = {
  reservaId: detalhes.reservaId,
  pagamentoId: 'pag_7Yt2Kp4m',
  valorCentavos: '12500',
  moeda: 'BRL',
  reserva: detalhes,
};

describe('the message ESTORNO_CONCLUIDO', () => {
  it('is the golden message when the reservation is known', () => {
    const { html, texto, anexos } = modelos.renderizar({ modelo, dados }, 'Ana Maria');
    expectGolden('estorno-concluido.html.txt', html);
    expectGolden('estorno-concluido.txt', texto);
    expect(anexos).toEqual([]);
  });

  it('is the golden harmless message when names are hostile', () => {
    const hostis = { ...dados, pagamentoId: HOSTILE, reserva: { ...detalhes, espacoNome: HOSTILE } };
    const { html, texto } = modelos.renderizar({ modelo, dados: hostis }, HOSTILE_NAME);
    expectGolden('estorno-concluido-hostil.html.txt', html);
    expectGolden('estorno-concluido-hostil.txt', texto);
    expect(elements(html)).toEqual(elements(modelos.renderizar({ modelo, dados }, 'Ana').html));
  });

  it('says the amount and not where, when only the number of the reservation is known', () => {
    const { reserva: _, ...soNumero } = dados;
    const { texto } = modelos.renderizar({ modelo, dados: soNumero }, 'Ana');
    expect(texto).toContain('Valor: R$\u00a0125,00\nReserva: res_a3Bx9Q0z\nPagamento: pag_7Yt2Kp4m\n');
  });

  it('tells credit from money that goes to the card', () => {
    const { texto } = modelos.renderizar({ modelo, dados: { ...dados, emCreditos: true } }, 'Ana');
    expect(texto).toContain('Devolvemos R$\u00a0125,00 como crédito para as suas próximas reservas.');
    expect(texto).not.toContain('cartão');
  });

  it('names both parts when a part came back as credit', () => {
    const { texto } = modelos.renderizar({ modelo, dados: { ...dados, creditosCentavos: '2500' } }, 'Ana');
    expect(texto).toContain(': R$\u00a025,00 como crédito e R$\u00a0100,00 no cartão.');
  });

  it('says that more was charged than was due when that goes back', () => {
    const { texto } = modelos.renderizar({ modelo, dados: { ...dados, excedente: true } }, 'Ana');
    expect(texto).toContain('O cartão foi cobrado a mais, e devolvemos a diferença de R$\u00a0125,00.');
  });

  it('has a subject with the amount', () => {
    expect(modelos.assunto({ modelo, dados })).toBe('Reembolso concluído: R$\u00a0125,00');
  });
});
