import { describe, expect, it } from '@jest/globals';
import type { Canal } from '../../canais/domain/mensagem.ts';
import type { Entrega } from '../../mensagens/domain/notificacao.ts';
import { efeitosDe } from './retorno.ts';

const ORDEM: readonly Entrega[] = ['ATRASADA', 'ENTREGUE', 'NAO_ENTREGUE', 'DEVOLVIDA', 'RECLAMADA'];
const NADA = { entrega: undefined, endereco: undefined, calar: false };

const efeitos = (
  situacao: Entrega | 'DESCADASTRADA',
  antes?: Entrega,
  { descadastra = false, canal = 'EMAIL' as Canal } = {},
) => efeitosDe({ situacao, descadastra }, { canal, entrega: antes });

describe('efeitosDe', () => {
  it.each(ORDEM)('knows where a message is when it is told %s first', (situacao) => {
    expect(efeitos(situacao).entrega).toBe(situacao);
  });

  it('turns nothing back, in whatever order it is told, and lets nothing follow twice', () => {
    for (const [i, antes] of ORDEM.entries())
      for (const situacao of ORDEM.slice(0, i + 1))
        expect([situacao, antes, efeitos(situacao, antes, { descadastra: true })]).toEqual([
          situacao,
          antes,
          NADA,
        ]);
  });

  it.each([
    ['DEVOLVIDA', 'MARCAR'],
    ['ENTREGUE', 'LIBERAR'],
    ['NAO_ENTREGUE', undefined],
    ['ATRASADA', undefined],
    ['RECLAMADA', undefined],
  ] as const)('has %s mean %s to the address', (situacao, endereco) => {
    expect(efeitos(situacao).endereco).toBe(endereco);
    expect(efeitos(situacao, undefined, { canal: 'SMS' }).endereco).toBeUndefined();
  });

  it('switches off what a person need not get who complains, also after the message was delivered', () => {
    expect(efeitos('RECLAMADA', 'ENTREGUE', { descadastra: true })).toEqual({
      ...{ entrega: 'RECLAMADA', endereco: undefined, calar: true },
    });
  });

  it('leaves the message where it is when the person asks for no more', () => {
    expect(efeitos('DESCADASTRADA', 'ENTREGUE')).toEqual({ ...NADA, calar: true });
  });
});
