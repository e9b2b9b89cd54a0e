import { answersOf } from '@plataforma/domain/answers-of';
import type { Clock } from '@plataforma/domain/clock';
import type { IdGenerator } from '@plataforma/domain/id';
import { withNewId } from '@plataforma/domain/id';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { livre } from '../../agenda/application/disponibilidade.ts';
import type { Recusa } from '../../comum/domain/recusa.ts';
import { ClienteNaoEncontradoError } from '../../contas/domain/cliente-nao-encontrado.ts';
import { recusarPeriodoLongo } from '../../espacos/application/periodo-longo.ts';
import { EspacoNaoEncontradoError } from '../../espacos/domain/espaco.ts';
import { longoDemais } from '../../espacos/domain/limites-reserva.ts';
import type { ExtraPedido } from '../../precos/domain/extras.ts';
import { cobravel } from '../../precos/domain/valor-minimo.ts';
import { PeriodoReserva } from '../../tempo/domain/periodo-reserva.ts';
import { type Cotacao, novaCotacao } from '../domain/cotacao.ts';
import type { Transacao } from './ports.ts';

export interface CotarReservaCommand {
  readonly clienteId: string;
  readonly espacoId: string;
  readonly inicio: Date;
  readonly fim: Date;
  readonly extras: readonly ExtraPedido[];
}

export interface CotacaoComDisponibilidade {
  readonly cotacao: Cotacao;
  readonly disponivel: boolean;
}

interface Deps {
  readonly uow: UnitOfWork<Transacao>;
  readonly ids: IdGenerator;
  readonly clock: Clock;
}

/** Prices a period under the rules of a booking, and keeps the promise. */
export class CotarReservaHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(command: CotarReservaCommand): Promise<Result<CotacaoComDisponibilidade, Recusa>> {
    const periodo = PeriodoReserva.create(command.inicio, command.fim);
    if (periodo.isFailure) return periodo;
    const { ids, uow, clock } = this.#deps;
    if (longoDemais(periodo.value))
      return uow.run((tx) => recusarPeriodoLongo(tx, command.espacoId, periodo.value, clock.now()));
    return withNewId(ids, 'cot', (id) => uow.run((tx) => this.#cotar(tx, id, command, periodo.value)));
  }

  async #cotar(
    { espacos, reservas, cotacoes, fechamentos, pessoas }: Transacao,
    id: string,
    { clienteId, espacoId, extras: pedidos }: CotarReservaCommand,
    periodo: PeriodoReserva,
  ): Promise<Result<CotacaoComDisponibilidade, Recusa>> {
    const agora = this.#deps.clock.now();
    const [removida, espaco] = await answersOf([pessoas.removida(clienteId), espacos.findById(espacoId)]);
    if (!espaco) return Result.fail(new EspacoNaoEncontradoError());
    if (removida) return Result.fail(new ClienteNaoEncontradoError());
    const fechados = await fechamentos.entre(espacoId, periodo.inicio, periodo.fim);
    const aceita = espaco.aceita(periodo, agora, fechados);
    if (aceita.isFailure) return aceita;
    const extras = espaco.escolherExtras(pedidos);
    if (extras.isFailure) return extras;
    const preco = espaco.precificar(periodo, extras.value, agora);
    const valor = cobravel(preco);
    if (valor.isFailure) return valor;
    const cotacao = novaCotacao({ id, clienteId, espacoId, periodo, extras: extras.value, preco }, agora);
    await cotacoes.add(cotacao);
    return Result.ok({ cotacao, disponivel: await livre(reservas, espaco, periodo) });
  }
}
