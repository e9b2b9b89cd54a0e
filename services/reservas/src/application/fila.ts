import type { EstadoEntrada } from '../domain/entrada-fila.ts';
import type { Espaco } from '../domain/espaco.ts';
import type { EstadoReserva } from '../domain/estado-reserva.ts';
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

/** Whether the line may offer them one more, offers they have not answered included. Exact only while the customer is locked. */
export async function temVagaDeReserva(
  { reservas }: Repositorios,
  { clienteId }: EstadoEntrada,
  agora: Date,
): Promise<boolean> {
  return (await reservas.contarAtivasEOfertas(clienteId, agora)) < MAXIMO_RESERVAS_ATIVAS;
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
 * slot becomes free and its offer nobody overtakes them. Asked while the space is locked.
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
  for (const entrada of esperando) {
    if (!periodo.conflitaCom({ periodo: entrada.periodo, folgaMinutos }, folgaMinutos)) continue;
    if (!(await atendivel(tx, espaco, entrada, agora))) continue;
    if (entrada.clienteId === clienteId) return false;
    if (await temVagaDeReserva(tx, entrada, agora)) return true;
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
