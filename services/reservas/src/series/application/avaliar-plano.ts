import { Result } from '@plataforma/domain/result';
import type { Recusa } from '../../comum/domain/recusa.ts';
import { clienteExiste } from '../../contas/application/clientes.ts';
import { ClienteNaoEncontradoError } from '../../contas/domain/cliente-nao-encontrado.ts';
import type { Dispensas } from '../../espacos/domain/dispensas.ts';
import { type Espaco, EspacoInativoError, EspacoNaoEncontradoError } from '../../espacos/domain/espaco.ts';
import type { ExtraReservado } from '../../precos/domain/extras.ts';
import type { PeriodoReserva } from '../../tempo/domain/periodo-reserva.ts';
import { avaliarSerie, type OcorrenciaAvaliada } from '../domain/avaliar-serie.ts';
import type { Ocorrencia } from '../domain/ocorrencias-da-serie.ts';
import type { PlanoDaSerie } from '../domain/serie.ts';
import type { Transacao } from './ports.ts';

/** A plan under the rules of today. */
export interface PlanoAvaliado {
  readonly espaco: Espaco;
  readonly extras: readonly ExtraReservado[];
  readonly ocorrencias: readonly OcorrenciaAvaliada[];
  readonly guardarCreditos: boolean;
}

interface Pedido {
  readonly plano: PlanoDaSerie;
  /** Who books: the customer, or an admin for the customer. */
  readonly quem: string;
  readonly ocorrencias: readonly Ocorrencia[];
  readonly dispensas: Dispensas;
  readonly agora: Date;
}

/** What would become of every date. Exact only while the customer and the space are locked. */
export async function avaliarPlano(
  tx: Transacao,
  { plano, quem, ocorrencias, dispensas, agora }: Pedido,
): Promise<Result<PlanoAvaliado, Recusa>> {
  const { espacos, reservas, fechamentos, series } = tx;
  const espaco = await espacos.findById(plano.espacoId);
  if (!espaco) return Result.fail(new EspacoNaoEncontradoError());
  if (!espaco.estado.ativo) return Result.fail(new EspacoInativoError());
  if (!(await clienteExiste(tx, { clienteId: plano.clienteId, quem })))
    return Result.fail(new ClienteNaoEncontradoError());
  const extras = espaco.escolherExtras(plano.extras);
  if (extras.isFailure) return extras;
  const periodos = ocorrencias.flatMap(({ periodo }) => periodo ?? []);
  const de = periodos[0]?.inicio ?? agora;
  const ate = periodos.at(-1)?.fim ?? agora;
  const { clienteId } = plano;
  const entre = { inicio: de, fim: ate };
  const { ativas, pendentes, removido } = await reservas.compromissos({
    ...{ clienteId, espacoId: espaco.id, entre, agora },
    comOfertas: false,
  });
  if (removido) return Result.fail(new ClienteNaoEncontradoError());
  const avaliadas = avaliarSerie(ocorrencias, {
    espaco,
    extras: extras.value,
    prometidas: await prometidas(tx, espaco, plano, ocorrencias, agora),
    ocupacoes: await series.ocupacoes(espaco.id, periodos),
    fechamentos: await fechamentos.entre(espaco.id, de, ate),
    ativas,
    pendentes: quem === clienteId ? pendentes : undefined,
    dispensas,
    agora,
  });
  const { guardarCreditos } = plano;
  return Result.ok({ espaco, extras: extras.value, ocorrencias: avaliadas, guardarCreditos });
}

/** The periods that are about to be offered to somebody who waits for them. The line is read once, for all of them. */
async function prometidas(
  { promessas }: Pick<Transacao, 'promessas'>,
  espaco: Espaco,
  { clienteId }: PlanoDaSerie,
  ocorrencias: readonly Ocorrencia[],
  agora: Date,
): Promise<ReadonlySet<PeriodoReserva>> {
  const periodos = ocorrencias.flatMap(({ periodo, excluida }) => (periodo && !excluida ? [periodo] : []));
  const esperando = await promessas.pertoDe(espaco.id, periodos, agora);
  const daFila = new Set<PeriodoReserva>();
  for (const periodo of periodos)
    if (await esperando.prometida(espaco, { periodo, clienteId })) daFila.add(periodo);
  return daFila;
}
