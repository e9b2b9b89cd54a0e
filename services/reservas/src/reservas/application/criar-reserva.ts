import { answersOf } from '@plataforma/domain/answers-of';
import type { Clock } from '@plataforma/domain/clock';
import type { IdGenerator } from '@plataforma/domain/id';
import { withNewId } from '@plataforma/domain/id';
import { Result } from '@plataforma/domain/result';
import type { ClaimsKey, UnitOfWork } from '@plataforma/domain/unit-of-work';
import { indisponivel, vizinhasDe } from '../../agenda/application/disponibilidade.ts';
import { cabe } from '../../agenda/domain/vizinhanca.ts';
import type { Recusa } from '../../comum/domain/recusa.ts';
import { clienteExiste } from '../../contas/application/clientes.ts';
import { ClienteNaoEncontradoError } from '../../contas/domain/cliente-nao-encontrado.ts';
import { recusarPeriodoLongo } from '../../espacos/application/periodo-longo.ts';
import { type Dispensas, verificarDispensas } from '../../espacos/domain/dispensas.ts';
import { type Espaco, EspacoNaoEncontradoError } from '../../espacos/domain/espaco.ts';
import { verificarPendentes } from '../../espacos/domain/limites-de-pendentes.ts';
import {
  LimiteDeReservasError,
  longoDemais,
  MAXIMO_RESERVAS_ATIVAS,
} from '../../espacos/domain/limites-reserva.ts';
import type { ExtraPedido } from '../../precos/domain/extras.ts';
import type { Preco } from '../../precos/domain/precificacao.ts';
import { cobravel } from '../../precos/domain/valor-minimo.ts';
import { PeriodoReserva } from '../../tempo/domain/periodo-reserva.ts';
import { usarCotacao } from '../domain/cotacao.ts';
import type { DadosReserva, EstadoReserva } from '../domain/estado-reserva.ts';
import { ReservaNaoEncontradaError } from '../domain/recusas-da-reserva.ts';
import { novaReserva } from './nova-reserva.ts';
import type { Cobrancas, ObservadorDeReservas, Transacao } from './ports.ts';

export interface CriarReservaCommand {
  readonly clienteId: string;
  readonly espacoId: string;
  readonly inicio: Date;
  readonly fim: Date;
  readonly extras: readonly ExtraPedido[];
  readonly cotacaoId: string | undefined;
  /** Who books: the customer, or an admin for the customer. */
  readonly quem: string;
  readonly dispensas: Dispensas;
  /** The customer keeps their store credit for later. Default false. */
  readonly guardarCreditos?: boolean;
}

interface Deps {
  readonly uow: UnitOfWork<Transacao>;
  readonly ids: IdGenerator;
  readonly clock: Clock;
  readonly cobrancas: Pick<Cobrancas, 'cobrar'>;
  readonly observador: ObservadorDeReservas;
  /** Extra credit for a problem of the space, in percent of what was paid. */
  readonly bonusPercentual: number;
}

/** Takes the slot and, once that is committed, asks for the payment. */
export class CriarReservaHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(command: CriarReservaCommand): Promise<Result<EstadoReserva, Recusa>> {
    const periodo = PeriodoReserva.create(command.inicio, command.fim);
    if (periodo.isFailure) return periodo;
    const dispensas = verificarDispensas(command.dispensas);
    if (dispensas.isFailure) return dispensas;
    const { ids, uow, cobrancas, observador, clock } = this.#deps;
    if (longoDemais(periodo.value))
      return uow.run((tx) =>
        recusarPeriodoLongo(tx, command.espacoId, periodo.value, clock.now(), command.dispensas),
      );
    const criada = await withNewId(ids, 'res', (id) =>
      uow.run((tx) => this.#reservar(tx, id, command, periodo.value)),
    );
    if (criada.isFailure) return criada;
    observador.reservaCriada(criada.value);
    return Result.ok(await cobrancas.cobrar(criada.value));
  }

  /** What an earlier attempt of the same call has made. It may have ended before it asked for the payment. */
  async repeat(id: string): Promise<Result<EstadoReserva, ReservaNaoEncontradaError>> {
    const { uow, cobrancas } = this.#deps;
    const feita = await uow.run(({ reservas }) => reservas.findById(id));
    return feita
      ? Result.ok(await cobrancas.cobrar(feita.estado))
      : Result.fail(new ReservaNaoEncontradaError());
  }

