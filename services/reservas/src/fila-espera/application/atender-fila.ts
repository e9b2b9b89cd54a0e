import { answersOf } from '@plataforma/domain/answers-of';
import type { Clock } from '@plataforma/domain/clock';
import type { IdGenerator } from '@plataforma/domain/id';
import { IdRepetidoError, withNewId } from '@plataforma/domain/id';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { Failure } from '@plataforma/domain/work-queue';
import { NENHUMA_DISPENSA } from '../../espacos/domain/dispensas.ts';
import type { Espaco } from '../../espacos/domain/espaco.ts';
import { dadosCongelados } from '../../reservas/application/nova-reserva.ts';
import type { ObservadorDeReservas } from '../../reservas/application/ports.ts';
import { OFERTANTE } from '../../reservas/domain/aceite.ts';
import type { EstadoReserva } from '../../reservas/domain/estado-reserva.ts';
import { Reserva } from '../../reservas/domain/reserva.ts';
import { adiar } from '../../trabalhos/application/adiar.ts';
import { type EstadoEntrada, minutosDaOferta } from '../domain/entrada-fila.ts';
import { arredoresDe, atendivel, cabeMaisUma } from './fila.ts';
import type { ObservadorDaFila, Transacao } from './ports.ts';

interface Deps {
  readonly uow: UnitOfWork<Transacao>;
  readonly ids: IdGenerator;
  readonly clock: Clock;
  readonly observador: ObservadorDeReservas & ObservadorDaFila;
  /** Extra credit for a problem of the space, in percent of what was paid. */
  readonly bonusPercentual: number;
}

/**
 * What became of a look at a space: no customer is left to offer to, an offer is to be made, it was made, or the first in
 * line cannot be served at this moment.
 */
type Passo =
  | { readonly tipo: 'NINGUEM' | 'HA_ALGUEM' | 'DEPOIS' }
  | { readonly tipo: 'OFERTADA'; readonly entrada: EstadoEntrada; readonly reserva: EstadoReserva };

const LOTE = 50;
/** Entries that one look at a space goes through, at most, while its bookings wait. */
const MAXIMO_EXAMINADAS = 500;

/**
 * Offers what became free to the first in line. One offer is one transaction under the lock of the space: a reservation
 * that holds the slot, and the entry that says so. The marks of the space stay until no customer is left to offer to, so a
 * process that dies leaves the rest to the next one.
 */
