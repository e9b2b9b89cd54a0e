import { answersOf } from '@plataforma/domain/answers-of';
import type { RegistroHistorico, TipoDeRegistro } from '../../mensagens/application/ports.ts';
import type { Aceita } from './marcas-de-envio.ts';
import type { NotificacaoTomada, Transacao } from './ports.ts';

/** Those that were not marked before. */
export async function marcarEnviadas(tx: Transacao, aceitas: readonly Aceita[]): Promise<readonly Aceita[]> {
  const fatos = aceitas.map(({ tomada: { id, clienteId }, ...fato }) => ({ id, clienteId, ...fato }));
  const envios = await tx.saida.marcarEnviadas(fatos);
  const novas = aceitas.flatMap((aceita) => {
    const envio = envios.get(aceita.tomada.id);
    return envio ? [{ aceita, envio }] : [];
  });
  const registros = novas.map(({ aceita: { tomada, em }, envio: { versao, destino } }) =>
    registroDe(tomada, 'ENVIADA', { versao, destino, em }),
  );
  const publicados = novas.map(({ aceita: { tomada: notificacao, em }, envio: { versao } }) => {
    return { notificacao, versao, em };
  });
  await answersOf([tx.historico.registrar(...registros), tx.publicar(...publicados)]);
  return novas.map(({ aceita }) => aceita);
}

/** A message that is not sent, and why. */
export interface Dispensada {
  readonly tomada: NotificacaoTomada;
  readonly detalhe: string;
}

/** Gives them up, as long as this process has them. */
export async function suprimir(
  { saida, historico }: Pick<Transacao, 'saida' | 'historico'>,
  dispensadas: readonly Dispensada[],
  em: Date,
): Promise<void> {
  if (dispensadas.length === 0) return;
  const versoes = await saida.marcarSuprimidas(dispensadas.map(({ tomada }) => tomada));
  const registros = dispensadas.flatMap(({ tomada, detalhe }) => {
    const versao = versoes.get(tomada.id);
    return versao === undefined
      ? []
      : [registroDe(tomada, 'SUPRIMIDA', { versao, destino: '', em, detalhe })];
  });
  await historico.registrar(...registros);
}

interface Fato {
  readonly versao: number;
  readonly destino: string;
  readonly em: Date;
  readonly detalhe?: string;
}

/** Without a version the lease was lost: the sender that has it now writes the history. */
export async function anotar(
  { historico }: Pick<Transacao, 'historico'>,
  tomada: NotificacaoTomada,
  tipo: TipoDeRegistro,
  { versao, ...fato }: Omit<Fato, 'versao'> & { readonly versao: number | undefined },
): Promise<void> {
  if (versao !== undefined) await historico.registrar(registroDe(tomada, tipo, { versao, ...fato }));
}

function registroDe(
  { id: notificacaoId, clienteId, canal, modelo, reservaId }: NotificacaoTomada,
  tipo: TipoDeRegistro,
  { versao: sequencia, destino, em: ocorridoEm, detalhe = '' }: Fato,
): RegistroHistorico {
  const mensagem = { notificacaoId, sequencia, clienteId, canal, modelo, reservaId };
  return { ...mensagem, tipo, destino, detalhe, ocorridoEm };
}