  async #reservar(
    tx: Transacao & ClaimsKey,
    id: string,
    command: CriarReservaCommand,
    periodo: PeriodoReserva,
  ): Promise<Result<EstadoReserva, Recusa>> {
    const agora = this.#deps.clock.now();
    const { reservas } = tx;
    const { clienteId } = command;
    const tomando = answersOf([tx.claimKey(id), reservas.tentarTravar(clienteId, command.espacoId)]);
    const cedo = await ler(
      tx,
      command,
      periodo,
      agora,
      tomando.then(([, travado]) => travado),
    );
    // Somebody else is booking this space. Who asks for what is taken already is refused without waiting for them.
    const lido =
      cedo.travado || ocupado(cedo, periodo, command)
        ? cedo
        : await ler(tx, command, periodo, agora, reservas.travarEspaco(command.espacoId));
    const { espaco, fechamentos, existe, compromissos } = lido;
    if (!espaco) return Result.fail(new EspacoNaoEncontradoError());
    if (!existe || compromissos.removido) return Result.fail(new ClienteNaoEncontradoError());
    const aceita = espaco.aceita(periodo, agora, fechamentos, command.dispensas);
    if (aceita.isFailure) return aceita;
    const preco = await precoDe(tx, espaco, command, periodo, agora);
    if (preco.isFailure) return preco;
    const valor = cobravel(preco.value.preco);
    if (valor.isFailure) return valor;
    const dentro = dentroDosLimites(lido, espaco, command, { periodo, preco: preco.value.preco, agora });
    if (dentro.isFailure) return dentro;
    if (ocupado(lido, periodo, command) || (await lido.esperando.prometida(espaco, { periodo, clienteId })))
      return Result.fail(await indisponivel(tx, espaco, periodo, agora));

    const { bonusPercentual } = this.#deps;
    const reserva = novaReserva({ id, periodo, serie: undefined, ...preco.value }, command, espaco, {
      agora,
      bonusPercentual,
    });
    const guardada = await tx.reservas.add(reserva);
    return guardada.isFailure ? guardada : Result.ok(reserva.estado);
  }
}

/**
 * Everything that the decision depends on, in one round trip with the locks, which have been asked for before. Without
 * the lock of the space only what is there counts, not what is missing.
 */
async function ler(
  tx: Transacao,
  command: CriarReservaCommand,
  periodo: PeriodoReserva,
  agora: Date,
  travando: Promise<unknown>,
) {
  const { clienteId, espacoId } = command;
  const [travado, espaco, existe, fechamentos, compromissos, vizinhas, esperando] = await answersOf([
    travando,
    tx.espacos.findById(espacoId),
    clienteExiste(tx, command),
    tx.fechamentos.entre(espacoId, periodo.inicio, periodo.fim),
    tx.reservas.compromissos({ clienteId, espacoId, entre: periodo, agora, comOfertas: false }),
    vizinhasDe(tx.reservas, espacoId, periodo),
    tx.promessas.pertoDe(espacoId, [periodo], agora),
  ]);
  return {
    ...{ travado: travado !== false, espaco, existe },
    ...{ fechamentos, compromissos, vizinhas, esperando },
  };
}

type Lido = Awaited<ReturnType<typeof ler>>;

function ocupado(
  { espaco, vizinhas }: Lido,
  periodo: PeriodoReserva,
  { dispensas }: CriarReservaCommand,
): boolean {
  return espaco !== undefined && !cabe(periodo, vizinhas, espaco.estado.folgaMinutos, dispensas.folga);
}

/**
 * What one customer may have at a time. What somebody else holds for them waits for them, not for others: unpaid, it does
 * not count; and what costs nothing is never unpaid.
 */
function dentroDosLimites(
  { compromissos: { ativas, pendentes } }: Lido,
  { estado: { limitesPendentes } }: Espaco,
  { clienteId, quem, dispensas }: CriarReservaCommand,
  { periodo, preco, agora }: { periodo: PeriodoReserva; preco: Preco; agora: Date },
): Result<void, Recusa> {
  if (dispensas.limite) return Result.ok(undefined);
  if (ativas >= MAXIMO_RESERVAS_ATIVAS) return Result.fail(new LimiteDeReservasError());
  if (quem !== clienteId || preco.valor.centavos === 0n) return Result.ok(undefined);
  return verificarPendentes(periodo, limitesPendentes, pendentes, agora);
}

/** The quoted price when there is a quote, otherwise today's. */
async function precoDe(
  tx: Transacao,
  espaco: Espaco,
  command: CriarReservaCommand,
  periodo: PeriodoReserva,
  agora: Date,
): Promise<Result<Pick<DadosReserva, 'preco' | 'extras'>, Recusa>> {
  if (command.cotacaoId !== undefined) {
    const { clienteId, espacoId, extras } = command;
    const cotacao = await tx.cotacoes.findById(command.cotacaoId);
    return usarCotacao(cotacao, { clienteId, espacoId, periodo, extras }, agora);
  }
  const extras = espaco.escolherExtras(command.extras);
  if (extras.isFailure) return extras;
  return Result.ok({ extras: extras.value, preco: espaco.precificar(periodo, extras.value, agora) });
}
