import { describe, expect, it } from '@jest/globals';
import { expectGolden } from '../../../../../test/support/golden.ts';
import { elements, HOSTILE, HOSTILE_NAME, remetente } from '../../../../../test/support/samples.ts';
import { type DadosAvisoDeSeguranca, TIPOS_DE_AVISO } from '../../../domain/aviso.ts';
import { createModelos } from '../../modelos.ts';

const modelos = createModelos(remetente);
const modelo = 'AVISO_DE_SEGURANCA';

const dados: DadosAvisoDeSeguranca = {
  tipo: 'SENHA_ALTERADA',
  em: '2026-11-20T12:34:56.000Z',
  enderecoIp: '203.0.113.7',
  dispositivo: 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
};

const renderizar = (mudanca: Partial<DadosAvisoDeSeguranca> = {}, nome = 'Ana Maria') =>
  modelos.renderizar({ modelo, dados: { ...dados, ...mudanca } }, nome);

describe('the message AVISO_DE_SEGURANCA', () => {
  it('is the golden message when a password was changed', () => {
    const { html, texto, anexos } = renderizar();
    expectGolden('aviso-de-seguranca.html.txt', html);
    expectGolden('aviso-de-seguranca.txt', texto);
    expect(anexos).toEqual([]);
  });

  it('is harmless, and says nothing that whoever did it has written, when all is hostile', () => {
    const { html, texto } = renderizar({ enderecoIp: HOSTILE, dispositivo: HOSTILE }, HOSTILE_NAME);
    expect(elements(html)).toEqual(elements(renderizar({ enderecoIp: '', dispositivo: '' }, '').html));
    expect(texto).toBe(renderizar({ enderecoIp: '', dispositivo: '' }, '').texto);
  });

  it('tells of an IPv6 network as it is', () => {
    expect(renderizar({ enderecoIp: '2001:db8:0:1::/64' }).texto).toContain('Endereço IP: 2001:db8:0:1::/64');
  });

  it.each(['EMAIL_ALTERACAO_PEDIDA', 'EMAIL_ALTERADO', 'CADASTRO_REPETIDO'] as const)(
    'says of %s until when a new password gives the address back, where one does',
    (tipo) => {
      const { texto } = renderizar({ tipo, voltaAte: '2026-11-27T12:34:56.000Z' });
      expect(texto).toMatch(/peça uma nova senha com este e-mail até 27\/11\/2026 às 09:34/);
      expect(texto).not.toContain('fale com a nossa equipe');
      expect(renderizar({ tipo }).texto).not.toContain('peça uma nova senha com este e-mail');
    },
  );

  it('has words of its own for each type, that say what to do', () => {
    const textos = TIPOS_DE_AVISO.map((tipo) => renderizar({ tipo }).texto);
    const assuntos = TIPOS_DE_AVISO.map((tipo) => modelos.assunto({ modelo, dados: { ...dados, tipo } }));
    expect(new Set(textos).size).toBe(TIPOS_DE_AVISO.length);
    expect(new Set(assuntos).size).toBe(TIPOS_DE_AVISO.length);
    for (const texto of textos) expect(texto.match(/Se não f(oi|ui)/g)).toHaveLength(1);
  });

  it('tells of a passkey what it brings: the second factor is on, and other sessions are over', () => {
    const { texto } = renderizar({ tipo: 'PASSKEY_ADICIONADA' });
    expect(texto).toContain('A verificação em duas etapas está ativa');
    expect(texto).toContain('As outras sessões foram encerradas.');
  });

  it('tells of a removal where its report is, and nothing that is untrue when an administrator did it', () => {
    const { texto, html } = renderizar({ tipo: 'CONTA_REMOVIDA', protocolo: 'prt_abc' });
    for (const corpo of [texto, html]) expect(corpo).toContain('/api/v1/erasures/prt_abc');
    expect(texto).toContain('a seu pedido ou por um administrador');
  });
});
