import type { Mensagem } from '../../domain/mensagem.ts';

/**
 * Headers that every provider hands on. RFC 3834: no out-of-office replies, please. RFC 2369 and 8058: where messages of this kind
 * are ended with one click; a signature by DKIM has to cover both, or mail programs show no button.
 */
export function cabecalhosDe({ descadastro }: Pick<Mensagem, 'descadastro'>): Record<string, string> {
  return {
    'Auto-Submitted': 'auto-generated',
    ...(descadastro !== undefined && {
      'List-Unsubscribe': `<${descadastro}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    }),
  };
}
