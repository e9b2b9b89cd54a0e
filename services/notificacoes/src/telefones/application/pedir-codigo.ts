import type { Clock } from '@plataforma/domain/clock';
import { type IdGenerator, withNewId } from '@plataforma/domain/id';
import { Result } from '@plataforma/domain/result';
import type { ClaimsKey, UnitOfWork } from '@plataforma/domain/unit-of-work';
import { anotarRetirada, escrever } from '../../mensagens/application/registro.ts';
import type { NovaNotificacao } from '../../mensagens/domain/notificacao.ts';
import type { Modelos } from '../../modelos/application/modelos.ts';
import type { Numeracao } from '../../preferencias/application/ports.ts';
import { TelefoneAusenteError, TelefoneInvalidoError } from '../../preferencias/domain/recusa.ts';
import {
  CODIGO_VALE_MS,
  CODIGOS_POR_NUMERO,
  CODIGOS_POR_PESSOA,
  type CodigoPedido,
  podePedirOutro,
} from '../domain/codigo.ts';
import { EmailNaoVerificadoError, MuitosCodigosError, SmsDesligadoError } from '../domain/recusa.ts';
import type { CodigosDeTelefone, CotaDeCodigos, Transacao } from './ports.ts';

interface Deps {
  readonly ids: IdGenerator;
  readonly clock: Clock;
  readonly modelos: Modelos;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly numeracao: Numeracao;
  readonly codigos: CodigosDeTelefone;
  /** Whether anything goes by SMS. */
  readonly ligado: boolean;
  /** Codes a day, of all people together. */
  readonly limiteDiario: number;
}

type Recusa =
  | EmailNaoVerificadoError
  | MuitosCodigosError
  | SmsDesligadoError
  | TelefoneAusenteError
  | TelefoneInvalidoError;

type Tx = Transacao & ClaimsKey;

/**
 * Sends a code to the number of a person's preferences. Each costs money, and numbers that are called for a share of it are a
 * business: so only who has proved an address asks, only mobile numbers of some countries are written to, and there are shares of a person, of a number and of all.
 * Whether the number is anybody else's is not looked at, so nothing is told of it.
 */
export class PedirCodigoHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(clienteId: string): Promise<Result<CodigoPedido, Recusa>> {
    const { ids, ligado, uow } = this.#deps;
    if (!ligado) return Result.fail(new SmsDesligadoError());
    try {
      return await withNewId(ids, 'not', (id) => uow.run((tx) => this.#pedir(tx, clienteId, id)));
    } catch (error) {
      // What was counted before the share that is full is not counted.
      if (error instanceof MuitosCodigosError) return Result.fail(error);
      throw error;
    }
  }

  async #pedir(tx: Tx, clienteId: string, id: string): Promise<Result<CodigoPedido, Recusa>> {
    const { clock, codigos } = this.#deps;
    const agora = clock.now();
    await tx.claimKey(clienteId);
    const antes = await tx.telefones.abrirCodigo(clienteId);
    const numero = await this.#numeroDe(tx, clienteId);
    if (numero.isFailure) return numero;
    if (!podePedirOutro(antes, agora)) return Result.fail(new MuitosCodigosError());
    await this.#contar(tx, clienteId, numero.value, agora);
    const codigo = codigos.novo();
    const pedido = {
      ...{ numero: numero.value, resumo: codigos.resumo(codigo, clienteId, numero.value) },
      ...{ pedidoEm: agora, validoAte: new Date(agora.getTime() + CODIGO_VALE_MS), tentativas: 0 },
    };
    await tx.telefones.guardarCodigo(clienteId, pedido);
    await this.#escrever(tx, clienteId, id, { codigo, pedido });
    return Result.ok(pedido);
  }

  async #numeroDe(tx: Tx, clienteId: string): Promise<Result<string, Recusa>> {
    if (!(await tx.telefones.temEmailVerificado(clienteId)))
      return Result.fail(new EmailNaoVerificadoError());
    const { telefone = '' } = (await tx.preferencias.findById(clienteId)) ?? {};
    if (telefone === '') return Result.fail(new TelefoneAusenteError());
    return this.#deps.numeracao.aceita(telefone)
      ? Result.ok(telefone)
      : Result.fail(new TelefoneInvalidoError());
  }

  /** All people's last: its row is locked for the shortest time. */
  async #contar(tx: Tx, clienteId: string, numero: string, agora: Date): Promise<void> {
    const cotas: readonly CotaDeCodigos[] = [
      { nome: `codigos:${clienteId}`, limite: CODIGOS_POR_PESSOA },
      { nome: `codigos:${numero}`, limite: CODIGOS_POR_NUMERO },
      { nome: 'codigos', limite: this.#deps.limiteDiario },
    ];
    const dia = agora.toISOString().slice(0, 10);
    if (!(await tx.telefones.contarCodigo(dia, cotas))) throw new MuitosCodigosError();
  }

  /** Of the codes of a person only the newest is sent: it voids the others. */
  async #escrever(
    tx: Tx,
    clienteId: string,
    id: string,
    { codigo, pedido }: { readonly codigo: string; readonly pedido: CodigoPedido },
  ): Promise<void> {
    const { numero: telefone, pedidoEm: agora, validoAte } = pedido;
    const conteudo = { modelo: 'CODIGO_DE_TELEFONE', dados: { codigo, telefone } } as const;
    const mensagem: NovaNotificacao = {
      ...conteudo,
      ...{ id, clienteId, canal: 'SMS', reservaId: '', fato: `${clienteId}/${id}`, grupo: undefined },
      assunto: (idioma) => this.#deps.modelos.em(idioma).assunto(conteudo),
      ...{ criadoEm: agora, devidaEm: agora, validoAte: validoAte },
    };
    await escrever(tx, mensagem);
    for (const retirada of await tx.fila.retirarVencidas(clienteId, 'CODIGO_DE_TELEFONE', validoAte))
      await anotarRetirada(tx, retirada, 'overtaken by a newer code', agora);
  }
}
