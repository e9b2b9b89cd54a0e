import type { EntradaDaFila } from './books.ts';
import { ESPERA, ocupam } from './statuses.ts';

/** The worker of the line has had its chance by then. */
const MARGIN_MS = 60_000;

/** The waitlist: the next customer has the offer, no other has it, and no slot is free while somebody waits for it. */
export function checkFilas(filas: readonly EntradaDaFila[], now: Date): string[] {
  return [
    ...filas.flatMap((entrada) =>
      checkEntrada(entrada, now).map((problem) => `${entrada.id} (${entrada.status}): ${problem}`),
    ),
    ...checkOrder(filas),
    ...checkOwnership(filas),
  ];
}

function checkEntrada(entrada: EntradaDaFila, now: Date): string[] {
  const { status, oferta, anuncios, livre, impedida, encerraEm } = entrada;
  const problems: string[] = [];
  if (anuncios !== (oferta ? 1 : 0))
    problems.push(`${anuncios} offers announced, ${oferta ? 'one' : 'none'} made`);
  if (oferta && !mesmaVaga(entrada, oferta)) problems.push(`was offered another slot, or somebody else`);
  if (!agrees(entrada)) problems.push(`its reservation is ${oferta?.status ?? 'none'}`);
  const waits = status === 'AGUARDANDO' && encerraEm.getTime() > now.getTime() + MARGIN_MS;
  if (waits && livre && !impedida) problems.push('waits although its period is free');
  return problems;
}

function mesmaVaga(
  { clienteId, inicio, fim }: EntradaDaFila,
  oferta: NonNullable<EntradaDaFila['oferta']>,
): boolean {
  return (
    oferta.clienteId === clienteId && +oferta.inicio === inicio.getTime() && +oferta.fim === fim.getTime()
  );
}

/** Whether a place in line and the reservation that was offered to it tell the same. */
function agrees({ status, oferta }: EntradaDaFila): boolean {
  switch (status) {
    case 'AGUARDANDO':
    case 'ENCERRADA':
      return oferta === null;
    case 'OFERTADA':
      return oferta !== null && ESPERA.includes(oferta.status);
    case 'ATENDIDA':
      return oferta?.confirmada === true;
    case 'CANCELADA':
      return oferta === null || (oferta.status === 'CANCELADA' && !oferta.confirmada);
    default:
      return oferta?.status === status;
  }
}

/** First come, first served: who could have had the slot that somebody later was offered, had it before. */
function checkOrder(filas: readonly EntradaDaFila[]): string[] {
  return filas.flatMap((before) =>
    filas
      .filter((after) => hasOvertaken(after, before))
      .map((after) => `${after.id} has overtaken ${before.id}`),
  );
}

function hasOvertaken(after: EntradaDaFila, before: EntradaDaFila): boolean {
  const { posicaoDaOferta: own } = after;
  const within = before.inicio >= after.inicio && before.fim <= after.fim;
  if (before.espacoId !== after.espacoId || before.ordem >= after.ordem || !within || own === null)
    return false;
  if (before.posicaoDaOferta !== null) return before.posicaoDaOferta > own;
  return before.status === 'AGUARDANDO' && !before.impedida;
}

/** A slot is offered to one at a time. */
function checkOwnership(filas: readonly EntradaDaFila[]): string[] {
  const ofertas = filas.flatMap(({ espacoId, oferta }) => (oferta ? [{ ...oferta, espacoId }] : []));
  return ofertas.flatMap((one, i) =>
    ofertas
      .slice(i + 1)
      .filter((other) => other.espacoId === one.espacoId && ocupam(one, other))
      .map((other) => `${one.reservaId} and ${other.reservaId} are offers of the same slot`),
  );
}
