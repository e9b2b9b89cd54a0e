import type { EntradaDaFila } from './livros.ts';
import { ESPERA, ocupam } from './situacoes.ts';

/** The worker of the line has had its chance by then. */
const FOLGA_MS = 60_000;

/** The waitlist: the next customer has the offer, no other has it, and no slot is free while somebody waits for it. */
export function conferirFilas(filas: readonly EntradaDaFila[], agora: Date): string[] {
  return [
    ...filas.flatMap((entrada) =>
      conferirEntrada(entrada, agora).map((problema) => `${entrada.id} (${entrada.status}): ${problema}`),
    ),
    ...conferirOrdem(filas),
    ...conferirPosse(filas),
  ];
}

function conferirEntrada(entrada: EntradaDaFila, agora: Date): string[] {
  const { status, oferta, anuncios, livre, impedida, encerraEm } = entrada;
  const problemas: string[] = [];
  if (anuncios !== (oferta ? 1 : 0))
    problemas.push(`${anuncios} offers announced, ${oferta ? 'one' : 'none'} made`);
  if (oferta && !mesmaVaga(entrada, oferta)) problemas.push(`was offered another slot, or somebody else`);
  if (!condiz(entrada)) problemas.push(`its reservation is ${oferta?.status ?? 'none'}`);
  const espera = status === 'AGUARDANDO' && encerraEm.getTime() > agora.getTime() + FOLGA_MS;
  if (espera && livre && !impedida) problemas.push('waits although its period is free');
  return problemas;
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
function condiz({ status, oferta }: EntradaDaFila): boolean {
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
function conferirOrdem(filas: readonly EntradaDaFila[]): string[] {
  return filas.flatMap((antes) =>
    filas
      .filter((depois) => ultrapassou(depois, antes))
      .map((depois) => `${depois.id} has overtaken ${antes.id}`),
  );
}

function ultrapassou(depois: EntradaDaFila, antes: EntradaDaFila): boolean {
  const { posicaoDaOferta: desta } = depois;
  const dentro = antes.inicio >= depois.inicio && antes.fim <= depois.fim;
  if (antes.espacoId !== depois.espacoId || antes.ordem >= depois.ordem || !dentro || desta === null)
    return false;
  if (antes.posicaoDaOferta !== null) return antes.posicaoDaOferta > desta;
  return antes.status === 'AGUARDANDO' && !antes.impedida;
}

/** A slot is offered to one at a time. */
function conferirPosse(filas: readonly EntradaDaFila[]): string[] {
  const ofertas = filas.flatMap(({ espacoId, oferta }) => (oferta ? [{ ...oferta, espacoId }] : []));
  return ofertas.flatMap((uma, i) =>
    ofertas
      .slice(i + 1)
      .filter((outra) => outra.espacoId === uma.espacoId && ocupam(uma, outra))
      .map((outra) => `${uma.reservaId} and ${outra.reservaId} are offers of the same slot`),
  );
}
