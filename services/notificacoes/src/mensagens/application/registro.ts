import { answersOf } from '@plataforma/domain/answers-of';
import { canaisDe, porCanal, type SemCanal } from '../domain/canais.ts';
import type { NovaNotificacao } from '../domain/notificacao.ts';
import type { ProximoId } from './identidades.ts';
import type { CanaisLigados, FilaDeNotificacoes, HistoricoDeNotificacoes, Retirada } from './ports.ts';

interface Transacao {
  readonly fila: FilaDeNotificacoes;
  readonly historico: HistoricoDeNotificacoes;
}

/**
 * Writes messages to one person down, each once for every channel that it goes by. False when all of that exists already.
 *
 * @param identidades of as many new messages as it is told
 */
export async function escreverPorCanais(
  tx: Transacao & { readonly canais: CanaisLigados },
  mensagens: readonly SemCanal[],
  identidades: (quantas: number) => ProximoId,
): Promise<boolean> {
  const [primeira] = mensagens;
  if (primeira === undefined) return false;
  const ligados = await tx.canais.ligados(primeira.clienteId);
  const todas = mensagens.flatMap((mensagem) =>
    canaisDe(mensagem, ligados).map((canal) => ({ mensagem, canal })),
  );
  const proximo = identidades(todas.length);
  const novas = todas.map(({ mensagem, canal }) => porCanal(mensagem, canal, proximo()));
  return (await answersOf(novas.map((nova) => escrever(tx, nova)))).includes(true);
}

/** Gives messages to one person other words and another time, on every channel where no sender has taken them yet. */
export async function substituirPorCanais(
  tx: Pick<Transacao, 'fila'> & { readonly canais: CanaisLigados },
  mensagens: readonly SemCanal[],
): Promise<void> {
  const [primeira] = mensagens;
  if (primeira === undefined) return;
  const ligados = await tx.canais.ligados(primeira.clienteId);
  const todas = mensagens.flatMap((mensagem) =>
    canaisDe(mensagem, ligados).map((canal) => porCanal(mensagem, canal, '')),
  );
  await answersOf(todas.map((mudada) => tx.fila.substituir(mudada)));
}

/** Writes a message down, with the first record of its history; false when it exists already. */
export async function escrever(
  { fila, historico }: Transacao,
  notificacao: NovaNotificacao,
): Promise<boolean> {
  if (!(await fila.add(notificacao))) return false;
  const { id, clienteId, canal, modelo, reservaId, criadoEm } = notificacao;
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
    ocorridoEm: criadoEm,
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
