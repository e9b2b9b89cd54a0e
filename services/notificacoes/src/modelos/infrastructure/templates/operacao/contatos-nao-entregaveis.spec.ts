import { describe, expect, it } from '@jest/globals';
import { expectGolden } from '../../../../../test/support/golden.ts';
import { elements, HOSTILE, HOSTILE_NAME, remetente } from '../../../../../test/support/samples.ts';
import type { DadosContatosNaoEntregaveis } from '../../../domain/devolucoes.ts';
import { createModelos } from '../../modelos.ts';

const modelos = createModelos(remetente);
const modelo = 'CONTATOS_NAO_ENTREGAVEIS';

const dados: DadosContatosNaoEntregaveis = {
  ...{ novos: 12, total: 31, reclamacoes: 2 },
  contatos: [
    { clienteId: 'cli_4Kd9Tz2m', destino: 'a***a@exemplo.com', motivo: 'SendGrid bounce 5.1.1' },
    { clienteId: 'cli_7Yt2Kp4m', destino: 'b***@exemplo.org', motivo: 'SendGrid dropped' },
  ],
};

const texto = (outros: Partial<DadosContatosNaoEntregaveis>) =>
  modelos.renderizar({ modelo, dados: { ...dados, ...outros } }, 'Ana').texto;

describe('the message CONTATOS_NAO_ENTREGAVEIS', () => {
  it('is the golden message', () => {
    const { html, texto, anexos } = modelos.renderizar({ modelo, dados }, 'Ana Maria');
    expectGolden('contatos-nao-entregaveis.html.txt', html);
    expectGolden('contatos-nao-entregaveis.txt', texto);
    expect(anexos).toEqual([]);
  });

  it('is the golden harmless message when addresses are hostile', () => {
    const contatos = dados.contatos.map((um) => ({ ...um, destino: HOSTILE, motivo: HOSTILE }));
    const { html, texto } = modelos.renderizar({ modelo, dados: { ...dados, contatos } }, HOSTILE_NAME);
    expectGolden('contatos-nao-entregaveis-hostil.html.txt', html);
    expectGolden('contatos-nao-entregaveis-hostil.txt', texto);
    expect(elements(html)).toEqual(elements(modelos.renderizar({ modelo, dados }, 'Ana').html));
  });

  it('says nothing of others and of complaints where there are none, and of one as of one', () => {
    const so = texto({ novos: 1, total: 1, reclamacoes: 0, contatos: dados.contatos.slice(0, 1) });
    expect(so).not.toMatch(/Outros|Reclamações/);
    expect(so).toContain('o endereço de uma conta passou a devolver');
    expect(so).toMatch(/Devolvem ao todo: 1 conta$/m);
  });

  it('has a subject without anybody in it, for it is kept', () => {
    expect(modelos.assunto({ modelo, dados })).toBe('12 endereços novos devolvem mensagens');
  });
});
