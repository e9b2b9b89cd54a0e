import type { EstadoEntrada } from '../domain/entrada-fila.ts';
import type { Espaco } from '../domain/espaco.ts';
import type { EstadoReserva } from '../domain/estado-reserva.ts';
import { verificarPendentes } from '../domain/limites-de-pendentes.ts';
import { MAXIMO_RESERVAS_ATIVAS } from '../domain/limites-reserva.ts';
import { FOLGA_MAXIMA_MINUTOS, MINUTO_MS, type PeriodoReserva } from '../domain/periodo-reserva.ts';
import { cobravel } from '../domain/valor-minimo.ts';
import { livre } from './disponibilidade.ts';
import type { Repositorios } from './ports.ts';

const FOLGA_MAXIMA_MS = FOLGA_MAXIMA_MINUTOS * MINUTO_MS;

/** Whether a booking of what somebody waits for would be taken now, leaving aside the number of their reservations. */
export async function atendivel(
  { reservas, fechamentos }: Repositorios,
  espaco: Espaco,
  { periodo, extras }: EstadoEntrada,
  agora: Date,
): Promise<boolean> {
  const escolhidos = espaco.escolherExtras(extras);
  if (escolhidos.isFailure) return false;
  if (cobravel(espaco.precificar(periodo, escolhidos.value, agora)).isFailure) return false;
  const fechados = await fechamentos.entre(espaco.id, periodo.inicio, periodo.fim);
  if (espaco.aceita(periodo, agora, fechados).isFailure) return false;
  return livre(reservas, espaco, periodo);
}

/**
 * Whether the line may hold one more for them. Whoever stands in line has asked for what is offered, so offers that are not
 * answered count, and those that were let go: otherwise places in line would pass a slot to and fro among a few people.
 * Exact only while the customer is locked.
 *
 * @returns `AINDA_NAO` when a payment, or time alone, will change that; after `NAO` the space is marked when it changes.
 */
export async function cabeMaisUma(
  { reservas }: Repositorios,
  { estado }: Espaco,
  { clienteId, periodo }: EstadoEntrada,
  agora: Date,
): Promise<'SIM' | 'NAO' | 'AINDA_NAO'> {
  if ((await reservas.contarAtivasEOfertas(clienteId, agora)) >= MAXIMO_RESERVAS_ATIVAS) return 'NAO';
  const pendentes = await reservas.pendentesEOfertas(clienteId, estado.id, periodo, agora);
  const cabe = verificarPendentes(periodo, estado.limitesPendentes, pendentes, agora);
  return cabe.isSuccess ? 'SIM' : 'AINDA_NAO';
}

/** Who waits for a period in whose way a booking of one of these could be, first come first. */
export function esperandoPerto(
  { fila }: Pick<Repositorios, 'fila'>,
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
 * slot becomes free and its offer nobody overtakes them. Whoever stands in line as well is before those who want some of
 * what they wait for themselves, and before nobody else. Asked while the space is locked.
 *
 * @param esperando of {@link esperandoPerto}, read under the same lock
 */
export async function prometida(
  tx: Repositorios,
  espaco: Espaco,
  { periodo, clienteId }: Pick<EstadoEntrada, 'periodo' | 'clienteId'>,
  esperando: readonly EstadoEntrada[],
  agora: Date,
): Promise<boolean> {
  const { folgaMinutos } = espaco.estado;
  const suas: PeriodoReserva[] = [];
  for (const entrada of esperando) {
    const atrapalha = (outro: PeriodoReserva) =>
      outro.conflitaCom({ periodo: entrada.periodo, folgaMinutos }, folgaMinutos);
    if (!atrapalha(periodo) || suas.some(atrapalha)) continue;
    if (!(await atendivel(tx, espaco, entrada, agora))) continue;
    if (entrada.clienteId === clienteId) suas.push(entrada.periodo);
    else if ((await cabeMaisUma(tx, espaco, entrada, agora)) === 'SIM') return true;
  }
  return false;
}

/** The fate of a reservation is the fate of the place in line that it was offered to. */
export async function acompanharOferta({ fila }: Repositorios, reserva: EstadoReserva): Promise<void> {
  const entrada = await fila.daReserva(reserva.id);
  if (!entrada) return;
  const { versao } = entrada.estado;
  entrada.acompanhar(reserva);
  if (entrada.estado.versao !== versao) await fila.save(entrada);
}
