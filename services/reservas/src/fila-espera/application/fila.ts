import { vizinhasDe } from '../../agenda/application/disponibilidade.ts';
import { cabe } from '../../agenda/domain/vizinhanca.ts';
import type { Espaco } from '../../espacos/domain/espaco.ts';
import type { Fechamento } from '../../espacos/domain/fechamento.ts';
import { verificarPendentes } from '../../espacos/domain/limites-de-pendentes.ts';
import { MAXIMO_RESERVAS_ATIVAS } from '../../espacos/domain/limites-reserva.ts';
import { cobravel } from '../../precos/domain/valor-minimo.ts';
import {
  FOLGA_MAXIMA_MINUTOS,
  MINUTO_MS,
  type Ocupacao,
  type PeriodoReserva,
} from '../../tempo/domain/periodo-reserva.ts';
import type { EstadoEntrada } from '../domain/entrada-fila.ts';
import type { Transacao } from './ports.ts';

const FOLGA_MAXIMA_MS = FOLGA_MAXIMA_MINUTOS * MINUTO_MS;

/** What may be in the way of those who wait. */
interface Arredores {
  readonly fechamentos: readonly Fechamento[];
  readonly vizinhas: readonly Ocupacao[];
}

/** Read once for all that these entries, which lie near each other, wait for. */
export async function arredoresDe(
  { reservas, fechamentos }: Pick<Transacao, 'reservas' | 'fechamentos'>,
  espacoId: string,
  entradas: readonly [EstadoEntrada, ...EstadoEntrada[]],
): Promise<Arredores> {
  const inicio = new Date(Math.min(...entradas.map(({ periodo }) => periodo.inicio.getTime())));
  const fim = new Date(Math.max(...entradas.map(({ periodo }) => periodo.fim.getTime())));
  const [fechados, vizinhas] = await Promise.all([
    fechamentos.entre(espacoId, inicio, fim),
    vizinhasDe(reservas, espacoId, { inicio, fim }),
  ]);
  return { fechamentos: fechados, vizinhas };
}

/** Whether a booking of what somebody waits for would be taken now, leaving aside the number of their reservations. */
export function atendivel(
  espaco: Espaco,
  { periodo, extras }: EstadoEntrada,
  { fechamentos, vizinhas }: Arredores,
  agora: Date,
): boolean {
  const escolhidos = espaco.escolherExtras(extras);
  if (escolhidos.isFailure) return false;
  if (cobravel(espaco.precificar(periodo, escolhidos.value, agora)).isFailure) return false;
  if (espaco.aceita(periodo, agora, fechamentos).isFailure) return false;
  return cabe(periodo, vizinhas, espaco.estado.folgaMinutos, false);
}

/**
 * Whether the line may hold one more for them. A customer in line has asked for what is offered, so offers that are not
 * answered count, and those that were let go: otherwise places in line would pass a slot to and fro among a few people.
 * Exact only while the customer is locked.
 *
 * @returns `AINDA_NAO` when a payment, or time alone, will change that; after `NAO` the space is marked when it changes.
 */
export async function cabeMaisUma(
  { reservas }: Pick<Transacao, 'reservas'>,
  { estado }: Espaco,
  { clienteId, periodo }: EstadoEntrada,
  agora: Date,
): Promise<'SIM' | 'NAO' | 'AINDA_NAO'> {
  const { ativas, pendentes, removido } = await reservas.compromissos({
    ...{ clienteId, espacoId: estado.id, entre: periodo, agora },
    comOfertas: true,
  });
  if (removido || ativas >= MAXIMO_RESERVAS_ATIVAS) return 'NAO';
  const dentro = verificarPendentes(periodo, estado.limitesPendentes, pendentes, agora);
  return dentro.isSuccess ? 'SIM' : 'AINDA_NAO';
}

/** Who waits for a period in whose way a booking of one of these could be, first come first. */
export function esperandoPerto(
  { fila }: Pick<Transacao, 'fila'>,
  espacoId: string,
  periodos: readonly PeriodoReserva[],
  agora: Date,
): Promise<EstadoEntrada[]> {
  const alcances = periodos.map(({ inicio, fim }) => ({
    de: new Date(inicio.getTime() - FOLGA_MAXIMA_MS),
    ate: new Date(fim.getTime() + FOLGA_MAXIMA_MS),
  }));
  return fila.esperandoEm(espacoId, agora, alcances);
}

/**
 * Whether a free period is about to be offered to somebody else who stood in line for it: between the moment in which a
 * slot becomes free and its offer no booking overtakes them. A customer who stands in line as well is before those who want
 * some of what they wait for themselves, and before no others. Asked while the space is locked.
 *
 * @param esperando of {@link esperandoPerto}, read under the same lock
 */
export async function prometida(
  tx: Pick<Transacao, 'reservas' | 'fechamentos'>,
  espaco: Espaco,
  { periodo, clienteId }: Pick<EstadoEntrada, 'periodo' | 'clienteId'>,
  esperando: readonly EstadoEntrada[],
  agora: Date,
): Promise<boolean> {
  const { folgaMinutos } = espaco.estado;
  const atrapalha = (entrada: EstadoEntrada, outro: PeriodoReserva) =>
    outro.conflitaCom({ periodo: entrada.periodo, folgaMinutos }, folgaMinutos);
  const [primeira, ...outras] = esperando.filter((entrada) => atrapalha(entrada, periodo));
  if (!primeira) return false;
  const arredores = await arredoresDe(tx, espaco.id, [primeira, ...outras]);
  const suas: PeriodoReserva[] = [];
  for (const entrada of [primeira, ...outras]) {
    if (suas.some((sua) => atrapalha(entrada, sua))) continue;
    if (!atendivel(espaco, entrada, arredores, agora)) continue;
    if (entrada.clienteId === clienteId) suas.push(entrada.periodo);
    else if ((await cabeMaisUma(tx, espaco, entrada, agora)) === 'SIM') return true;
  }
  return false;
}
