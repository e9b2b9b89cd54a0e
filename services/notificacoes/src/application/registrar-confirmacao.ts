import type { Clock } from '@plataforma/domain/clock';
import type { IdGenerator } from '@plataforma/domain/id';
import type { DadosReservaConfirmada, NovaNotificacao } from '../domain/notificacao.ts';
import { IdRepetidoError, type Modelos, type Transacao, type UnitOfWork } from './ports.ts';

interface Deps {
  readonly ids: IdGenerator;
  readonly clock: Clock;
  readonly modelos: Modelos;
  readonly unitOfWork: UnitOfWork;
}

export interface ConfirmacaoRecebida {
  readonly consumidor: string;
  readonly mensagemId: string;
  readonly clienteId: string;
  readonly dados: DadosReservaConfirmada;
}

const MAX_IDS = 5;

/**
 * Writes down that a customer is to be told about a confirmed reservation. Whoever the customer is need not be known
 * yet: events of different streams race, and the message simply is not due before its addressee is known.
 */
export class RegistrarConfirmacao {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** The identity is fetched first: no transaction waits for the network. */
  async execute(recebida: ConfirmacaoRecebida): Promise<void> {
    for (let tentativa = 1; ; tentativa++) {
      const id = await this.#deps.ids.next('not');
      try {
        return await this.#registrar(id, recebida);
      } catch (error) {
        if (!(error instanceof IdRepetidoError) || tentativa === MAX_IDS) throw error;
      }
    }
  }

  async #registrar(
    id: string,
    { consumidor, mensagemId, clienteId, dados }: ConfirmacaoRecebida,
  ): Promise<void> {
    const { clock, modelos, unitOfWork } = this.#deps;
    const criadaEm = clock.now();
    const notificacao: NovaNotificacao = {
      id,
      clienteId,
      canal: 'EMAIL',
      modelo: 'RESERVA_CONFIRMADA',
      reservaId: dados.reservaId,
      fato: '',
      assunto: modelos.assunto({ modelo: 'RESERVA_CONFIRMADA', dados }),
      dados,
      criadaEm,
      devidaEm: criadaEm,
      validaAte: undefined,
    };
    await unitOfWork.runOnce(consumidor, mensagemId, (tx) => inserir(tx, notificacao));
  }
}

async function inserir({ fila, historico }: Transacao, notificacao: NovaNotificacao): Promise<void> {
  if (!(await fila.inserir(notificacao))) return;
  const { id, clienteId, canal, modelo, reservaId, criadaEm } = notificacao;
  await historico.registrar({
    notificacaoId: id,
    sequencia: 1,
    clienteId,
    canal,
    modelo,
    reservaId,
    tipo: 'CRIADA',
    destino: '',
    detalhe: '',
    ocorridoEm: criadaEm,
  });
}
