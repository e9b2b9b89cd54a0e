import { answersOf } from '@plataforma/domain/answers-of';
import type { Clock } from '@plataforma/domain/clock';
import type { IdGenerator } from '@plataforma/domain/id';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { comIdentidades, type ProximoId } from '../../mensagens/application/identidades.ts';
import {
  anotarRetirada,
  escreverPorCanais,
  substituirPorCanais,
} from '../../mensagens/application/registro.ts';
import type { SemCanal } from '../../mensagens/domain/canais.ts';
import type { Rascunho } from '../../mensagens/domain/notificacao.ts';
import type { Modelos } from '../../modelos/application/modelos.ts';
import { esperaMs, grupoDe } from '../../modelos/domain/resumo.ts';
import { acompanhar } from '../domain/acompanhamento.ts';
import type { Consequencia, Fato } from '../domain/reserva-acompanhada.ts';
import type { Transacao } from './ports.ts';

interface Deps {
  readonly ids: IdGenerator;
  readonly clock: Clock;
  readonly modelos: Pick<Modelos, 'em'>;
  readonly uow: Pick<UnitOfWork<Transacao>, 'runOnce'>;
}

export interface RegistrarFatoCommand {
  readonly consumidor: string;
  readonly mensagemId: string;
  readonly clienteId: string;
  readonly reservaId: string;
  readonly fato: Fato;
}

/** Messages that a fact leads to as a rule. Where it is more, the transaction is made again with as many identities. */
const PREVISTAS: Readonly<Record<Fato['tipo'], number>> = {
  CRIADA: 0,
  CONFIRMADA: 2,
  CANCELADA: 1,
  EXPIRADA: 1,
  COBRANCA_CRIADA: 1,
  CARTAO_RECUSADO: 1,
  VAGA_OFERECIDA: 1,
  PAGAMENTO_APROVADO: 1,
  ESTORNO: 1,
  COBRANCA_CANCELADA: 0,
};

/**
 * Takes note of what happened to a reservation and writes down what its customer is to be told. Who the customer is
 * need not be known yet: events of different streams race, and a message is not due before its addressee is known.
 * Facts about one reservation are taken one after the other, whichever stream and copy of the service they come by.
 */
export class RegistrarFatoHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Answers how many messages it led to. */
  execute(command: RegistrarFatoCommand): Promise<number> {
    return comIdentidades(this.#deps.ids, PREVISTAS[command.fato.tipo], (identidades) =>
      this.#registrar(command, identidades),
    );
  }

  async #registrar(
    command: RegistrarFatoCommand,
    identidades: (quantas: number) => ProximoId,
  ): Promise<number> {
    const { consumidor, mensagemId } = command;
    const agora = this.#deps.clock.now();
    let escritas = 0;
    await this.#deps.uow.runOnce(consumidor, mensagemId, async (tx) => {
      const { depois, mensagens, retirar } = await this.#consequencia(tx, command, agora);
      const mensagem = (rascunho: Rascunho) => this.#mensagem(command, rascunho, agora);
      const novas = mensagens.filter(({ substitui }) => !substitui).map(mensagem);
      const mudadas = mensagens.filter(({ substitui }) => substitui).map(mensagem);
      const [, retiradas] = await answersOf([
        tx.reservas.save(depois),
        tx.fila.retirar(command.reservaId, retirar),
        escreverPorCanais(tx, novas, identidades),
        substituirPorCanais(tx, mudadas),
      ]);
      await answersOf(
        retiradas.map((retirada) => anotarRetirada(tx, retirada, `overtaken by ${command.fato.tipo}`, agora)),
      );
      escritas = mensagens.length;
    });
    return escritas;
  }

  async #consequencia(
    tx: Transacao,
    { reservaId, fato }: RegistrarFatoCommand,
    agora: Date,
  ): Promise<Consequencia> {
    const [antes, confirmacaoEscrita] = await answersOf([
      tx.reservas.abrir(reservaId),
      tx.fila.existe(reservaId, 'RESERVA_CONFIRMADA'),
    ]);
    return acompanhar(antes, fato, { agora, confirmacaoEscrita });
  }

  #mensagem(
    { clienteId, reservaId }: RegistrarFatoCommand,
    { fato = '', devidaEm, validoAte, substitui: _, ...conteudo }: Rascunho,
    agora: Date,
  ): SemCanal {
    return {
      ...conteudo,
      clienteId,
      reservaId,
      fato,
      assunto: (idioma) => this.#deps.modelos.em(idioma).assunto(conteudo),
      criadoEm: agora,
      devidaEm: devidaEm ?? new Date(agora.getTime() + esperaMs(conteudo)),
      validoAte,
      grupo: grupoDe(conteudo),
    };
  }
}
