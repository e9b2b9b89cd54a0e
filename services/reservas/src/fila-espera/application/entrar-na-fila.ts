import type { Clock } from '@plataforma/domain/clock';
import type { IdGenerator } from '@plataforma/domain/id';
import { withNewId } from '@plataforma/domain/id';
import { Result } from '@plataforma/domain/result';
import type { ClaimsKey, UnitOfWork } from '@plataforma/domain/unit-of-work';
import { livre } from '../../agenda/application/disponibilidade.ts';
import type { Recusa } from '../../comum/domain/recusa.ts';
import { ClienteNaoEncontradoError } from '../../contas/domain/cliente-nao-encontrado.ts';
import { recusarPeriodoLongo } from '../../espacos/application/periodo-longo.ts';
import { EspacoNaoEncontradoError } from '../../espacos/domain/espaco.ts';
import { longoDemais } from '../../espacos/domain/limites-reserva.ts';
import type { ExtraPedido } from '../../precos/domain/extras.ts';
import { cobravel } from '../../precos/domain/valor-minimo.ts';
import { PeriodoReserva } from '../../tempo/domain/periodo-reserva.ts';
import {
  EntradaFila,
  FilaCheiaError,
  LimiteDeEsperasError,
  MAXIMO_ESPERAS,
  MAXIMO_NA_FILA,
  type PedidoDeEspera,
  VagaDisponivelError,
} from '../domain/entrada-fila.ts';
import { esperandoPerto, prometida } from './fila.ts';
import type { EntradaComPosicao, Transacao } from './ports.ts';

export interface EntrarNaFilaCommand {
  readonly clienteId: string;
  readonly espacoId: string;
  readonly inicio: Date;
  readonly fim: Date;
  readonly extras: readonly ExtraPedido[];
}

interface Deps {
  readonly uow: UnitOfWork<Transacao>;
  readonly ids: IdGenerator;
  readonly clock: Clock;
}

/** Stands in line for a period that somebody else has. */
export class EntrarNaFilaHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(command: EntrarNaFilaCommand): Promise<Result<EntradaComPosicao, Recusa>> {
    const periodo = PeriodoReserva.create(command.inicio, command.fim);
    if (periodo.isFailure) return periodo;
    const { clienteId, espacoId, extras } = command;
    const pedido = { clienteId, espacoId, periodo: periodo.value, extras };
    const { ids, uow, clock } = this.#deps;
    if (longoDemais(periodo.value))
      return uow.run((tx) => recusarPeriodoLongo(tx, espacoId, periodo.value, clock.now()));
    return withNewId(ids, 'fil', (id) => uow.run((tx) => this.#entrar(tx, id, pedido)));
  }

  /** Under the lock of the space: who frees the slot afterwards finds the entry. */
  async #entrar(
    tx: Transacao & ClaimsKey,
    id: string,
    pedido: PedidoDeEspera,
  ): Promise<Result<EntradaComPosicao, Recusa>> {
    const agora = this.#deps.clock.now();
    await tx.claimKey(id);
    await tx.reservas.travar(pedido.clienteId, pedido.espacoId);
    const espaco = await tx.espacos.findById(pedido.espacoId);
    if (!espaco) return Result.fail(new EspacoNaoEncontradoError());
    if (await tx.pessoas.removida(pedido.clienteId)) return Result.fail(new ClienteNaoEncontradoError());
    const antes = await tx.fila.ativa(pedido);
    const repetida = antes?.repetidaPor(pedido.extras);
    if (repetida?.isFailure) return repetida;
    if (repetida) {
      await tx.claimKey(repetida.value.id);
      return Result.ok(await comPosicao(tx, repetida.value));
    }

    const extras = espaco.escolherExtras(pedido.extras);
    if (extras.isFailure) return extras;
    const { inicio, fim } = pedido.periodo;
    const fechamentos = await tx.fechamentos.entre(espaco.id, inicio, fim);
    const aceita = espaco.aceita(pedido.periodo, agora, fechamentos);
    if (aceita.isFailure) return aceita;
    const valor = cobravel(espaco.precificar(pedido.periodo, extras.value, agora));
    if (valor.isFailure) return valor;
    if ((await tx.fila.contarAtivas(pedido.clienteId)) >= MAXIMO_ESPERAS)
      return Result.fail(new LimiteDeEsperasError());
    if ((await tx.fila.contarEsperando(espaco.id, pedido.periodo)) >= MAXIMO_NA_FILA)
      return Result.fail(new FilaCheiaError());
    const esperando = await esperandoPerto(tx, espaco.id, [pedido.periodo], agora);
    const vaga =
      (await livre(tx.reservas, espaco, pedido.periodo)) &&
      !(await prometida(tx, espaco, pedido, esperando, agora));
    if (vaga) return Result.fail(new VagaDisponivelError());

    const entrada = EntradaFila.entrar(id, pedido, espaco.estado.limites, agora);
    await tx.fila.add(entrada);
    return Result.ok(await comPosicao(tx, entrada.estado));
  }
}

async function comPosicao(
  { fila }: Transacao,
  entrada: EntradaComPosicao['entrada'],
): Promise<EntradaComPosicao> {
  return { entrada, posicao: await fila.posicao(entrada.id) };
}