export class AtenderFilaHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Spaces to be looked at, longest marked first. */
  espacos(): Promise<string[]> {
    return this.#deps.uow.run(({ fila }) => fila.espacosComVaga(LOTE));
  }

  /**
   * Makes at most so many offers, space after space: one that fails keeps no other waiting. It makes a full batch only of
   * offers, so marks that stay do not call for another look at once.
   *
   * @returns how many it has made
   */
  async ofertar(limite: number, falhou: (falha: Failure) => void): Promise<number> {
    let feitas = 0;
    for (const espacoId of await this.espacos()) {
      while (feitas < limite && (await this.execute(espacoId, falhou))) feitas++;
      if (feitas === limite) break;
    }
    return feitas;
  }

  /**
   * An offer that fails is put off. When it has failed often enough, its entry loses its turn: the next in line gets the
   * offer, and where there is none the slot can be booked.
   *
   * @returns whether there may be more to offer at once.
   */
  async execute(espacoId: string, falhou: (falha: Failure) => void): Promise<boolean> {
    try {
      return await this.#atenderPrimeiro(espacoId);
    } catch (error) {
      // Whatever is wrong here, the other spaces come first from now on.
      await this.#deps.uow.run(({ fila }) => fila.adiarVagas(espacoId));
      const item = error instanceof OfertaFalhouError ? error.entradaId : espacoId;
      const causa = error instanceof OfertaFalhouError ? error.cause : error;
      falhou({ ...(await adiar(this.#deps, 'OFERTA', item, causa)), error: causa });
      return false;
    }
  }

  async #atenderPrimeiro(espacoId: string): Promise<boolean> {
    const { uow, ids, observador } = this.#deps;
    // Most slots become free without a line: a number is fetched only when somebody is there to get it.
    const visto = await uow.run((tx) => this.#atender(tx, espacoId, undefined));
    if (visto.tipo !== 'HA_ALGUEM') return false;
    const passo = await withNewId(ids, 'res', (id) => uow.run((tx) => this.#atender(tx, espacoId, id)));
    if (passo.tipo !== 'OFERTADA') return false;
    // Its charge comes by the event: no caller waits for an answer here.
    observador.reservaCriada(passo.reserva);
    observador.vagaOferecida(passo.entrada);
    return true;
  }

  async #atender(tx: Transacao, espacoId: string, reservaId: string | undefined): Promise<Passo> {
    const vagas = await tx.fila.tomarVagas(espacoId);
    if (vagas.length === 0) return { tipo: 'NINGUEM' };
    await tx.reservas.travarEspaco(espacoId);
    const agora = this.#deps.clock.now();
    const espaco = await tx.espacos.findById(espacoId);
    const primeiro = espaco && (await primeiroDaFila(tx, espaco, agora));
    if (!espaco || primeiro === undefined || primeiro === 'MAIS_TARDE') {
      // Who lost their turn gets it back when they have been left alone for long enough.
      const alguem = primeiro === 'MAIS_TARDE' || (await tx.fila.temAdiadas(espacoId, agora));
      if (alguem) await tx.fila.adiarVagas(espacoId);
      else await answersOf([tx.fila.concluirVagas(vagas), tx.adiados.concluir('OFERTA', [espacoId])]);
      return { tipo: 'NINGUEM' };
    }
    if (reservaId === undefined) return { tipo: 'HA_ALGUEM' };
    return daEntrada(primeiro, () => this.#ofertar(tx, espaco, primeiro, reservaId, agora));
  }

  async #ofertar(
    tx: Transacao,
    espaco: Espaco,
    { id, ...pedido }: EstadoEntrada,
    reservaId: string,
    agora: Date,
  ): Promise<Passo> {
    // The customer may have left a moment ago.
    const entrada = await tx.fila.findById(id);
    if (!entrada?.aguarda) return { tipo: 'DEPOIS' };
    const reserva = this.#reservar(espaco, { id, ...pedido }, reservaId, agora);
    const guardada = await tx.reservas.add(reserva);
    // Under the lock of the space no other booking can have taken it: there is something that the rules do not see.
    if (guardada.isFailure) throw guardada.error;
    entrada.ofertar(reserva.estado, agora);
    await tx.fila.save(entrada);
    await tx.adiados.concluir('OFERTA', [id, espaco.id]);
    return { tipo: 'OFERTADA', entrada: entrada.estado, reserva: reserva.estado };
  }

  /** An ordinary reservation at today's price and rules, held for the time of an offer. */
  #reservar(
    espaco: Espaco,
    { id, clienteId, periodo, extras: pedidos }: EstadoEntrada,
    reservaId: string,
    agora: Date,
  ): Reserva {
    const extras = espaco.escolherExtras(pedidos);
    if (extras.isFailure) throw extras.error;
    const pedido = {
      clienteId,
      cotacaoId: undefined,
      dispensas: NENHUMA_DISPENSA,
    };
    const preco = espaco.precificar(periodo, extras.value, agora);
    const escolhidos = { id: reservaId, periodo, preco, extras: extras.value, serie: undefined };
    const dados = dadosCongelados(escolhidos, pedido, espaco, this.#deps.bonusPercentual);
    const porque = `vaga oferecida à entrada ${id} da fila`;
    return Reserva.criar(dados, minutosDaOferta(periodo, agora), { quem: OFERTANTE, porque, em: agora });
  }
}

/** The offer to one entry has failed, and may again. */
class OfertaFalhouError extends Error {
  override readonly name = 'OfertaFalhouError';
  readonly entradaId: string;

  constructor(entradaId: string, cause: unknown) {
    super(`the offer to ${entradaId} failed`, { cause });
    this.entradaId = entradaId;
  }
}

/** Blames what fails on the entry; not what only has to be tried again. */
async function daEntrada<T>({ id }: EstadoEntrada, trabalho: () => Promise<T>): Promise<T> {
  try {
    return await trabalho();
  } catch (error) {
    if (error instanceof IdRepetidoError) throw error;
    throw new OfertaFalhouError(id, error);
  }
}

/**
 * The first who can have what they wait for. Somebody with as many reservations as allowed is passed over and keeps their
 * place, and so is somebody who holds enough unpaid, or has just let this go: that one is to be looked at again later.
 * The worker does not wait for a customer who is booking at this moment, as with the space locked it could wait in a circle:
 * that is an offer that fails, so a customer who always happens to be booking does not hold up the line.
 */
async function primeiroDaFila(
  tx: Transacao,
  espaco: Espaco,
  agora: Date,
): Promise<EstadoEntrada | 'MAIS_TARDE' | undefined> {
  let maisTarde = false;
  for (const entrada of await tx.fila.esperando(espaco.id, agora, MAXIMO_EXAMINADAS)) {
    const pode = await daEntrada(entrada, async () =>
      atendivel(espaco, entrada, await arredoresDe(tx, espaco.id, [entrada]), agora),
    );
    if (!pode) continue;
    if (!(await tx.reservas.tentarTravarCliente(entrada.clienteId)))
      throw new OfertaFalhouError(entrada.id, new Error('its customer is booking at this moment'));
    const cabe = await cabeMaisUma(tx, espaco, entrada, agora);
    if (cabe === 'SIM') return entrada;
    maisTarde ||= cabe === 'AINDA_NAO';
  }
  return maisTarde ? 'MAIS_TARDE' : undefined;
}
