import { describe, expect, it } from '@jest/globals';
import { expectGolden } from '../../../../../test/support/golden.ts';
import { detalhes, elements, HOSTILE, HOSTILE_NAME, remetente } from '../../../../../test/support/samples.ts';
import type { DadosReservaRecebida } from '../../../domain/modelo.ts';
import { createModelos } from '../../modelos.ts';

const modelos = createModelos(remetente);
const modelo = 'RESERVA_RECEBIDA';

const dados: DadosReservaRecebida = {
  ...detalhes,
  valorCentavos: '25000',
  moeda: 'BRL',
  expiraEm: '2026-11-20T13:15:00.000Z',
  checkoutUrl: 'https://checkout.exemplo.com/c/pay/cs_1?a=1&b=2#x',
};

const renderizar = (mudanca: Partial<DadosReservaRecebida> = {}, nome = 'Ana Maria') =>
  modelos.renderizar({ modelo, dados: { ...dados, ...mudanca } }, nome);

describe('the message RESERVA_RECEBIDA', () => {
  it('is the golden message', () => {
    const { html, texto, anexos } = renderizar();
    expectGolden('reserva-recebida.html.txt', html);
    expectGolden('reserva-recebida.txt', texto);
    expect(anexos).toEqual([]);
  });

  it('is the golden harmless message when names and addresses are hostile', () => {
    const { html, texto } = renderizar(
      { espacoNome: HOSTILE, checkoutUrl: 'https://exemplo.com/"><script>alert(1)</script>\r\nBcc: x' },
      HOSTILE_NAME,
    );
    expectGolden('reserva-recebida-hostil.html.txt', html);
    expectGolden('reserva-recebida-hostil.txt', texto);
    const semEndereco = (partes: string[]) => partes.filter((parte) => !parte.startsWith('<a '));
    expect(semEndereco(elements(html))).toEqual(semEndereco(elements(renderizar().html)));
  });

  it('says until when, where, and what is left when credit has paid a part', () => {
    const { texto } = renderizar({ creditosCentavos: '5000' });
    expect(texto).toContain('guardado para você até 10:15 (horário de São Paulo)');
    expect(texto).toContain('Falta pagar: R$\u00a0200,00\n');
    expect(texto).toContain('Pagar e confirmar: https://checkout.exemplo.com/');
  });

  it.each(['', 'javascript:alert(1)'])('has no link when the address is %j', (checkoutUrl) => {
    expect(renderizar({ checkoutUrl }).html).not.toContain('<a ');
  });

  it('has a subject that says so', () => {
    expect(modelos.assunto({ modelo, dados })).toBe('Reserva recebida: Sala Ipê, 24/11/2026 às 14:00');
  });
});
