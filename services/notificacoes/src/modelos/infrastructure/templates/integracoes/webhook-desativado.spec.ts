import { describe, expect, it } from '@jest/globals';
import { expectGolden } from '../../../../../test/support/golden.ts';
import { elements, HOSTILE, HOSTILE_NAME, remetente } from '../../../../../test/support/samples.ts';
import type { DadosWebhookDesativado } from '../../../domain/desativacao.ts';
import { createModelos } from '../../modelos.ts';

const modelos = createModelos(remetente);
const modelo = 'WEBHOOK_DESATIVADO';

const dados: DadosWebhookDesativado = {
  ...{ webhookId: 'whk_4Kd9Tz2m', nomeDoWebhook: 'Loja', receptor: 'loja.exemplo.com', causa: 'FALHAS' },
  ...{ falhandoDesde: '2026-11-15T12:34:56.000Z', em: '2026-11-20T12:35:10.000Z', ultimoStatus: 503 },
};

describe('the message WEBHOOK_DESATIVADO', () => {
  it('is the golden message when nothing was taken for days', () => {
    const { html, texto, anexos } = modelos.renderizar({ modelo, dados }, 'Ana Maria');
    expectGolden('webhook-desativado.html.txt', html);
    expectGolden('webhook-desativado.txt', texto);
    expect(anexos).toEqual([]);
  });

  it('is the golden harmless message when names are hostile', () => {
    const hostis = { ...dados, nomeDoWebhook: HOSTILE, receptor: HOSTILE };
    const { html, texto } = modelos.renderizar({ modelo, dados: hostis }, HOSTILE_NAME);
    expectGolden('webhook-desativado-hostil.html.txt', html);
    expectGolden('webhook-desativado-hostil.txt', texto);
    expect(elements(html)).toEqual(elements(modelos.renderizar({ modelo, dados }, 'Ana').html));
  });

  it('says what the receiver has said itself, or that it did not answer', () => {
    const texto = (outros: Partial<DadosWebhookDesativado>) =>
      modelos.renderizar({ modelo, dados: { ...dados, ...outros } }, 'Ana').texto;
    expect(texto({ causa: 'GONE', ultimoStatus: 410 })).toContain('não existe mais (410)');
    expect(texto({ ultimoStatus: 0 })).toContain('nenhuma');
  });

  it('has a subject without anything that people have written, for it is kept', () => {
    expect(modelos.assunto({ modelo, dados })).toBe('Webhook desativado: whk_4Kd9Tz2m');
  });
});
