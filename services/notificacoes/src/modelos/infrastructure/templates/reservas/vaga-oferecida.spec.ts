import { describe, expect, it } from '@jest/globals';
import { expectGolden } from '../../../../../test/support/golden.ts';
import { detalhes, elements, HOSTILE, HOSTILE_NAME, remetente } from '../../../../../test/support/samples.ts';
import type { DadosVagaOferecida } from '../../../domain/modelo.ts';
import { createModelos } from '../../modelos.ts';

const modelos = createModelos(remetente);
const modelo = 'VAGA_OFERECIDA';

const dados: DadosVagaOferecida = {
  ...detalhes,
  valorCentavos: '25000',
  moeda: 'BRL',
  expiraEm: '2026-11-20T13:30:00.000Z',
  checkoutUrl: 'https://checkout.exemplo.com/c/pay/cs_1?a=1&b=2#x',
};

const renderizar = (mudanca: Partial<DadosVagaOferecida> = {}, nome = 'Ana Maria') =>
  modelos.renderizar({ modelo, dados: { ...dados, ...mudanca } }, nome);

describe('the message VAGA_OFERECIDA', () => {
  it('is the golden message when the slot can be paid', () => {
    const { html, texto, anexos } = renderizar();
    expectGolden('vaga-oferecida.html.txt', html);
    expectGolden('vaga-oferecida.txt', texto);
    expect(anexos).toEqual([]);
  });

  it('is the golden harmless message when names and addresses are hostile', () => {
    const checkoutUrl = 'https://exemplo.com/"><script>alert(1)</script>\r\nBcc: x';
    const { html, texto } = renderizar({ espacoNome: HOSTILE, checkoutUrl }, HOSTILE_NAME);
    expectGolden('vaga-oferecida-hostil.html.txt', html);
    expectGolden('vaga-oferecida-hostil.txt', texto);
    const semEndereco = (partes: string[]) => partes.filter((parte) => !parte.startsWith('<a '));
    expect(semEndereco(elements(html))).toEqual(semEndereco(elements(renderizar().html)));
  });

  it('says who holds it, and that accepting is enough, when somebody has booked it for them', () => {
    const { texto } = renderizar({ porPessoa: true });
    expect(texto).toContain('Quem gere o espaço guardou este horário para você.');
    expect(texto).toContain('aceite a reserva na plataforma e seus créditos pagam o que puderem');
    expect(texto).not.toContain('fila');
    expect(texto).toContain('Você a recebeu porque a reserva está em seu nome.');
    const assunto = modelos.assunto({ modelo, dados: { ...dados, porPessoa: true } });
    expect(assunto).toBe('Reserva à sua espera: Sala Ipê, 24/11/2026 às 14:00');
  });

  it('asks for no money when there is nothing to pay', () => {
    const { texto, html } = renderizar({ valorCentavos: '0', checkoutUrl: '', porPessoa: true });
    expect(texto).toContain('não há nada a pagar');
    expect(html).not.toContain('Pagar');
  });

  it('tells what credit has paid and what is left', () => {
    const { texto } = renderizar({ creditosCentavos: '3000' });
    expect(texto).toMatch(/Seus créditos já pagaram uma parte/);
    expect(texto).toMatch(/Falta pagar[^\n]*R\$\s220,00|Falta pagar:?\s+R\$\s220,00/);
  });

  it('has no link when the address is none of the web', () => {
    expect(renderizar({ checkoutUrl: 'javascript:alert(1)' }).html).not.toContain('Pagar e confirmar');
  });

  it('has a subject that says so', () => {
    expect(modelos.assunto({ modelo, dados })).toBe('Sua vez na fila: Sala Ipê, 24/11/2026 às 14:00');
  });
});
