import type { NovaNotificacao } from '../domain/notificacao.ts';
import type { FilaDeNotificacoes, HistoricoDeNotificacoes, Retirada } from './ports.ts';

interface Transacao {
  readonly fila: FilaDeNotificacoes;
  readonly historico: HistoricoDeNotificacoes;
}

/** Writes a message down, with the first record of its history; false when it exists already. */
export async function escrever(
  { fila, historico }: Transacao,
  notificacao: NovaNotificacao,
): Promise<boolean> {
  if (!(await fila.add(notificacao))) return false;
  const { id, clienteId, canal, modelo, reservaId, criadaEm } = notificacao;
  await historico.registrar({
    notificacaoId: id,
    sequencia: 1,
    clienteId,
    canal,
    modelo,
    reservaId,
    tipo: 'CRIADA',
    destino: '',
    detalhe: '',
    ocorridoEm: criadaEm,
  });
  return true;
}

/** Notes that a message will not be sent. */
export async function anotarRetirada(
  { historico }: Pick<Transacao, 'historico'>,
  { id, versao, ...retirada }: Retirada,
  detalhe: string,
  em: Date,
): Promise<void> {
  await historico.registrar({
    ...retirada,
    notificacaoId: id,
    sequencia: versao,
    tipo: 'SUPRIMIDA',
    destino: '',
    detalhe,
    ocorridoEm: em,
  });
}
